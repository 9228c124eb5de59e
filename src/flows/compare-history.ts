import type { HistoryPage } from '../channels/channel.ts';
import { type Duration, milliseconds, minutes, seconds } from '../domain/duration.ts';
import { conversationUser, type InboundEvent } from '../domain/event.ts';
import type { Trouble } from '../domain/outcome.ts';
import { backoffMs } from '../kit/backoff.ts';
import { countSaid, knownMessages } from '../store/known-messages.ts';
import { endReconciliation, type Reconciliation, saveProgress } from '../store/reconciliations.ts';
import { placeFound } from './place-found.ts';
import { channelEvent, makeTakeIn } from './take-in-webhook.ts';
import type { ConnectedChannel, World } from './world.ts';

export type ReconcilingWorld = Pick<World, 'db' | 'queue' | 'tools' | 'meters' | 'channels'>;

/** The strictest platform allows two such calls a second for an account. */
const betweenPages = milliseconds(600);
/** pg-boss takes a job for dead after ten minutes. */
const workFor = minutes(6);

type CompareEnded = { result: 'done'; run: Reconciliation } | { result: 'later'; after: Duration };

/**
 * Reads the platform's history page by page, takes in what the ledger lacks, and keeps how far it got, so that it can
 * go on after a pause. `run` is brought up to date.
 */
export async function compareHistory(
  world: ReconcilingWorld,
  connected: ConnectedChannel,
  run: Reconciliation,
): Promise<CompareEnded> {
  const stopAt = world.tools.clock.now().getTime() + workFor;
  const read = await readOn(world, connected, run, stopAt);
  const trouble = read === 'several pages' ? await readAnew(world, connected, run) : read;
  if (trouble === undefined || trouble === 'one page')
    return { result: 'done', run: await ended(world, connected, run) };
  if (trouble.result === 'later') return { result: 'later', after: trouble.after ?? milliseconds(backoffMs(5)) };
  return { result: 'done', run: await ended(world, connected, run, trouble.why) };
}

/** All pages, from where the last attempt stopped. */
async function readOn(
  world: ReconcilingWorld,
  connected: ConnectedChannel,
  run: Reconciliation,
  stopAt: number,
): Promise<Trouble | 'one page' | 'several pages'> {
  let pages: 'one page' | 'several pages' = run.page === undefined ? 'one page' : 'several pages';
  for (;;) {
    const page = await read(world, connected, run, run.page);
    if ('result' in page) return page;
    const mismatch = await takeInPage(world, connected, run, page);
    if (mismatch) return { result: 'never', why: mismatch };
    run.page = page.next;
    await saveProgress(world.db, run);
    if (page.next === undefined) return pages;
    pages = 'several pages';
    if (world.tools.clock.now().getTime() > stopAt) return { result: 'later', why: 'more is left', after: seconds(1) };
    await world.tools.clock.sleep(betweenPages);
  }
}

/** A conversation that changed while the pages were read moved to the front, past the reader: the front is read again. */
async function readAnew(
  world: ReconcilingWorld,
  connected: ConnectedChannel,
  run: Reconciliation,
): Promise<Trouble | undefined> {
  let next: string | undefined;
  do {
    await world.tools.clock.sleep(betweenPages);
    const page = await read(world, connected, run, next);
    if ('result' in page) return page;
    const { seen, recovered, missed } = run;
    await takeInPage(world, connected, run, page);
    // What was seen already is not counted again.
    run.seen = seen + (run.recovered - recovered) + (run.missed - missed);
    countKnown(run);
    next = page.changedAt && page.changedAt < run.startedAt ? undefined : page.next;
  } while (next !== undefined);
  await saveProgress(world.db, run);
  return undefined;
}

async function read(
  { db, tools }: ReconcilingWorld,
  { channel, account }: ConnectedChannel,
  run: Reconciliation,
  from: string | undefined,
): Promise<HistoryPage | Trouble> {
  const page = await channel.readHistory!(account, run.from, tools, from);
  if (page.result === 'done') return page.value;
  if (page.result !== 'never' || from === undefined) return page;
  // Its place in the list is no longer valid: from the beginning, in a while.
  Object.assign(run, { page: undefined, seen: 0, known: 0 });
  await saveProgress(db, run);
  return { result: 'later', why: page.why, after: seconds(5) };
}

/** Returns why nothing may be taken in, if the ids of this platform's history are not those of its webhooks. */
async function takeInPage(
  world: ReconcilingWorld,
  connected: ConnectedChannel,
  run: Reconciliation,
  page: HistoryPage,
): Promise<string | undefined> {
  const events = page.events.filter(({ at }) => at.getTime() >= wholeSecond(run.from) && at <= run.to);
  if (events.length === 0) return undefined;
  const of = events.map((event) => ({ id: event.id, platformUser: String(conversationUser(event)) }));
  const known = await knownMessages(world.db, run.account, of);
  const lacking = placeFound(events, known).filter(({ id }) => !known.has(id));
  if (known.size === 0 && (await areForeign(world, run, events))) return foreignIds;
  if (lacking.length > 0) await takeIn(world, connected, lacking);
  run.seen += events.length;
  run.missed += lacking.filter(({ type }) => type === 'missed').length;
  run.recovered += lacking.filter(({ type }) => type !== 'missed').length;
  countKnown(run);
  return undefined;
}

/** Not by adding up: what was recovered is known when it is read again. */
function countKnown(run: Reconciliation): void {
  run.known = Math.max(0, run.seen - run.recovered - run.missed);
}

const wholeSecond = (time: Date): number => Math.floor(time.getTime() / 1000) * 1000;

const foreignIds =
  'the ids in the history are not those of the webhooks, so nothing was taken in: it would all be there twice';

/** None is known, yet webhooks told of as many messages of the same people in the same time. */
async function areForeign({ db }: ReconcilingWorld, run: Reconciliation, events: InboundEvent[]): Promise<boolean> {
  const said = events.filter(({ type }) => type === 'message');
  const users = [...new Set(said.map((event) => String(conversationUser(event))))];
  const told = await countSaid(db, run.account, users, new Date(wholeSecond(run.from)), run.to);
  return told >= 3 && told >= said.length / 2;
}

/** By the same way as from a webhook, so that a webhook that comes later is a repeat. */
async function takeIn(world: ReconcilingWorld, { channel, account }: ConnectedChannel, events: InboundEvent[]) {
  await makeTakeIn({ ...world, log: world.tools.log, trace: world.tools.trace })({
    kind: channel.kind,
    account: account.id,
    source: `history:${channel.kind}`,
    body: Buffer.from(JSON.stringify(events)),
    events: events.map((event) => channelEvent(event, channel.kind, account.id)),
  });
  world.meters.recovered(channel.kind, events.filter(({ type }) => type !== 'missed').length);
}

async function ended(
  { db, tools }: ReconcilingWorld,
  { channel }: ConnectedChannel,
  run: Reconciliation,
  problem?: string,
): Promise<Reconciliation> {
  await endReconciliation(db, run.id, problem);
  const { account, why, from, to, seen, known, recovered, missed } = run;
  const times = { from: from.toISOString(), to: to.toISOString() };
  const facts = { channel: channel.kind, account, why, ...times, seen, known, recovered, missed };
  if (problem) tools.log.warn('history.not-compared', { ...facts, problem });
  else tools.log.info('history.compared', facts);
  return { ...run, problem, endedAt: tools.clock.now() };
}
