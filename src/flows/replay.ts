import { conversationKey } from '../domain/conversation-key.ts';
import type { WakeUp } from '../queue/wake-up.ts';
import { audited } from '../store/audit.ts';
import { conversationById, findConversation } from '../store/conversations.ts';
import type { Queryable, Tx } from '../store/database.ts';
import { messagesByIds } from '../store/messages.ts';
import { parkedKey } from '../store/parked.ts';
import { countParkedEvents, type EventScope, rearmEvents, unappliedIn } from '../store/parked-events.ts';
import {
  isKnown,
  markLate,
  type ParkedDelivery,
  parkedIn,
  type ReplayScope,
  rearmDeliveries,
  rearmReplyParts,
  settledIn,
  waitingIn,
} from '../store/replay.ts';
import { type Operations, wakeAll } from './operations.ts';
import { wakeUpFor } from './wake-waiting.ts';

/** What to do again. A range is by when the messages were taken in. */
export type ReplayWhat =
  | { parked: string }
  | { message: number }
  | { conversation: number }
  | { account: string; platformUser: string }
  | { since: Date; until: Date };

export interface ReplayRequest {
  what: ReplayWhat;
  /** Only for this target. */
  target?: string | undefined;
  /** Send a bubble again even if the platform cannot tell whether it arrived. */
  resendUnsure: boolean;
  /** Tell what would be done, do nothing. */
  dryRun: boolean;
  /** Who asks: `cli:ann`, `key:shop`. */
  who: string;
}

export interface ReplayReport {
  dryRun: boolean;
  /** Parked deliveries that wait again, and the first hundred of them by id. */
  replayed: number;
  ids: string[];
  /** Parked events that are applied again. */
  events: number;
  /** Bubbles whose fate is not known: looked up before anything is sent. */
  unsure: number;
  /** What waited already; its jobs were woken. */
  waiting: number;
  /** Done or skipped already, and left alone. Absent for a range. */
  settled?: number;
}

interface Scopes {
  subject: string;
  deliveries?: ReplayScope;
  events?: EventScope;
  conversation?: { account: string; platformUser: string };
}

/** More than this in one request is left for the next. */
const most = 50_000;
const chunk = 500;

/**
 * Does again what is not done, and only that: parked work waits again, bubbles of unknown fate are looked up, what is
 * done stays done, and jobs that may be lost are woken. However often and by however many it is asked, each parked thing
 * goes back to waiting once. Undefined: there is no such message, conversation or parked thing.
 */
export async function replay(operations: Operations, request: ReplayRequest): Promise<ReplayReport | undefined> {
  const { db } = operations;
  const scopes = await scopesOf(operations, request.what);
  if (!scopes) return undefined;
  const { deliveries, events } = scopes;
  const found = deliveries ? await parkedIn(db, deliveries, request.target, most) : [];
  const mayEvents = events && !request.target ? events : undefined;
  const waiting = deliveries ? await waitingIn(db, deliveries, request.target) : [];
  const report: ReplayReport = {
    dryRun: request.dryRun,
    ...summaryOf(found),
    events: mayEvents ? await countParkedEvents(db, mayEvents) : 0,
    waiting: waiting.length,
    ...(deliveries && !('since' in deliveries) ? { settled: await settledIn(db, deliveries, request.target) } : {}),
  };
  if (request.dryRun) return report;
  await audited(db, auditOf(request, scopes.subject, report));
  const rearmed = await rearmAll(operations, found, request.resendUnsure);
  const again = mayEvents ? await rearmEvents(db, mayEvents) : [];
  const left = 'since' in request.what ? await unappliedIn(db, request.what) : [scopes.conversation ?? []].flat();
  const conversations: WakeUp[] = [...again, ...left].map(conversationWakeUp);
  await wakeAll(operations, [
    ...[...rearmed.wakeUps, ...waiting].map((each) => wakeUpFor(each.target, each)),
    ...conversations,
  ]);
  return { ...report, ...summaryOf(rearmed.done), events: again.length };
}

function summaryOf(found: readonly ParkedDelivery[]): Pick<ReplayReport, 'replayed' | 'ids' | 'unsure'> {
  return {
    replayed: found.length,
    ids: found.slice(0, 100).map(({ message, target }) => `${message}:${target}`),
    unsure: found.reduce((sum, { unsure }) => sum + unsure, 0),
  };
}

const auditOf = ({ who, target, resendUnsure }: ReplayRequest, subject: string, report: ReplayReport) => ({
  who,
  what: 'replay' as const,
  subject,
  detail: { ...(target ? { target } : {}), resendUnsure, replayed: report.replayed, events: report.events },
});

async function scopesOf({ db }: Operations, what: ReplayWhat): Promise<Scopes | undefined> {
  if ('since' in what) {
    const range = { since: what.since, until: what.until };
    const subject = `${what.since.toISOString()}..${what.until.toISOString()}`;
    return { subject, deliveries: range, events: range };
  }
  if ('parked' in what) return scopesOfParked(db, what.parked);
  if ('message' in what) {
    const [message] = await messagesByIds(db, [what.message]);
    return message && { subject: `message ${message.id}`, deliveries: { message: message.id } };
  }
  const conversation =
    'conversation' in what
      ? await conversationById(db, what.conversation)
      : await findConversation(db, what.account, what.platformUser);
  if (conversation) {
    const whose = { account: conversation.account, platformUser: conversation.platformUser };
    const deliveries = { conversation: conversation.id };
    return { subject: `conversation ${conversation.id}`, deliveries, events: whose, conversation: whose };
  }
  return 'account' in what ? scopesOfStranger(what) : undefined;
}

async function scopesOfParked(db: Queryable, id: string): Promise<Scopes | undefined> {
  const key = parkedKey(id);
  if (!key || !(await isKnown(db, key))) return undefined;
  return 'event' in key ? { subject: id, events: key } : { subject: id, deliveries: key };
}

/** Somebody whose conversation could not even begin: the very first event may be the parked one. */
const scopesOfStranger = (whose: { account: string; platformUser: string }): Scopes => ({
  subject: 'a conversation that has not begun',
  events: whose,
  conversation: whose,
});

async function rearmAll(
  { db }: Operations,
  found: readonly ParkedDelivery[],
  resendUnsure: boolean,
): Promise<{ wakeUps: Awaited<ReturnType<typeof rearmDeliveries>>; done: ParkedDelivery[] }> {
  const wakeUps: Awaited<ReturnType<typeof rearmDeliveries>> = [];
  for (let start = 0; start < found.length; start += chunk) {
    const part = found.slice(start, start + chunk);
    wakeUps.push(...(await db.transaction().execute((tx) => rearm(tx, part, resendUnsure))));
  }
  const names = new Set(wakeUps.map(({ message, target }) => `${message}:${target}`));
  return { wakeUps, done: found.filter(({ message, target }) => names.has(`${message}:${target}`)) };
}

async function rearm(tx: Tx, found: readonly ParkedDelivery[], resendUnsure: boolean) {
  const rearmed = await rearmDeliveries(tx, found);
  const messagesTo = (kind: string) =>
    rearmed.filter(({ target }) => target.startsWith(kind)).map(({ message }) => message);
  await rearmReplyParts(tx, messagesTo('channel:'), resendUnsure);
  await markLate(tx, messagesTo('helpdesk:'));
  return rearmed;
}

const conversationWakeUp = ({ account, platformUser }: { account: string; platformUser: string }): WakeUp => ({
  queue: 'conversation',
  key: conversationKey(account, platformUser),
});
