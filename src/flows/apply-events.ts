import { conversationKey } from '../domain/conversation-key.ts';
import type { EventOf, InboundEvent } from '../domain/event.ts';
import { tokenOf } from '../domain/link-token.ts';
import type { Part } from '../domain/part.ts';
import { step } from '../kit/step.ts';
import type { Tracer } from '../kit/tracer.ts';
import type { Queue } from '../queue/queue.ts';
import {
  addAlias,
  beginConversation,
  type Conversation,
  conversationById,
  customerActed,
  findConversation,
  keepAnswerToken,
  learn,
  moveTo,
} from '../store/conversations.ts';
import type { Tx } from '../store/database.ts';
import { dropEvents, markApplied, type WaitingEvent, waitingEvents } from '../store/events.ts';
import { lockActs } from '../store/link-acts.ts';
import { lockConversation } from '../store/locks.ts';
import { addMessage, heardUntil, type NewMessage } from '../store/messages.ts';
import { withdrawnIn } from '../store/redaction.ts';
import { openReplyParts, partAlike, partByMarker, partByPlatformId, partSent } from '../store/reply-parts.ts';
import { addReplies } from '../store/shop-webhooks.ts';
import { accountUnlinked } from './account-unlinked.ts';
import { applySaidTogether, isLate, isPlainlySaid, type SaidEvent } from './apply-said-together.ts';
import { passOverIfBlocked } from './blocked.ts';
import { checkEmail } from './check-email.ts';
import { takeConsentsTold } from './consents-told.ts';
import { keepFactsTold } from './customer-facts.ts';
import { expectFiles } from './file-follows.ts';
import { journeyOfEvent } from './journeys.ts';
import { noteOf } from './notes.ts';
import { removeMessages } from './remove-messages.ts';
import { takeReceipt } from './take-receipt.ts';
import { followThreadOwner } from './thread-owner.ts';
import { type LinkWorld, useLink } from './use-link.ts';
import { mayBringToken, tokenOfUserRef } from './user-refs.ts';
import { type ConnectedChannel, crmOf, helpdeskOf, type World } from './world.ts';

/** `applied`: how many; `conversation`: whose they were. */
export interface Applied {
  applied: number;
  conversation: Conversation | undefined;
}

/**
 * Turns the events that wait for a platform user into messages, receipts and facts, at most `limit` of them, all or none.
 * Those under an alias belong to the conversation of whoever has it, which may be another one than the name says. `trying`
 * is told the id of each before it is applied.
 */
export async function applyEvents(
  world: Pick<World, 'db'> & LinkWorld,
  connected: ConnectedChannel,
  platformUser: string,
  { limit, trying, trace }: { limit: number; trying: (event: number) => void; trace?: Tracer | undefined },
): Promise<Applied> {
  const from = trace && Date.now();
  const { events, ...applied } = await world.db.transaction().execute(async (tx) => {
    await lockConversation(tx, conversationKey(connected.account.id, platformUser));
    const waiting = await waitingEvents(tx, connected.account.id, platformUser, limit);
    const events = await withoutErased(tx, waiting);
    const already = events.length > 0 || (await findConversation(tx, connected.account.id, platformUser));
    // Nothing is known, and nothing new is told: of somebody who was forgotten.
    if (!already) return { events, applied: waiting.length, conversation: undefined };
    // Before any row is held that an administrator's act may want: they take this lock first, too.
    if (events.some(({ event }) => mayBringToken(event))) await lockActs(tx);
    const knownAs = events.flatMap(({ event }) => Object.values(event.aliases ?? {}));
    let conversation = await beginConversation(tx, connected.account.id, platformUser, knownAs);
    if (conversation.platformUser !== platformUser)
      await lockConversation(tx, conversationKey(connected.account.id, conversation.platformUser));
    for (const run of runsOf(events, trying)) {
      trying(run[0]!.id);
      if (run.length > 1) await applySaidTogether(tx, world.queue, connected, conversation, run as SaidEvent[]);
      else conversation = await apply(tx, world, connected, conversation, run[0]!);
    }
    if (world.mapping.tickets.unsend === 'redact') await removeWithdrawn(tx, world, connected, conversation);
    const told = events.map(({ event }) => event);
    await takeConsentsTold(tx, world, connected, conversation, told);
    await checkEmail(tx, world, connected, conversation, told);
    await addReplies(tx, conversation.id, saidIn(events));
    await markApplied(
      tx,
      events.map(({ id }) => id),
    );
    if (events.length > 0) step('events.applied');
    return { events, applied: waiting.length, conversation: (await conversationById(tx, conversation.id))! };
  });
  if (trace && from) trace.passed('apply', journeysIn(connected, events), from);
  return applied;
}

