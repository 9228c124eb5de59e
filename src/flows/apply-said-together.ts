import { minutes } from '../domain/duration.ts';
import type { EventOf } from '../domain/event.ts';
import { tokenOf } from '../domain/link-token.ts';
import { isMedia } from '../domain/part.ts';
import type { Queue } from '../queue/queue.ts';
import { type Conversation, customerActed, keepAnswerToken, learn } from '../store/conversations.ts';
import type { Tx } from '../store/database.ts';
import type { WaitingEvent } from '../store/events.ts';
import { addSaid, heardUntil } from '../store/messages.ts';
import { passOverIfBlocked } from './blocked.ts';
import { keepFactsTold } from './customer-facts.ts';
import { expectFiles } from './file-follows.ts';
import { followThreadOwner } from './thread-owner.ts';
import { type ConnectedChannel, crmOf, helpdeskOf } from './world.ts';

/** Something a customer said with nothing about it that wants a note or a rule of its own. */
export type SaidEvent = WaitingEvent & { event: EventOf<'message'> | EventOf<'postback'> };

export const isPlainlySaid = ({ event }: WaitingEvent): boolean =>
  (event.type === 'postback' || (event.type === 'message' && !event.public)) &&
  !event.found &&
  !event.standby &&
  !event.referral &&
  tokenOf(event) === undefined;

/** Older than this on arrival, a message says that it arrived late. */
const lateAfter = minutes(15);

/** Whether a message came so late that its place in the conversation is not where it stands. */
export const isLate = (at: Date, receivedAt: Date, heard: Date | undefined): boolean =>
  receivedAt.getTime() - at.getTime() > lateAfter || (heard !== undefined && heard > at);

/** Does for a whole run what would else be done for each: a burst costs as many queries as one message. */
export async function applySaidTogether(
  tx: Tx,
  queue: Queue,
  connected: ConnectedChannel,
  conversation: Conversation,
  run: readonly SaidEvent[],
): Promise<void> {
  const events = run.map(({ event }) => event);
  const last = events.at(-1)!;
  await customerActed(tx, conversation.id, last.at);
  await learn(tx, conversation.customer.id, Object.assign({}, ...events.map(({ profile }) => profile)));
  await keepFactsTold(tx, connected, conversation, events);
  const given = events.findLast(({ answerToken }) => answerToken)?.answerToken;
  if (given) await keepAnswerToken(tx, conversation.id, given.token, given.until);
  const heard = await heardUntil(tx, conversation.id);
  const said = run.map(({ event, receivedAt }) => ({
    platformId: event.id,
    parts: event.parts,
    at: event.at,
    receivedAt,
    late: isLate(event.at, receivedAt, heard),
    ...(event.type === 'message' && event.replyTo ? { replyTo: event.replyTo } : {}),
  }));
  const ids = await addSaid(tx, conversation.id, said, [helpdeskOf(connected), crmOf(connected)]);
  await passOverIfBlocked(tx, connected, conversation, [...ids.values()]);
  for (const { id, parts } of events) {
    const message = ids.get(id);
    if (message !== undefined && parts.some(isMedia)) await expectFiles(tx, queue, message, parts);
  }
  await followThreadOwner(tx, queue, connected, conversation, last);
}
