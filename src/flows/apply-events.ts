import { minutes } from '../domain/duration.ts';
import type { EventOf, InboundEvent } from '../domain/event.ts';
import type { Part } from '../domain/part.ts';
import { channelTarget } from '../domain/target.ts';
import type { Queue } from '../queue/queue.ts';
import {
  beginConversation,
  type Conversation,
  conversationById,
  customerActed,
  learn,
} from '../store/conversations.ts';
import type { Tx } from '../store/database.ts';
import { markApplied, type WaitingEvent, waitingEvents } from '../store/events.ts';
import { lockConversation } from '../store/locks.ts';
import { addMessage, type NewMessage, saidAfter } from '../store/messages.ts';
import { applyReceipt, openReplyParts, partByMarker, partByPlatformId, partSent } from '../store/reply-parts.ts';
import { markBroken, markMended } from '../store/target-states.ts';
import { toldAboutThemselves } from './customer-facts.ts';
import { expectFiles } from './file-follows.ts';
import { noteOf } from './notes.ts';
import { type ConnectedChannel, conversationKey, crmOf, helpdeskOf, type World } from './world.ts';

/** Older than this on arrival, a message says that it arrived late. */
const lateAfter = minutes(15);

/** Turns the events that wait for a conversation into messages, receipts and facts. Undefined: nobody's conversation. */
export async function applyEvents(
  world: Pick<World, 'db' | 'queue'>,
  connected: ConnectedChannel,
  platformUser: string,
): Promise<Conversation | undefined> {
  return world.db.transaction().execute(async (tx) => {
    await lockConversation(tx, conversationKey(connected.account.id, platformUser));
    const events = await waitingEvents(tx, connected.account.id, platformUser);
    if (platformUser === '') await applyToAccount(tx, connected, events);
    const conversation =
      platformUser === '' ? undefined : await beginConversation(tx, connected.account.id, platformUser);
    if (conversation) for (const waiting of events) await apply(tx, world, connected, conversation, waiting);
    await markApplied(
      tx,
      events.map(({ id }) => id),
    );
    return conversation && conversationById(tx, conversation.id);
  });
}

/** What concerns the account itself. */
async function applyToAccount(tx: Tx, { account }: ConnectedChannel, events: WaitingEvent[]): Promise<void> {
  const target = channelTarget(account.id);
  for (const { event } of events) {
    if (event.type !== 'policy') continue;
    if (event.action === 'block')
      await markBroken(tx, target, `the platform blocked this account: ${event.why ?? 'no reason given'}`);
    if (event.action === 'unblock') await markMended(tx, target);
  }
}

async function apply(
  tx: Tx,
  { queue }: Pick<World, 'queue'>,
  connected: ConnectedChannel,
  conversation: Conversation,
  { event, receivedAt }: WaitingEvent,
): Promise<void> {
  switch (event.type) {
    case 'message':
    case 'postback':
      await applySaid(tx, queue, connected, conversation, event, receivedAt);
      return;
    case 'echo':
      await applyEcho(tx, queue, connected, conversation, event, receivedAt);
      return;
    case 'receipt':
      if ((await applyReceipt(tx, conversation.id, event)).length > 0) {
        await queue.wake(tx, [{ queue: 'sends', key: String(conversation.id) }]);
      }
      return;
    default:
      await applyNoted(tx, connected, conversation, event, receivedAt);
  }
}

async function applySaid(
  tx: Tx,
  queue: Queue,
  connected: ConnectedChannel,
  conversation: Conversation,
  event: EventOf<'message'> | EventOf<'postback'>,
  receivedAt: Date,
): Promise<void> {
  await customerActed(tx, conversation.id, event.at);
  await learn(tx, conversation.customer.id, toldAboutThemselves(event.parts));
  const message: NewMessage = {
    conversation: conversation.id,
    kind: 'said',
    author: 'customer',
    platformId: event.id,
    parts: event.parts,
    at: event.at,
    receivedAt,
    late: await isLate(tx, conversation.id, event.at, receivedAt),
    ...(event.type === 'message' && event.replyTo ? { replyTo: event.replyTo } : {}),
  };
  const id = await addMessage(tx, message, [helpdeskOf(connected), crmOf(connected)]);
  if (id !== undefined) await expectFiles(tx, queue, id, event.parts);
  if (event.referral)
    await note(tx, connected, conversation, { ...event, type: 'referral', referral: event.referral }, receivedAt);
}

