import { type MaySend, maySend } from '../domain/window.ts';
import { type ReplyPart, sentSince } from '../store/reply-parts.ts';
import type { SendWork } from './send-work.ts';

/**
 * Whether, and by what right, this bubble may go now; with what an agent can do instead if it may not. While an answer token
 * holds, a text may answer what brought it, whether a window is open or not.
 */
export async function maySendNow(
  { world, conversation, connected }: SendWork,
  { body, startedAt, answerToken }: Pick<ReplyPart, 'body' | 'startedAt' | 'answerToken'>,
): Promise<MaySend | { right: 'template' }> {
  if (body.type === 'template') return { right: 'template' };
  const { channel, account } = connected;
  const { window, humanAgentWindow, messagesPerWindow, afterWindow } = channel.limits;
  const mayAsHuman = channel.mayWriteAsHuman?.(account) && humanAgentWindow;
  const since = messagesPerWindow === undefined ? undefined : conversation.lastCustomerAt;
  const may = maySend(conversation.lastCustomerAt, world.tools.clock.now(), {
    ...(window ? { window } : {}),
    ...(mayAsHuman ? { humanAgentWindow } : {}),
    ...(since ? { messagesLeft: messagesPerWindow! - (await sentSince(world.db, conversation.id, since)) } : {}),
  });
  if (may.right === 'human-agent' && body.type === 'text' && body.automatic) return tooLate;
  if (may.right !== 'none') return may;
  const answerable = startedAt ? answerToken?.until : conversation.answerableUntil;
  if (body.type === 'text' && answerable && answerable > world.tools.clock.now()) return { right: 'response' };
  const instead = afterWindow ?? (channel.listTemplates ? templateHint : undefined);
  return instead ? { ...may, why: `${may.why}; ${instead}` } : may;
}

const tooLate: MaySend = {
  right: 'none',
  why: 'the time is over in which the platform takes what no person wrote',
};

/** How an agent sends a template from the ticket; read by `templateCommand`. */
const templateHint =
  'to write anyway, send an approved template: a public comment “/template name language”, then one line for each of its blanks';
