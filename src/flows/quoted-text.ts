import type { Part } from '../domain/part.ts';
import { readableParts } from '../domain/readable-parts.ts';
import type { Queryable } from '../store/database.ts';
import { messageByPlatformId } from '../store/messages.ts';
import { partByPlatformId } from '../store/reply-parts.ts';

/** The first words of a message of the conversation, the customer's or a bubble of an agent's reply. */
export const quotedText = async (
  db: Queryable,
  conversation: number,
  platformId: string,
): Promise<string | undefined> => (await quoted(db, conversation, platformId))?.text;

/** The same, with the message it is of. */
export async function quoted(
  db: Queryable,
  conversation: number,
  platformId: string,
): Promise<{ message: number; text: string } | undefined> {
  const message = await messageByPlatformId(db, conversation, platformId);
  if (message) return { message: message.id, text: quoteOf(message.parts) };
  const bubble = await partByPlatformId(db, conversation, platformId);
  if (!bubble) return undefined;
  return { message: bubble.message, text: shortened('text' in bubble.body ? bubble.body.text : bubble.body.name) };
}

/** The first words of a message, as notes and answers quote them. */
export const quoteOf = (parts: readonly Part[]): string => shortened(readableParts(parts));

/** Enough of a text to know it again. */
export function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= 80 ? line : `${line.slice(0, 79)}…`;
}