/** The platform's ids of what the customer said. */
const saidIn = (events: readonly WaitingEvent[]): string[] =>
  events.flatMap(({ event }) => (event.type === 'message' || event.type === 'postback' ? [event.id] : []));

/** What is told of somebody from before they were forgotten is dropped: a repeat, or a history that was read again. */
async function withoutErased(tx: Tx, waiting: readonly WaitingEvent[]): Promise<WaitingEvent[]> {
  const old = waiting.filter(({ erased }) => erased);
  await dropEvents(
    tx,
    old.map(({ id }) => id),
  );
  return waiting.filter(({ erased }) => !erased);
}

/** Whichever of the two came first, the message or the word that it was withdrawn. */
async function removeWithdrawn(
  tx: Tx,
  { queue }: Pick<World, 'queue'>,
  connected: ConnectedChannel,
  conversation: Conversation,
): Promise<void> {
  const ids = await withdrawnIn(tx, { account: conversation.account, conversation: conversation.id });
  if (ids.length > 0) await removeMessages(tx, queue, connected, conversation, ids, new Date());
}

const journeysIn = ({ account }: ConnectedChannel, events: readonly WaitingEvent[]) =>
  events.flatMap(({ event }) => journeyOfEvent(account.id, event.type, `${event.type}:${event.id}`));

/** What was said one after the other can be written in one go; everything else is applied by itself. */
function runsOf(events: readonly WaitingEvent[], trying: (event: number) => void): WaitingEvent[][] {
  const runs: WaitingEvent[][] = [];
  for (const waiting of events) {
    trying(waiting.id);
    const last = runs.at(-1);
    if (last && isPlainlySaid(last[0]!) && isPlainlySaid(waiting)) last.push(waiting);
    else runs.push([waiting]);
  }
  return runs;
}

/** Returns the conversation as it is then: a link may have told who the customer is. */
async function apply(
  tx: Tx,
  world: LinkWorld,
  connected: ConnectedChannel,
  conversation: Conversation,
  waiting: WaitingEvent,
): Promise<Conversation> {
  const { event } = waiting;
  await applyOne(tx, world, connected, conversation, waiting);
  if (event.standby) return conversation;
  if (event.type === 'account-link' && !event.linked) await accountUnlinked(tx, conversation, event.at);
  const token = tokenOf(event) ?? (await tokenOfUserRef(tx, connected, conversation.platformUser, event));
  return token === undefined ? conversation : useLink(tx, world, connected, conversation, event, token);
}

