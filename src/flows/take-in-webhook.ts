import { conversationKey } from '../domain/conversation-key.ts';
import { conversationUser, type InboundEvent } from '../domain/event.ts';
import { gather } from '../kit/gather.ts';
import type { Log } from '../kit/log.ts';
import { isPostgresTrouble } from '../kit/postgres-trouble.ts';
import { step } from '../kit/step.ts';
import { storable } from '../kit/storable.ts';
import type { Tracer } from '../kit/tracer.ts';
import type { Queue } from '../queue/queue.ts';
import type { WakeUp } from '../queue/wake-up.ts';
import type { Database } from '../store/database.ts';
import { insertArrivals, insertWebhooks, makeWebhookIds, type NewEvent } from '../store/events.ts';
import type { Arrival, ArrivedEvent } from './arrival.ts';
import { journeyOfEvent } from './journeys.ts';
import type { Meters } from './meters.ts';
import { mostEvents, setAside } from './set-aside.ts';

/** An event of a channel, routed to its account. `account` undefined: none is configured for that address. */
export function channelEvent(event: InboundEvent, kind: string, account: string | undefined): ArrivedEvent {
  const key = `${event.type}:${event.id}`;
  if (account === undefined) {
    return { account: `?${kind}:${event.to}`, key, outcome: 'unrouted', platformUser: null, event };
  }
  if (event.type === 'unsupported') return { account, key, outcome: 'unsupported', platformUser: null, event };
  const platformUser = conversationUser(event) ?? '';
  const wakeUp: WakeUp = { queue: 'conversation', key: conversationKey(account, platformUser) };
  return { account, key, outcome: 'taken', platformUser, event, wakeUp };
}

interface TakeInParts {
  db: Database;
  queue: Queue;
  meters: Meters;
  log: Log;
  trace?: Tracer | undefined;
}

/**
 * The door's transaction: raw bodies, events and wake-ups are committed together, and only then the promise resolves.
 * Webhooks that arrive while one commit is under way share the next.
 */
export function makeTakeIn({ db, queue, meters, log, trace }: TakeInParts) {
  const nextId = makeWebhookIds(db);
  const together = (arrivals: Arrival[]) => takeIn({ db, queue, meters, log, trace }, nextId, arrivals);
  const commit = gather<Arrival, Taken>((arrivals) => takeInOrApart(together, arrivals, log), {
    max: 200,
    besideFrom: 24,
    staleAfterMs: 4_000,
    lingerMs: 16,
  });
  return async (arrival: Arrival): Promise<void> => {
    const tooMany = arrival.events.length > mostEvents;
    const kept = tooMany ? setAside(arrival, new RangeError('too many events'), log) : arrival;
    const events = storable(kept.events);
    const taken = await commit(trace ? { ...kept, events, cameAt: Date.now() } : { ...kept, events });
    if (taken !== true) throw taken.failed;
  };
}

type Taken = true | { failed: unknown };

/** One that cannot be stored must not take those down that came at the same time: each half is tried by itself. */
async function takeInOrApart(
  takeAll: (arrivals: Arrival[]) => Promise<true[]>,
  arrivals: Arrival[],
  log: Log,
): Promise<Taken[]> {
  try {
    return await takeAll(arrivals);
  } catch (failed) {
    if (isPostgresTrouble(failed)) return arrivals.map(() => ({ failed }));
    const [only] = arrivals;
    if (arrivals.length === 1 && only)
      return takeAll([setAside(only, failed, log)]).catch((again) => [{ failed: again }]);
  }
  const middle = Math.ceil(arrivals.length / 2);
  const first = await takeInOrApart(takeAll, arrivals.slice(0, middle), log);
  return [...first, ...(await takeInOrApart(takeAll, arrivals.slice(middle), log))];
}

async function takeIn(
  { db, queue, meters, trace }: TakeInParts,
  nextId: () => Promise<number>,
  arrivals: Arrival[],
): Promise<true[]> {
  const begunAt = trace && Date.now();
  const ids: number[] = [];
  for (const _ of arrivals) ids.push(await nextId());
  const webhooks = arrivals.map(({ source, account, body }, i) => ({ id: ids[i]!, source, account, body }));
  const events = arrivals.flatMap((arrival, i) =>
    arrival.events.map((event) => ({ ...event, webhook: ids[i]!, kind: arrival.kind, cameAt: arrival.cameAt })),
  );
  if (events.length === 0) return insertWebhooks(db, webhooks).then(() => arrivals.map(() => true));
  const fresh = await db.transaction().execute(async (tx) => {
    const inserted = await insertArrivals(
      tx,
      webhooks,
      events,
      events.flatMap(({ wakeUp }) => (wakeUp ? [wakeUp.key] : [])),
    );
    const wakeUps = events.filter((event) => event.always || inserted.has(nameOf(event)));
    await queue.wakeHeld(
      tx,
      wakeUps.flatMap(({ wakeUp }) => (wakeUp ? [wakeUp] : [])),
    );
    step('door.writing');
    return inserted;
  });
  for (const event of events) {
    // A key that comes twice in one batch is new once.
    const outcome = fresh.delete(nameOf(event)) ? event.outcome : 'repeat';
    meters.event(event.kind, event.event.type, outcome);
    if (trace && outcome === 'taken') tellTrace(trace, event, event.cameAt, begunAt);
  }
  return arrivals.map(() => true);
}

/** A repeat is not told: its journey has begun before. */
function tellTrace(trace: Tracer, { account, key, event }: NewEvent, cameAt = Date.now(), begunAt = cameAt): void {
  const journeys = journeyOfEvent(account, event.type, key);
  trace.passed('webhook', journeys, cameAt);
  trace.passed('commit', journeys, begunAt);
}

const nameOf = ({ account, key }: Pick<NewEvent, 'account' | 'key'>) => `${account} ${key}`;
