import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keptLog } from '../support/kept-log.ts';
import { envelope, item, signed } from '../support/meta-webhook.ts';
import { metric } from '../support/metric.ts';
import { type Product, startProduct } from '../support/product.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';

/** The service works as a user without special rights, so that limits on connections hold for it. */
const role = `service_${randomUUID().slice(0, 8)}`;
const log = keptLog();
let product: Product;
let proxy: TcpProxy;
let admin: pg.Client;

beforeAll(async () => {
  product = await startProduct({ log, databaseFor: throughProxy });
}, 60_000);
afterAll(async () => {
  await product?.stop();
  await admin?.query(`drop owned by ${role} cascade`).catch(() => undefined);
  await admin?.end().catch(() => undefined);
  await proxy?.close();
}, 60_000);

async function throughProxy(real: string): Promise<string> {
  const url = new URL(real);
  proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
  admin = new pg.Client(real);
  admin.on('error', () => undefined);
  await admin.connect();
  await admin.query(`create role ${role} login password 'role' in role passerelle`);
  return Object.assign(url, { port: String(proxy.port), username: role, password: 'role' }).toString();
}

const terminateAll = () =>
  admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = $1`, [role]);

interface Fault {
  it: string;
  begin(): unknown;
  end(): unknown;
}

let blocker: pg.Client;
const block = async () => {
  blocker = new pg.Client(product.databaseUrl);
  await blocker.connect();
  await blocker.query('begin; lock table webhooks in access exclusive mode');
};

const faults: Fault[] = [
  { it: 'nobody listens', begin: () => proxy.become('refuses'), end: () => proxy.become('passes') },
  { it: 'the network hangs and comes back', begin: () => proxy.become('hangs'), end: () => proxy.become('passes') },
  {
    it: 'the network hangs, and all connections break when it comes back',
    begin: () => proxy.become('hangs'),
    end: () => {
      proxy.become('passes');
      proxy.resetAll();
    },
  },
  {
    it: 'the disk is full (53100)',
    begin: () =>
      admin.query(`
        create function full_disk() returns trigger language plpgsql as
          $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
        create trigger full_disk before insert on webhooks for each row execute function full_disk()`),
    end: () => admin.query('drop trigger full_disk on webhooks; drop function full_disk'),
  },
  {
    it: 'there are too many connections (53300)',
    begin: async () => {
      await admin.query(`alter role ${role} connection limit 0`);
      await terminateAll();
    },
    end: () => admin.query(`alter role ${role} connection limit -1`),
  },
  { it: 'a lock is not given up, so that statements take too long', begin: block, end: () => blocker.end() },
  {
    it: 'it fails over to a server that is read-only yet (25006)',
    begin: async () => {
      await admin.query(`alter role ${role} set default_transaction_read_only = on`);
      await terminateAll();
    },
    end: () => admin.query(`alter role ${role} reset default_transaction_read_only`),
  },
  {
    it: 'the login is refused for a while (28000)',
    begin: async () => {
      await admin.query(`alter role ${role} nologin`);
      await terminateAll();
    },
    end: () => admin.query(`alter role ${role} login`),
  },
];

let people = 0;
const newPerson = () => String(7_100_000 + people++);

async function post(body: string): Promise<{ status: number; retryAfter: string | null; ms: number; text: string }> {
  const startedAt = performance.now();
  const answer = await fetch(`${product.url}/webhooks/messenger/acme-page`, signed(body));
  const text = await answer.text();
  const ms = performance.now() - startedAt;
  return { status: answer.status, retryAfter: answer.headers.get('retry-after'), ms, text };
}

/** Milliseconds of the slowest request that needs no database, of those made one after the other until `until` settles. */
async function slowestWay(until: Promise<unknown>): Promise<number> {
  let over = false;
  void until.finally(() => {
    over = true;
  });
  let slowest = 0;
  while (!over) {
    const startedAt = performance.now();
    await (await fetch(`${product.url}/health/live`)).text();
    slowest = Math.max(slowest, performance.now() - startedAt);
    await new Promise((next) => setTimeout(next, 20));
  }
  return slowest;
}

const readyStatus = async () => (await fetch(`${product.url}/health/ready`)).status;
const commentsOf = (psid: string) =>
  product.zendesk
    .tickets()
    .filter(({ externalId }) => externalId?.includes(`:${psid}:`) || externalId?.endsWith(`:${psid}`))
    .flatMap(({ comments }) => comments.map(({ body }) => body));

/** As platforms do: the same webhook again until it is taken. */
async function deliverUntilTaken(body: string): Promise<void> {
  await until('the webhook is taken', async () => (await post(body)).status === 200, 20_000);
}

describe.each(faults)('while $it', ({ begin, end }) => {
  const psid = newPerson();
  const bodies = Array.from({ length: 8 }, (_, i) => envelope([item(psid, `word ${i}`)]));

  test('every webhook is answered 503 within a second, and the service says that it is not ready', async () => {
    const refused = await metric(product.url, 'passerelle_webhooks_refused_total', { reason: 'not-committed' });
    await begin();
    const asked = Promise.all([...bodies, ...bodies.slice(0, 4)].map(post));
    const wayMs = await slowestWay(asked);
    const answers = await asked;
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 503));
    expect(answers.map(({ retryAfter }) => retryAfter)).toEqual(answers.map(() => '5'));
    // Twelve at once, sent from the same process: on a busy machine their way there and back takes time of its own.
    expect(Math.max(...answers.map(({ ms }) => ms)) - wayMs).toBeLessThan(1_000 + 500);
    expect(JSON.parse(answers[0]!.text)).toMatchObject({ status: 503, title: 'Service Unavailable' });
    const ready = await fetch(`${product.url}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([
      503,
      expect.objectContaining({ ready: false, database: 'down' }),
    ]);
    expect((await fetch(`${product.url}/health/live`)).status).toBe(200);
    expect(await metric(product.url, 'passerelle_webhooks_refused_total', { reason: 'not-committed' })).toBe(
      refused + 12,
    );
    expect(await metric(product.url, 'passerelle_database_away')).toBe(1);
  }, 20_000);

  test('all goes on by itself when it is over, and nothing is lost or doubled', async () => {
    await end();
    await Promise.all(bodies.map(deliverUntilTaken));
    await until('it is ready', async () => (await readyStatus()) === 200);
    await until(
      'the ticket has all words',
      () => bodies.every((_, i) => commentsOf(psid).join('\n').includes(`word ${i}`)),
      25_000,
    );
    const words =
      commentsOf(psid)
        .join('\n')
        .match(/word \d/g) ?? [];
    expect([...words].sort()).toEqual(bodies.map((_, i) => `word ${i}`));
  }, 60_000);
});

