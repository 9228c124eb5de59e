import type { ReplyBody } from '../store/reply-parts.ts';

/**
 * An agent's public comment that asks for an approved template instead of being one: `/template name language`, then a line
 * for each parameter, in order, or as `name: value` where the template names them. Undefined for any other comment. Without a
 * language it is English.
 */
export function templateCommand(text: string): Extract<ReplyBody, { type: 'template' }> | undefined {
  const [command = '', ...lines] = text.trim().split(/\r?\n/);
  const [, name, language = 'en'] = /^\/template\s+(\S+)(?:\s+(\S+))?\s*$/.exec(command) ?? [];
  if (!name) return undefined;
  return {
    type: 'template',
    name,
    language,
    parameters: lines.map((line) => line.trim()).filter((line) => line !== ''),
  };
}
