import type { EventOf } from '../domain/event.ts';
import type { MessageId } from '../domain/ids.ts';
import { channelTarget } from '../domain/target.ts';
import type { Conversation } from '../store/conversations.ts';
import type { Tx } from '../store/database.ts';
import { parkDelivery } from '../store/deliveries.ts';
import { messagesByIds } from '../store/messages.ts';
import { noticeOfMessage } from '../store/notices.ts';
import { applyReceipt, partByMarker, partSent, partsByIds, type ReplyPart } from '../store/reply-parts.ts';
import { asFarAsFitFor } from './fit-for.ts';
import { noticeTold } from './notice-ended.ts';
import { optedOutThere } from './opted-out-there.ts';
import { replyInWords } from './reply-words.ts';
import { tellAgents } from './tell-agents.ts';
import { type ConnectedChannel, mappingContext, type World } from './world.ts';

/**
 * What the platform tells of a bubble that was sent. A marker settles a send whose answer was lost; a failure after the
 * platform had accepted the bubble is told to its agent like one at the time of sending.
 */
export async function takeReceipt(
  tx: Tx,
  world: Pick<World, 'queue' | 'mapping' | 'meters' | 'notices'>,
  connected: ConnectedChannel,
  conversation: Conversation,
  event: EventOf<'receipt'>,
): Promise<void> {
  const marked = event.marker === undefined ? undefined : await partByMarker(tx, event.marker);
  if (marked && marked.conversation === conversation.id)
    await partSent(tx, marked.id, event.of[0] as MessageId | undefined, event.at);
  const changed = await applyReceipt(tx, conversation.id, event);
  if (changed.length === 0 && !marked) return;
  const parts = await partsByIds(tx, [...changed, ...(marked ? [marked.id] : [])]);
  const notices = await takeNoticeReceipt(tx, world, parts, event);
  const ofReplies = parts
    .filter(({ id, message }) => changed.includes(id) && !notices.has(message))
    .map(({ id }) => id);
  if (event.state === 'failed') {
    const refused = { code: event.code, of: event.of[0] ?? event.id, at: event.at };
    await optedOutThere(tx, world, connected, conversation, refused);
    await tellFailed(tx, world, connected, conversation, event, ofReplies);
  }
  await world.queue.wake(tx, [{ queue: 'sends', key: String(conversation.id) }]);
}

/** Returns the messages among these that are notices. */
async function takeNoticeReceipt(
  tx: Tx,
  world: Pick<World, 'queue' | 'meters'>,
  parts: readonly ReplyPart[],
  event: EventOf<'receipt'>,
): Promise<Set<number>> {
  const found = new Set<number>();
  for (const message of new Set(parts.map((part) => part.message))) {
    const notice = await noticeOfMessage(tx, message);
    if (!notice) continue;
    found.add(message);
    await noticeTold(tx, world, notice, { ...event, message });
  }
  return found;
}

async function tellFailed(
  tx: Tx,
  { queue, mapping }: Pick<World, 'queue' | 'mapping'>,
  connected: ConnectedChannel,
  conversation: Conversation,
  event: EventOf<'receipt'>,
  changed: readonly number[],
): Promise<void> {
  const reason = (event.why ?? `${connected.channel.label} could not deliver it`).replace(/\.+$/, '');
  const failed = new Set((await partsByIds(tx, changed)).map(({ message }) => message));
  for (const message of await messagesByIds(tx, [...failed])) {
    await parkDelivery(tx, channelTarget(connected.account.id), message.id, reason);
    const told = mapping.notes.replyFailed({
      ...mappingContext(connected, asFarAsFitFor('showOnTicket', mapping, conversation)),
      reason,
    });
    await tellAgents(tx, queue, connected, {
      conversation: conversation.id,
      platformUser: conversation.platformUser,
      ...(message.ticket ? { ticket: message.ticket } : {}),
      text: `${told}\n\n${replyInWords(message.parts)}`,
      tags: [mapping.tickets.failureTag],
      at: event.at,
      cause: `failed:${message.id}`,
    });
  }
}
