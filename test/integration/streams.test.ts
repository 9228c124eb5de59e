import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { milliseconds } from '../../src/domain/duration.ts';
import type { TicketId } from '../../src/domain/ids.ts';
import { listenToHelpdesks } from '../../src/flows/listen-to-helpdesks.ts';
import type { ConnectedHelpdesk, World } from '../../src/flows/world.ts';
import type { HelpdeskSession, ListenEnd, ListenOptions } from '../../src/helpdesks/helpdesk.ts';
import { systemClock } from '../../src/kit/clock.ts';
import type { WakeUp } from '../../src/queue/wake-up.ts';
import { type Database, migrate, openDatabase } from '../../src/store/database.ts';
import { holdStream, letGoOfStream, savePlace } from '../../src/store/streams.ts';
import { beginTicket, ticketOpened } from '../../src/store/tickets.ts';
import { freshDatabase } from '../support/database.ts';
import { keptLog } from '../support/kept-log.ts';
import { until } from '../support/until.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;
beforeAll(async () => {
  database = await freshDatabase();
  db = openDatabase(database.url, 4);
  await migrate(db);
});
beforeEach(() => db.deleteFrom('streams').execute());
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

test('a stream is one holder’s until its time is over or it lets go; its place stays', async () => {
  expect(await holdStream(db, 'desk', 'one', 30_000)).toEqual({ place: undefined });
  expect(await holdStream(db, 'desk', 'two', 30_000)).toBeUndefined();
  await savePlace(db, 'desk', 'one', '17');
  await savePlace(db, 'desk', 'two', '99');
  expect(await holdStream(db, 'desk', 'one', 1)).toEqual({ place: '17' });
  await new Promise((next) => setTimeout(next, 20));
  expect(await holdStream(db, 'desk', 'two', 30_000)).toEqual({ place: '17' });
  await letGoOfStream(db, 'desk', 'one');
  expect(await holdStream(db, 'desk', 'one', 30_000)).toBeUndefined();
  await letGoOfStream(db, 'desk', 'two');
  expect(await holdStream(db, 'desk', 'one', 30_000)).toEqual({ place: '17' });
});

/** A helpdesk whose stream is in the test's hands. */
function heldStream() {
  const listeners: { options: ListenOptions; end: (end: ListenEnd) => void }[] = [];
  const listen: NonNullable<HelpdeskSession['listen']> = (options) =>
    new Promise((resolve) => {
      listeners.push({ options, end: resolve });
      options.signal.addEventListener('abort', () => resolve({ result: 'stopped' }));
    });
  const helpdesk = { id: 'desk', session: { listen } as HelpdeskSession } as ConnectedHelpdesk;
  return { listeners, helpdesk };
}

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

function replica(helpdesk: ConnectedHelpdesk) {
  const woken: WakeUp[] = [];
  const log = keptLog();
  const world = {
    db,
    queue: { wakeLater: async (wakeUp: WakeUp) => void woken.push(wakeUp) },
    tools: { log, clock: systemClock },
    helpdesks: new Map([['desk', helpdesk]]),
  } as unknown as World;
  const stop = listenToHelpdesks(world);
  stops.push(stop);
  return { woken, lines: log.lines, stop };
}

async function ticketOfOurs(remoteId: string): Promise<void> {
  const customer = await db.insertInto('customers').defaultValues().returning('id').executeTakeFirstOrThrow();
  const conversation = await db
    .insertInto('conversations')
    .values({ account: 'page', platform_user: remoteId, customer: customer.id })
    .returning('id')
    .executeTakeFirstOrThrow();
  const ticket = await beginTicket(db, { conversation: conversation.id, helpdesk: 'desk', externalId: remoteId });
  await ticketOpened(db, ticket.id, remoteId as TicketId);
}

test('of two replicas one listens; when it stops the other goes on behind what was heard', async () => {
  const { listeners, helpdesk } = heldStream();
  const first = replica(helpdesk);
  await until('a listener', () => listeners.length === 1);
  const second = replica(helpdesk);
  await ticketOfOurs('500ours');
  await listeners[0]!.options.heard(['500ours', '500another'] as TicketId[], '42');
  expect(first.woken).toEqual([{ queue: 'replies', key: 'desk|500ours' }]);
  expect(listeners).toHaveLength(1);
  await first.stop();
  await until('the other', () => listeners.length === 2, milliseconds(15_000));
  expect(listeners[1]!.options.from).toBe('42');
  expect(second.woken).toEqual([]);
});

test('a place that is lost is given up, and changed tickets are looked at', async () => {
  await holdStream(db, 'desk', 'before', 30_000);
  await savePlace(db, 'desk', 'before', '7');
  await letGoOfStream(db, 'desk', 'before');
  const { listeners, helpdesk } = heldStream();
  const { woken, lines } = replica(helpdesk);
  await until('a listener', () => listeners.length === 1);
  expect(listeners[0]!.options.from).toBe('7');
  listeners[0]!.end({ result: 'place-lost' });
  await until('the next', () => listeners.length === 2, 15_000);
  expect(listeners[1]!.options.from).toBeUndefined();
  expect(woken).toEqual([{ queue: 'reconcile', key: 'desk' }]);
  expect(JSON.stringify(lines)).toContain('stream.place-lost');
});

test('trouble is logged, and it is tried again', async () => {
  const { listeners, helpdesk } = heldStream();
  const { lines } = replica(helpdesk);
  await until('a listener', () => listeners.length === 1);
  listeners[0]!.end({ result: 'later', why: 'out of order' });
  await until('the next', () => listeners.length === 2, 15_000);
  expect(JSON.stringify(lines)).toContain('out of order');
});
