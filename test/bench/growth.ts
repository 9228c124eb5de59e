import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Database, migrate, openDatabase } from '../../src/store/database.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import { load } from './door.ts';
import { one } from './idle.ts';
import { seedDone } from './seed.ts';
import { type ServiceProcess, startServiceProcess } from './service-process.ts';
import { startZendeskStub } from './zendesk-stub.ts';

export interface Growth {
  /** Messages in the ledger, all done. */
  rows: number;
  /** Webhooks a second at the door, and the 99th percentile in milliseconds. */
  perSecond: number;
  p99: number;
  /** Median and 90th percentile in milliseconds from a webhook until Zendesk is asked for the ticket. */
  toTicket: [median: number, p90: number];
  /** Milliseconds of the metrics page. */
  page: number;
  /** Big tables that were read from end to end meanwhile, and how often. */
  wholeReads: string[];
}

/** How fast the service is with so many messages in its ledger, one size after the other, on one Postgres with fsync on. */
export async function measureGrowth(sizes: readonly number[], report: (growth: Growth) => void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-growth-'));
  // As root, Postgres runs as another user, who has to get in.
  await chmod(folder, 0o755);
  const postgres = await startEmbeddedPostgres(folder);
  const db = openDatabase(postgres.url, 2);
  const zendesk = await startZendeskStub();
  try {
    await migrate(db);
    let seeded = 0;
    for (const rows of sizes) {
      await seedDone(db, seeded, rows);
      seeded = rows;
      const service = await startServiceProcess({ zendeskUrl: zendesk.url, databaseUrl: postgres.url });
      try {
        report({ rows, ...(await measure(service, db, zendesk.created)) });
      } finally {
        await service.stop();
        await settle(db);
      }
    }
  } finally {
    zendesk.close();
    await db.destroy();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(
  service: ServiceProcess,
  db: Database,
  created: Map<string, number>,
): Promise<Omit<Growth, 'rows'>> {
  const before = await reads(db);
  const took: number[] = [];
  for (let n = 0; n < 20; n++) took.push(await one(service.hook, created, nextCustomer++));
  took.sort((a, b) => a - b);
  const usual = { connections: 64, customers: 2_000, url: service.hook };
  await load({ ...usual, seconds: 2 });
  const { perSecond, p99 } = await load({ ...usual, seconds: 8 });
  const page = await pageMs(service.url);
  const wholeReads = (await reads(db)).flatMap(({ table, scans }) => {
    const more = scans - (before.find((each) => each.table === table)?.scans ?? 0);
    return more > 0 ? [`${table} ×${more}`] : [];
  });
  return { perSecond, p99, toTicket: [took[10]!, took[18]!], page, wholeReads };
}

let nextCustomer = 0;

/** The quickest of a few, so that it is the queries that are measured. */
async function pageMs(url: string): Promise<number> {
  const took: number[] = [];
  for (let n = 0; n < 5; n++) {
    const startedAt = performance.now();
    await (await fetch(`${url}/metrics`)).text();
    took.push(performance.now() - startedAt);
  }
  return Math.min(...took);
}

/** Scans of whole tables that hold more than ten thousand rows. */
async function reads(db: Database): Promise<{ table: string; scans: number }[]> {
  const { rows } = await sql<{ table: string; scans: number }>`
    select relname as table, seq_scan::int as scans from pg_stat_user_tables
    where schemaname = 'public' and n_live_tup > 10000`.execute(db);
  return rows;
}

/** What is left of the load is called done, so that the next size starts with nothing to do. */
async function settle(db: Database): Promise<void> {
  await sql`update deliveries set state = 'done' where state = 'waiting'`.execute(db);
  await sql`update comments set state = 'done' where state = 'started'`.execute(db);
  await sql`update events set applied_at = now() where applied_at is null`.execute(db);
  await sql`delete from pgboss.job`.execute(db);
}
