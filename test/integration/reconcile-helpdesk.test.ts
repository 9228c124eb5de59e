import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { reconcileHelpdesk } from '../../src/flows/reconcile-helpdesk.ts';
import type { ConnectedHelpdesk, World } from '../../src/flows/world.ts';
import { zendesk as helpdesk } from '../../src/helpdesks/zendesk/helpdesk.ts';
import { memoryBudgets } from '../../src/kit/budgets.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { makeHttp } from '../../src/kit/http.ts';
import { type Log, silentLog } from '../../src/kit/log.ts';
import type { Tools } from '../../src/kit/tools.ts';
import type { WakeUp } from '../../src/queue/wake-up.ts';
import { startZendeskSimulator, type ZendeskSandbox } from '../../src/sandbox/zendesk/simulator.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { wasCalledAbout } from '../../src/store/early-callbacks.ts';
import { watches } from '../../src/store/watches.ts';
import { freshDatabase } from '../support/database.ts';

// The look at a Zendesk's changed tickets, on a real ledger, with a clock that the test moves.

const login = { clientId: 'zd', clientSecret: 'zd-secret', webhookSecret: 'hook-secret' };
const id = 'acme-zendesk';
let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;
let http: ReturnType<typeof makeHttp>;
let zendesk: ZendeskSandbox;
let ahead: number;
beforeAll(async () => {
  database = await freshDatabase();
  db = openDatabase(database.url, 6);
});
afterAll(async () => {
  await db?.destroy();
  await database?.drop();
});
beforeEach(async () => {
  await sql`truncate cursors, watches, early_callbacks, tickets, conversations, customers restart identity cascade`.execute(
    db,
  );
  http = makeHttp();
  ahead = 0;
  zendesk = await startZendeskSimulator({
    ...login,
    exportLags: true,
    limits: { ticketUpdatesPerMinute: 10_000, perMinute: 10_000 },
  });
});
afterEach(async () => {
  http.close();
  await zendesk.close();
});

/** A replica of the service: its own connection to the helpdesk, the shared ledger. */
function replica() {
  const woken: string[] = [];
  const logged: string[] = [];
  const log: Log = {
    ...silentLog,
    warn: (event) => void logged.push(event),
    error: (event) => void logged.push(event),
  };
  const clock = { ...systemClock, now: () => new Date(Date.now() + ahead) };
  const tools = { http, clock, log, budgets: memoryBudgets() } as unknown as Tools;
  const account = helpdesk.account.parse({ id, kind: 'zendesk', url: zendesk.url, ...login });
  const connected: ConnectedHelpdesk = { id, session: helpdesk.connect(account, tools), limits: helpdesk.limits };
  const world = {
    db,
    tools,
    queue: { wakeAll: async (wakeUps: WakeUp[]) => void woken.push(...wakeUps.map(({ key }) => key)) },
    helpdesks: new Map([[id, connected]]),
  } as unknown as World;
  return { look: () => reconcileHelpdesk(world, id), woken, logged };
}

function pass(seconds: number): void {
  ahead += seconds * 1_000;
  zendesk.passTime(seconds * 1_000);
}