test('connections that are cut again and again cost answers of 503 at most', async () => {
  const psid = newPerson();
  let over = false;
  const cutting = (async () => {
    for (let i = 0; i < 8; i++) {
      await terminateAll();
      await new Promise((next) => setTimeout(next, 60));
    }
    over = true;
  })();
  const seen = new Set<number>();
  const taken: string[] = [];
  for (let i = 0; !over || i < 20; i++) {
    const body = envelope([item(psid, `cut ${i}.`)]);
    const answer = await post(body);
    seen.add(answer.status);
    if (answer.status === 200) taken.push(`cut ${i}.`);
    else await deliverUntilTaken(body).then(() => taken.push(`cut ${i}.`));
  }
  await cutting;
  expect([...seen].filter((status) => status !== 200 && status !== 503)).toEqual([]);
  await until('all words', () => taken.every((word) => commentsOf(psid).join('\n').includes(word)), 45_000);
  expect(
    commentsOf(psid)
      .join('\n')
      .match(/cut \d+\./g),
  ).toHaveLength(taken.length);
}, 90_000);

test('agents’ answers go out as before', async () => {
  const psid = newPerson();
  product.messenger.addCustomer({ psid, name: 'After All' });
  await product.messenger.customerSends(psid, { type: 'text', text: 'Anybody there?' });
  const ticket = await until('the ticket', () =>
    product.zendesk.tickets().find(({ requester }) => requester.externalId?.endsWith(psid)),
  );
  await product.zendesk.agentComments(ticket.id, { text: 'Yes.', public: true });
  await until('the answer', () =>
    product.messenger.threads().some(({ bubbles }) => bubbles.some((b) => b.text === 'Yes.')),
  );
}, 40_000);

test('whatever was answered 200 is in the ledger, with its event', async () => {
  const { rows } = await admin.query(`
    select count(*)::int as n from webhooks w
    where source = 'channel:messenger' and not exists (select from events e where e.webhook = w.id)
      and not exists (select from events e where convert_from(w.body, 'UTF8') like '%' || split_part(e.key, ':', 2) || '%')`);
  expect(rows[0].n).toBe(0);
  expect((await admin.query('select from webhooks where id < 0')).rowCount).toBe(0);
});

test('the log tells each episode once, when it begins and when it is over, and nothing else goes wrong', async () => {
  await until('the last is over', () => log.lines.at(-1) && count('database.back') === count('database.away'), 15_000);
  expect(count('database.away')).toBeGreaterThan(0);
  expect(count('database.away')).toBeLessThanOrEqual(faults.length + 1);
  // The sandbox's Zendesk has no webhook of its own, which is told as well.
  const expected = ['database.away', 'subscription.lost'];
  const others = log.lines.filter(({ level, event }) => level === 'error' && !expected.includes(event));
  expect(others).toEqual([]);
  for (const { fields } of log.lines.filter(({ event }) => event === 'database.away'))
    expect(fields['why']).toMatch(/\S/);
}, 30_000);

test('it can be stopped while the database hangs', async () => {
  proxy.become('hangs');
  const startedAt = performance.now();
  await product.stopService();
  expect(performance.now() - startedAt).toBeLessThan(20_000);
  // What is left of it ends, too.
  proxy.become('passes');
  await until('no connection is left', async () => (await connections()) === 0, 20_000);
}, 45_000);

const connections = async () => (await admin.query('select from pg_stat_activity where usename = $1', [role])).rowCount;
const count = (event: string) => log.lines.filter((line) => line.event === event).length;