async function applyOne(
  tx: Tx,
  world: Pick<World, 'queue' | 'mapping' | 'meters' | 'notices'>,
  connected: ConnectedChannel,
  conversation: Conversation,
  { event, receivedAt }: WaitingEvent,
): Promise<void> {
  if (event.profile) await learn(tx, conversation.customer.id, event.profile);
  await keepFactsTold(tx, connected, conversation, [event]);
  for (const [kind, value] of Object.entries(event.aliases ?? {})) await addAlias(tx, conversation, kind, value);
  switch (event.type) {
    case 'message':
      if (event.public && !world.mapping.tickets.fromPublicComments) return;
      await applySaid(tx, world.queue, connected, conversation, event, receivedAt);
      if (!event.public) await followThreadOwner(tx, world.queue, connected, conversation, event);
      return;
    case 'postback':
      await applySaid(tx, world.queue, connected, conversation, event, receivedAt);
      await followThreadOwner(tx, world.queue, connected, conversation, event);
      return;
    case 'echo':
      await applyEcho(tx, world.queue, connected, conversation, event, receivedAt);
      return;
    case 'receipt':
      await takeReceipt(tx, world, connected, conversation, event);
      return;
    case 'identity':
      if (event.now) await moveTo(tx, conversation, event.now);
      await note(tx, connected, conversation, event, receivedAt);
      return;
    case 'handover':
      if (await followThreadOwner(tx, world.queue, connected, conversation, event)) return;
      await applyNoted(tx, connected, conversation, event, receivedAt);
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
  // What is said in public opens no chat; where it may be answered in private, its token says so.
  if (event.type === 'postback' || !event.public) await customerActed(tx, conversation.id, event.at);
  if (event.answerToken) await keepAnswerToken(tx, conversation.id, event.answerToken.token, event.answerToken.until);
  const quiet = event.standby || (event.type === 'message' && event.public) ? { quiet: true as const } : undefined;
  const detail = event.found || quiet ? { ...(event.found && { found: event.found }), ...quiet } : undefined;
  const message: NewMessage = {
    conversation: conversation.id,
    kind: 'said',
    author: 'customer',
    platformId: event.id,
    parts: event.parts,
    at: event.at,
    receivedAt,
    late: event.found !== undefined || isLate(event.at, receivedAt, await heardUntil(tx, conversation.id)),
    ...(detail ? { detail } : {}),
    ...(event.type === 'message' && event.replyTo ? { replyTo: event.replyTo } : {}),
  };
  const id = await addMessage(tx, message, [helpdeskOf(connected), crmOf(connected)]);
  if (id !== undefined) await expectFiles(tx, queue, id, event.parts);
  if (id !== undefined) await passOverIfBlocked(tx, connected, conversation, [id]);
  if (event.referral)
    await note(tx, connected, conversation, { ...event, type: 'referral', referral: event.referral }, receivedAt);
}

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
  if (event.found || channel.echoesUnmarked) return (await partAlike(tx, conversation.id, event)) ?? 'elsewhere';
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
  const { label, inboxAppIds = [] } = connected.channel;
  const fromInbox = !event.found && (event.appId === undefined || inboxAppIds.includes(event.appId));
  // A platform's history does not tell which of the two it was; it may be an app that writes to many.
  const where = event.found
    ? `${label} (inbox or another app)`
    : `${label} ${fromInbox ? 'inbox' : `app ${event.appId}`}`;
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
      late: event.found !== undefined || isLate(event.at, receivedAt, await heardUntil(tx, conversation.id)),
      detail: {
        authorName: where,
        ...(fromInbox ? {} : { onlyIfOpen: true }),
        ...(event.found ? { found: event.found } : {}),
      },
    },
    [helpdeskOf(connected), crmOf(connected)],
  );
  if (id !== undefined) await expectFiles(tx, queue, id, event.parts);
  if (id !== undefined) await passOverIfBlocked(tx, connected, conversation, [id]);
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
  // After the messages around it, which may have to open the ticket first.
  const special =
    event.type === 'missed'
      ? { at: receivedAt, detail: { mustBeSeen: true } }
      : { at: event.at, ...(event.type === 'referral' ? { detail: { referral: event.referral } } : {}) };
  const id = await addMessage(
    tx,
    { conversation: conversation.id, kind: 'note', author: 'service', platformId, parts, receivedAt, ...special },
    [helpdeskOf(connected)],
  );
  if (id !== undefined) await passOverIfBlocked(tx, connected, conversation, [id]);
}
