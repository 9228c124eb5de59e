import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { messenger } from '../../src/channels/registry.ts';
import { done } from '../../src/domain/outcome.ts';
import { coachTickets } from '../../src/flows/coach-tickets.ts';
import type { World } from '../../src/flows/world.ts';
import type { HelpdeskSession } from '../../src/helpdesks/helpdesk.ts';
import type { ZendeskAccount } from '../../src/helpdesks/zendesk/account.ts';
import { makeCallBudget } from '../../src/helpdesks/zendesk/call-budget.ts';
import { attempt } from '../../src/helpdesks/zendesk/outcome.ts';
import { memoryBudgets } from '../../src/kit/budgets.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { freshDatabase } from '../support/database.ts';
import { keptLog } from '../support/kept-log.ts';

const many = 620;
const budgets = memoryBudgets();
let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;
let now: Date;
beforeAll(async () => {
  database = await freshDatabase();
  db = openDatabase(database.url, 4);
});
afterAll(async () => {
  budgets.close();
  await db?.destroy();
  await database?.drop();
});

/** So many open tickets, each of a customer who wrote an hour ago; of none was anything told yet. */
beforeEach(async () => {
  now = new Date();
  await sql`truncate tickets, conversations, customers cascade`.execute(db);
  await sql`with c as (insert into customers (name) select 'c' from generate_series(1, ${many}::int) returning id),
      v as (insert into conversations (account, platform_user, customer, last_customer_at)
        select 'page', 'u' || id, id, ${now}::timestamptz - interval '1 hour' from c returning id)
    insert into tickets (conversation, helpdesk, external_id, remote_id, state) select id, 'desk', 'x' || id, 'r' || id, 'open' from v`.execute(
    db,
  );
});

type Show = NonNullable<HelpdeskSession['showSigns']>;

/** Runs the coach once. Returns the tickets whose signs it asked to be shown. */
async function coached(show: Show = async () => done(undefined)): Promise<string[]> {
  const asked: string[] = [];
  const session: Partial<HelpdeskSession> = {
    readySigns: async () => done(true),
    showSigns: (ticket, signs) => {
      asked.push(ticket);
      return show(ticket, signs);
    },
  };
  await coachTickets(
    {
      db,
      policy: new Map(),
      tools: { log: keptLog(), clock: { now: () => now } },
      health: { stateOf: async () => undefined },
      helpdesks: new Map([['desk', { id: 'desk', session }]]),
      channels: new Map([['page', { channel: messenger, account: { id: 'page', kind: 'messenger' } }]]),
    } as unknown as World,
    'desk',
  );
  return asked;
}

const later = (seconds: number) => {
  now = new Date(now.getTime() + seconds * 1_000);
};
const writesAgain = () => sql`update conversations set last_customer_at = ${now}`.execute(db);

test('of many conversations it takes 500 at once and the rest next; what nothing happened to is not told again', async () => {
  const first = await coached();
  expect(first).toHaveLength(500);
  later(20);
  const second = await coached();
  expect(new Set([...first, ...second]).size).toBe(many);
  expect(second).toHaveLength(many - 500);
  later(20);
  expect(await coached()).toEqual([]);
});

test('when the helpdesk takes no more it stops there, having used a quarter of the updates at most; agents’ go on', async () => {
  const budget = makeCallBudget({ id: 'desk', ticketUpdatesPerMinute: 100 } as ZendeskAccount, budgets);
  const inTurn: Show = () => attempt('repeatable', () => budget.turn('signs'));
  const shown = (await coached(inTurn)).length - 1;
  expect(shown).toBeGreaterThan(0);
  expect(shown).toBeLessThanOrEqual(25);
  const told = await db.selectFrom('ticket_signs').select('ticket').where('told_at', 'is not', null).execute();
  expect(told).toHaveLength(shown);
  await budget.turn('ticket-update');
  const asked = await coached(inTurn);
  expect(asked).toHaveLength(1);
});

test('a ticket is told of once a minute at most, however often its customer writes', async () => {
  await sql`update tickets set state = 'closed' where id > (select min(id) from tickets)`.execute(db);
  // The window moves with each message.
  let times = 0;
  for (let second = 0; second < 180; second += 20) {
    await writesAgain();
    times += (await coached()).length;
    later(20);
  }
  expect(times).toBe(3);
});

test('a busy ticket is left to its comments; one that is refused, gone or closed holds up no other', async () => {
  await sql`update tickets set state = 'closed' where id >= (select id from tickets order by id offset 4 limit 1)`.execute(
    db,
  );
  const tickets = await db.selectFrom('tickets').select(['id', 'remote_id']).where('state', '=', 'open').execute();
  const [busy, refused, gone, fine] = tickets.toSorted((a, b) => a.id - b.id).map(({ remote_id }) => remote_id);
  await sql`insert into comments (ticket, kind, marker, messages, request, state, started_at)
    select t.id, 'comment', 'm' || n, array[]::bigint[], '{}', 'done', ${now}::timestamptz - interval '5 minutes'
    from tickets t, generate_series(1, 16) n where t.remote_id = ${busy}`.execute(db);
  const asked = await coached(async (ticket) => {
    if (ticket === refused) return { result: 'never', why: 'a field is required' };
    return ticket === gone ? { result: 'gone' } : done(undefined);
  });
  expect(asked.toSorted()).toEqual([refused, gone, fine].toSorted());
  later(61);
  await writesAgain();
  expect((await coached()).toSorted()).toEqual([refused, fine].toSorted());
  later(600);
  await writesAgain();
  expect(await coached()).toContain(busy);
});