const isLate = async (tx: Tx, conversation: number, at: Date, receivedAt: Date) =>
  receivedAt.getTime() - at.getTime() > lateAfter || (await saidAfter(tx, conversation, at));

/** Our own sends told back confirm them; what a person typed elsewhere goes on the ticket. */
async function applyEcho(
  tx: Tx,
  queue: Queue,
  connected: ConnectedChannel,
  conversation: Conversation,
  event: EventOf<'echo'>,
  receivedAt: Date,
): Promise<void> {
  const own = await ownPart(tx, connected, conversation, event);
  if (own === 'elsewhere') {
    await applyInboxReply(tx, queue, connected, conversation, event, receivedAt);
    return;
  }
  if (own !== undefined) await partSent(tx, own, event.id, event.at);
}

/** The bubble this echo is of; `elsewhere` if somebody else sent it; undefined if it is ours but cannot be told which. */
async function ownPart(
  tx: Tx,
  { channel, account }: ConnectedChannel,
  conversation: Conversation,
  event: EventOf<'echo'>,
): Promise<number | 'elsewhere' | undefined> {
  const marked = event.marker === undefined ? undefined : await partByMarker(tx, event.marker);
  const known = marked ?? (await partByPlatformId(tx, conversation.id, event.id));
  if (known) return known.id;
  if (event.appId === undefined || event.appId !== channel.appIdOf?.(account)) return 'elsewhere';
  const sending = (await openReplyParts(tx, conversation.id)).filter((part) => part.state === 'sending');
  return sending.length === 1 ? sending[0]!.id : undefined;
}

async function applyInboxReply(
  tx: Tx,
  queue: Queue,
  connected: ConnectedChannel,
  conversation: Conversation,
  event: EventOf<'echo'>,
  receivedAt: Date,
): Promise<void> {
  const fromInbox = event.appId === undefined || (connected.channel.inboxAppIds ?? []).includes(event.appId);
  const where = `${connected.channel.label} ${fromInbox ? 'inbox' : `app ${event.appId}`}`;
  const id = await addMessage(
    tx,
    {
      conversation: conversation.id,
      kind: 'said',
      author: 'inbox',
      platformId: event.id,
      parts: event.parts,
      at: event.at,
      receivedAt,
      late: await isLate(tx, conversation.id, event.at, receivedAt),
      detail: { authorName: where, ...(fromInbox ? {} : { onlyIfOpen: true }) },
    },
    [helpdeskOf(connected), crmOf(connected)],
  );
  if (id !== undefined) await expectFiles(tx, queue, id, event.parts);
}

async function applyNoted(
  tx: Tx,
  connected: ConnectedChannel,
  conversation: Conversation,
  event: InboundEvent,
  receivedAt: Date,
): Promise<void> {
  if (event.type === 'reaction' || event.type === 'referral') await customerActed(tx, conversation.id, event.at);
  await note(tx, connected, conversation, event, receivedAt);
}

async function note(
  tx: Tx,
  connected: ConnectedChannel,
  conversation: Conversation,
  event: InboundEvent,
  receivedAt: Date,
): Promise<void> {
  const text = await noteOf(tx, conversation.id, event);
  if (text === undefined) return;
  const parts: Part[] = [{ type: 'text', text }];
  const platformId = `${event.type}:${event.id}`;
  await addMessage(
    tx,
    { conversation: conversation.id, kind: 'note', author: 'service', platformId, parts, at: event.at, receivedAt },
    [helpdeskOf(connected)],
  );
}
