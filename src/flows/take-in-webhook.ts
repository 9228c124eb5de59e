import { conversationUser, type InboundEvent } from '../domain/event.ts';
import { gather } from '../kit/gather.ts';
import { step } from '../kit/step.ts';
import type { Queue, WakeUp } from '../queue/queue.ts';
import type { Database } from '../store/database.ts';
import { insertEvents, insertWebhooks, makeWebhookIds, type NewEvent } from '../store/events.ts';
import { shareConversations } from '../store/locks.ts';
import type { ArrivalOutcome } from '../store/tables.ts';
import type { Meters } from './meters.ts';
import { conversationKey } from './world.ts';

/** A verified webhook and what it told, on its way into the ledger. */
export interface Arrival {
  /** The metric's label: `messenger`, `zendesk`. */
  kind: string;
  /** The account whose URL was called, if the URL named one. */
  account: string | null;
  /** `channel:messenger`, `helpdesk:zendesk`. */
  source: string;
  body: Buffer;
  events: ArrivedEvent[];
}

export interface ArrivedEvent {
  account: string;
  /** Unique within the account: a second one is a repeat. */
  key: string;
  outcome: ArrivalOutcome;
  platformUser: string | null;
  event: { type: string; at: Date };
  wakeUp?: WakeUp;
  /** Wake even for a repeat: a hint whose repeat may be news. */
  always?: true;
}

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

/**
 * The door's transaction: raw bodies, events and wake-ups are committed together, and only then the promise resolves.
 * Webhooks that arrive while one commit is under way share the next.
 */
export function makeTakeIn({ db, queue, meters }: { db: Database; queue: Queue; meters: Meters }) {
  const nextId = makeWebhookIds(db);
  const commit = gather<Arrival, true>((arrivals) => takeIn(db, queue, meters, nextId, arrivals), {
    max: 200,
    concurrency: 2,
  });
  return async (arrival: Arrival): Promise<void> => {
    await commit(arrival);
  };
}

async function takeIn(
  db: Database,
  queue: Queue,
  meters: Meters,
  nextId: () => Promise<number>,
  arrivals: Arrival[],
): Promise<true[]> {
  const ids: number[] = [];
  for (const _ of arrivals) ids.push(await nextId());
  const webhooks = arrivals.map(({ source, account, body }, i) => ({ id: ids[i]!, source, account, body }));
  const events = arrivals.flatMap((arrival, i) =>
    arrival.events.map((event) => ({ ...event, webhook: ids[i]!, kind: arrival.kind })),
  );
  const fresh = await db.transaction().execute(async (tx) => {
    await insertWebhooks(tx, webhooks);
    if (events.length === 0) return new Set<string>();
    await shareConversations(
      tx,
      events.flatMap(({ wakeUp }) => (wakeUp ? [wakeUp.key] : [])),
    );
    const inserted = await insertEvents(tx, events);
    const wakeUps = events.filter((event) => event.always || inserted.has(nameOf(event)));
    await queue.wake(
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
  }
  return arrivals.map(() => true);
}

const nameOf = ({ account, key }: Pick<NewEvent, 'account' | 'key'>) => `${account} ${key}`;
