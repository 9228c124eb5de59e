import { chmod, mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Database, migrate, openDatabase } from '../../src/store/database.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import { startServiceProcess } from './service-process.ts';

const shopKey = 'a-key-of-the-shop-for-measuring';

/** Milliseconds from telling an idle service of an order until the platform is asked to tell the customer; one customer each. */
export async function measureNotices(times: number): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-notices-'));
  // As root, Postgres runs as another user, who has to get in.
  await chmod(folder, 0o755);
  const postgres = await startEmbeddedPostgres(folder);
  const db = openDatabase(postgres.url, 2);
  const graph = await startGraph();
  try {
    await migrate(db);
    await seedCustomers(db, times);
    const service = await startServiceProcess({ databaseUrl: postgres.url, graphUrl: graph.url, shopKey });
    try {
      const took: number[] = [];
      for (let n = 1; n <= times; n++) took.push(await one(service.url, graph.asked, n));
      return took.sort((a, b) => a - b);
    } finally {
      await service.stop();
    }
  } finally {
    graph.close();
    await db.destroy();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function one(url: string, asked: ReadonlyMap<string, number>, n: number): Promise<number> {
  const event = {
    type: 'order.confirmed',
    occurredAt: new Date().toISOString(),
    customer: { customerId: `C-${n}` },
    order: { number: `NW-${n}.`, currency: 'EUR', total: 9_900 },
  };
  const startedAt = performance.now();
  const response = await fetch(`${url}/v1/orders/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${shopKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ events: [event] }),
  });
  if (!response.ok) throw new Error(`the order was not taken: ${response.status} ${await response.text()}`);
  const deadline = performance.now() + 30_000;
  while (!asked.has(`member${n}`)) {
    if (performance.now() > deadline) throw new Error('the customer was not told within 30 s');
    await new Promise((next) => setTimeout(next, 1));
  }
  await new Promise((next) => setTimeout(next, 300));
  return asked.get(`member${n}`)! - startedAt;
}

/** The Graph API as far as it takes messages; when it was first asked to send one, by whom it is for. */
async function startGraph() {
  const asked = new Map<string, number>();
  const server = http.createServer((request, response) => {
    const at = performance.now();
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { message, recipient } = JSON.parse(Buffer.concat(pieces).toString() || '{}');
      if (message && !asked.has(recipient.id)) asked.set(recipient.id, at);
      const answer = { recipient_id: recipient?.id, message_id: `m_${asked.size}`, id: '1', data: [] };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () => server.close().closeAllConnections(),
  };
}

/** Customers of the shop who wrote lately and want to hear of their orders. */
async function seedCustomers(db: Database, customers: number): Promise<void> {
  const base = 1_000_000_000;
  for (const statement of [
    sql`insert into customers (id, name) overriding system value
      select ${base}::bigint + n, 'Member ' || n from generate_series(1, ${customers}::int) n`,
    sql`insert into conversations (id, account, platform_user, address, customer, last_customer_at) overriding system value
      select ${base}::bigint + n, 'page', 'member' || n, 'member' || n, ${base}::bigint + n, now()
      from generate_series(1, ${customers}::int) n`,
    sql`insert into identities (account, platform_user, customer, evidence, detail)
      select 'page', 'member' || n, ${base}::bigint + n, 'platform', '{}' from generate_series(1, ${customers}::int) n`,
    sql`insert into facts (customer, kind, value, compared, evidence, by_whom)
      select ${base}::bigint + n, 'shop-customer', 'C-' || n, 'C-' || n, 'shop-api', 'shop:shop'
      from generate_series(1, ${customers}::int) n`,
    sql`with acts as (insert into consents (customer, channel, purpose, act, source, at, by_whom)
        select ${base}::bigint + n, '*', 'order-updates', 'granted', 'api', now() - interval '1 day', 'shop:shop'
        from generate_series(1, ${customers}::int) n returning id, customer, at)
      insert into consent_states (customer, channel, purpose, state, since, act)
      select customer, '*', 'order-updates', 'granted', at, id from acts`,
  ])
    await statement.execute(db);
}