const exportCalls = () => zendesk.requests.filter(({ path }) => path.includes('/incremental/')).length;
const tokenOf = async () => {
  const body = JSON.stringify({
    grant_type: 'client_credentials',
    client_id: login.clientId,
    client_secret: login.clientSecret,
    scope: 'read write',
  });
  const answer = await fetch(`${zendesk.url}/oauth/tokens`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
  return ((await answer.json()) as { access_token: string }).access_token;
};
async function ticketThere(): Promise<number> {
  const answer = await fetch(`${zendesk.url}/api/v2/tickets.json`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await tokenOf()}` },
    body: JSON.stringify({ ticket: { subject: 'Chat', comment: { body: 'Hello' } } }),
  });
  return ((await answer.json()) as { ticket: { id: number } }).ticket.id;
}
/** In the ledger as ours. `known` false: its creation was not answered, so its id there is not known yet. */
async function ours(remoteId: number, known = true): Promise<void> {
  const customer = await db.insertInto('customers').defaultValues().returning('id').executeTakeFirstOrThrow();
  const conversation = await db
    .insertInto('conversations')
    .values({ account: 'acme-page', platform_user: `u${remoteId}`, customer: customer.id })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('tickets')
    .values({
      conversation: conversation.id,
      helpdesk: id,
      external_id: `e${remoteId}`,
      ...(known ? { remote_id: String(remoteId), state: 'open' as const } : {}),
    })
    .execute();
}

test('what changed is looked at though the list lags by a minute; the cursor outlives a restart', async () => {
  const ticket = await ticketThere();
  await ours(ticket);
  const first = replica();
  await first.look();
  pass(61);
  await first.look();
  expect(first.woken).toEqual([`${id}|${ticket}`]);

  await zendesk.agentComments(ticket, { text: 'An answer', public: true });
  const second = replica();
  pass(61);
  await second.look();
  pass(61);
  await second.look();
  pass(61);
  await second.look();
  expect(second.woken).toEqual([`${id}|${ticket}`]);
});

test('tickets of others, and one whose creation was not answered yet, wake nothing', async () => {
  await ticketThere();
  await ours(await ticketThere(), false);
  pass(61);
  const one = replica();
  await one.look();
  expect(one.woken).toEqual([]);
});

const called = (remoteId: number) => db.transaction().execute((tx) => wasCalledAbout(tx, id, String(remoteId)));

test('a ticket that is just being opened is remembered, to be looked at when it is known; those of others are not', async () => {
  const one = replica();
  const lookTwice = async () => {
    for (let looks = 0; looks < 2; looks++) {
      await one.look();
      pass(61);
    }
  };
  const stranger = await ticketThere();
  await lookTwice();
  expect(await called(stranger)).toBe(false);
  const opening = await ticketThere();
  await ours(opening, false);
  await lookTwice();
  expect(one.woken).toEqual([]);
  expect(await called(opening)).toBe(true);
});

test('three replicas share the ten calls a minute', async () => {
  const replicas = [replica(), replica(), replica()];
  for (let minute = 0; minute < 3; minute++) {
    const before = exportCalls();
    for (const { look } of [...replicas, ...replicas]) expect(await look()).toEqual({ left: false });
    expect(exportCalls() - before).toBe(1);
    pass(60);
  }
  expect(replicas.flatMap(({ logged }) => logged).filter((event) => event.startsWith('helpdesk.'))).toEqual([]);
});

test('after an outage all pages are read, five a look, and none is lost or asked for twice', async () => {
  const one = replica();
  await one.look();
  const tickets: number[] = [];
  for (let i = 0; i < 30; i++) tickets.push(await ticketThere());
  for (const ticket of tickets) await ours(ticket);
  zendesk.pageExports(4);
  pass(3_600);
  zendesk.inject({ kind: '500', path: '/incremental/', times: 1 });
  expect(await one.look()).toMatchObject({ left: true });
  for (let look = 0; look < 3; look++) {
    await one.look();
    pass(61);
  }
  expect(one.woken).toEqual(tickets.map((ticket) => `${id}|${ticket}`));
});

const cannotBeReadOn = () =>
  db
    .insertInto('cursors')
    .values({ helpdesk: id, cursor: 'no cursor of Zendesk', read_at: new Date(0) })
    .execute();

test('a list that cannot be read on begins anew, and every open ticket is looked at', async () => {
  const ticket = await ticketThere();
  await ours(ticket);
  const one = replica();
  await cannotBeReadOn();
  expect(await one.look()).toEqual({ left: false });
  expect(one.woken).toEqual([`${id}|${ticket}`]);
  expect(one.logged).toContain('helpdesk.cursor-renewed');
  pass(61);
  await one.look();
  expect(one.logged.filter((event) => event === 'helpdesk.not-reconciled')).toHaveLength(1);
});

test('a ticket that is being opened while the list begins anew is remembered too', async () => {
  const opening = await ticketThere();
  await ours(opening, false);
  await cannotBeReadOn();
  pass(61);
  const one = replica();
  await one.look();
  expect(one.logged).toContain('helpdesk.cursor-renewed');
  expect(await called(opening)).toBe(true);
});

test('a page that can never be read does not stop it for good; while Zendesk is down it waits', async () => {
  const ticket = await ticketThere();
  await ours(ticket);
  const one = replica();
  await one.look();
  pass(61);
  zendesk.inject({ kind: '500', path: '/incremental/', times: 1 });
  expect(await one.look()).toMatchObject({ left: true });
  expect(one.woken).toEqual([]);
  pass(16 * 60);
  zendesk.inject({ kind: '500', path: '/incremental/', times: 2 });
  expect(await one.look()).toMatchObject({ left: true });
  expect(one.woken).toEqual([]);
  zendesk.inject({ kind: '500', path: '/incremental/', times: 1 });
  expect(await one.look()).toEqual({ left: false });
  expect(one.woken).toEqual([`${id}|${ticket}`]);
});

test('a webhook or trigger that an administrator or Zendesk turned off is told, and when it is on again', async () => {
  zendesk.setWebhookUrl(`https://chat.acme.example/webhooks/zendesk/${id}`);
  const one = replica();
  await one.look();
  expect(await watches(db)).toMatchObject([{ target: `helpdesk:${id}`, subscribed: true }]);
  zendesk.setCallback('webhook-inactive');
  pass(601);
  await one.look();
  expect(await watches(db)).toMatchObject([{ subscribed: false, why: expect.stringContaining('inactive') }]);
  expect(one.logged).toContain('subscription.lost');
  zendesk.setCallback('active');
  pass(1_201);
  await one.look();
  expect(await watches(db)).toMatchObject([{ subscribed: true, why: undefined }]);
});
