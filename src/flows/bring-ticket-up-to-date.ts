import { milliseconds, minutes, seconds } from '../domain/duration.ts';
import { waitBeforeComment } from '../domain/pace.ts';
import { isMedia } from '../domain/part.ts';
import { helpdeskTarget } from '../domain/target.ts';
import { traced } from '../kit/tracer.ts';
import { allDone, type CatchUp, leftFor } from '../queue/queue.ts';
import { commentTimes, openComment } from '../store/comments.ts';
import type { Conversation } from '../store/conversations.ts';
import { endDeliveries } from '../store/deliveries.ts';
import { type Message, mostAtOnce, waitingFor } from '../store/messages.ts';
import { commentRefused } from './comment-ended.ts';
import { finishTold } from './finish-told.ts';
import { journeysOf } from './journeys.ts';
import { knowPerson } from './know-person.ts';
import { redactOnTickets } from './redact-on-tickets.ts';
import { settleComment } from './settle-comment.ts';
import { type Place, ticketFor } from './ticket-for.ts';
import { type TicketWork, tryAgainLater, type Written } from './ticket-work.ts';
import { unlessPoison } from './unless-poison.ts';
import type { ConnectedChannel, World } from './world.ts';
import { writeComment } from './write-comment.ts';

/**
 * Writes what waits for the helpdesk, in order: what was said together becomes one comment. First, a comment whose fate
 * is not known (the process died, or the answer was lost) is looked up.
 */
export async function bringTicketUpToDate(
  world: World,
  connected: ConnectedChannel,
  conversation: Conversation,
): Promise<CatchUp> {
  const helpdesk = world.helpdesks.get(connected.account.helpdesk ?? '');
  const work = helpdesk && { world, connected, conversation, helpdesk, target: helpdeskTarget(helpdesk.id) };
  const paused = work && (await world.health.pauseOf(work.target));
  const ended = work && !paused ? await writeAllWaiting(work) : allDone;
  if (ended.left) return ended;
  const finished = work && !paused ? await finishTold(work) : allDone;
  if (finished.left) return finished;
  if (connected.account.crm) await world.queue.wakeLater({ queue: 'history', key: String(conversation.id) });
  return work && !paused ? nameFollows(work) : allDone;
}

const askAgain = seconds(10);
const askFor = minutes(60);

/**
 * A profile that could not be had when the ticket was opened is asked for again, so that the ticket gets its name. Costs
 * no call when there is nothing new.
 */
async function nameFollows(work: TicketWork): Promise<CatchUp> {
  const { world } = work;
  if (!work.conversation.person) return allDone;
  await knowPerson(work);
  const age = world.tools.clock.now().getTime() - (work.conversation.lastCustomerAt?.getTime() ?? 0);
  const known = work.conversation.profileAt || !work.connected.channel.fetchProfile;
  return known || age > askFor ? allDone : leftFor(askAgain);
}

async function writeAllWaiting(work: TicketWork): Promise<CatchUp> {
  let oneByOne = false;
  for (;;) {
    const open = await openComment(work.world.db, work.conversation.id);
    if (open) {
      const settled = await settleComment(work, open);
      if (settled.left) return settled;
      continue;
    }
    const waiting = await waitingFor(work.world.db, work.target, work.conversation.id);
    const [first] = waiting;
    if (!first) return allDone;
    if (first.kind === 'redaction') {
      const redacted = await redactOrPark(work, first);
      if (redacted.left) return redacted;
      continue;
    }
    const place = await ticketFor(work, first);
    if ('left' in place) return place;
    if ('nowhere' in place) {
      await skip(work, first, place.nowhere);
      continue;
    }
    const askedAt = performance.now();
    const turn = await turnFor(work, place, first);
    if (turn.left) return turn;
    // What came while it was waited goes along, unless it comes before.
    const waited = performance.now() - askedAt > worthALook;
    const all = waited ? await waitingFor(work.world.db, work.target, work.conversation.id) : waiting;
    const [next, ...rest] = all;
    if (next?.id !== first.id) continue;
    const group = togetherWith(first, oneByOne ? [] : rest, work.helpdesk.limits.commentLength);
    const written = await writeOrRefuse(work, place, group);
    if (written.left) return written;
    oneByOne = written.refused === true;
    // Whoever adds more meanwhile wakes this job again. But a ticket that was opened may have been waited for, and of a long
    // backlog only so many are read at a time.
    const toTheEnd = written.whole && group.length === all.length && all.length < mostAtOnce;
    if (toTheEnd && 'ticket' in place) return allDone;
  }
}

async function redactOrPark(work: TicketWork, order: Message): Promise<CatchUp> {
  const redacted = await unlessPoison(work.world, work.target, [order.id], () => redactOnTickets(work, order));
  return 'poison' in redacted ? commentRefused(work, [order], redacted.poison) : redacted;
}

async function writeOrRefuse(work: TicketWork, place: Place, group: readonly Message[]): Promise<Written> {
  const ids = group.map(({ id }) => id);
  const written = await unlessPoison(work.world, work.target, ids, () =>
    traced(
      work.world.tools.trace,
      'ticket',
      () => journeysOf(work.connected.account.id, group),
      () => writeComment(work, place, group),
    ),
  );
  return 'poison' in written ? commentRefused(work, group, written.poison) : written;
}

/** A ticket takes so many comments in a while, and the helpdesk so many calls. */
async function turnFor(work: TicketWork, place: Place, first: Message): Promise<CatchUp> {
  if ('ticket' in place && !work.helpdesk.session.pushes) {
    const wait = waitBeforeComment(await commentTimes(work.world.db, place.ticket.id), work.world.tools.clock.now());
    if (wait > 0) return leftFor(wait);
  }
  const turn = await work.helpdesk.session.takeTurn('ticket' in place ? 'comment' : 'ticket');
  if (turn.result === 'done') return allDone;
  const trouble = turn.result === 'never' ? { result: 'later' as const, why: turn.why } : turn;
  return tryAgainLater(work.world, work.target, trouble, [first.id], first.attempts);
}

/** What has no ticket to go to stays in the ledger with its reason; what somebody waits for is parked for a person. */
async function skip({ world, target }: TicketWork, message: Message, why: string): Promise<void> {
  await endDeliveries(world.db, target, [message.id], message.detail.mustBeSeen ? 'parked' : 'skipped', why);
  world.meters.delivery(target, 'skipped');
}

const mostFiles = 20;

/** A turn that took longer was waited for, and more may have come meanwhile. */
const worthALook = milliseconds(100);

/** The run of messages that can share a comment: same author, same kind, same ticket if they name one. */
function togetherWith(first: Message, rest: readonly Message[], commentLength: number): Message[] {
  const group = [first];
  let length = lengthOf(first);
  let files = filesOf(first);
  for (const message of rest) {
    length += lengthOf(message);
    files += filesOf(message);
    if (!alike(first, message) || length > commentLength || files > mostFiles) break;
    group.push(message);
  }
  return group;
}

const alike = (a: Message, b: Message) =>
  a.kind === b.kind && a.author === b.author && a.ticket === b.ticket && a.detail.authorName === b.detail.authorName;

/** Never throws: a message that is broken has to be found out by itself, where it is written. */
const filesOf = ({ parts }: Message) => parts.filter((part) => part !== null && isMedia(part)).length;

const lengthOf = (message: Message) => JSON.stringify(message.parts).length;
