import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { days, milliseconds } from '../../src/domain/duration.ts';
import { tidyLedger } from '../../src/flows/tidy-ledger.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { silentLog } from '../../src/kit/log.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { freshDatabase } from '../support/database.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;
beforeAll(async () => {
  database = await freshDatabase();
  db = openDatabase(database.url, 4);
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const tidy = (keep: { webhooks: number; events: number }) =>
  tidyLedger(
    { db, tools: { clock: systemClock, log: silentLog } as never },
    { webhooks: milliseconds(keep.webhooks), events: milliseconds(keep.events) },
  );

/** 2,500 rows of each a hundred days old, 2,500 young; ids as the door hands them out. */
async function seed(): Promise<void> {
  await sql`truncate webhooks, events`.execute(db);
  await sql`insert into webhooks (id, source, received_at, body)
    select n, 'channel:messenger', now() - case when n <= 2500 then interval '100 days' else interval '1 minute' end, 'x'
    from generate_series(1, 5000) n`.execute(db);
  await sql`insert into events (webhook, account, key, type, outcome, platform_user, occurred_at, received_at, body, applied_at)
    select n, 'a', 'k' || n, 'message', 'taken', 'u', now(),
      now() - case when n <= 2500 then interval '100 days' else interval '1 minute' end, '{}', now()
    from generate_series(1, 5000) n`.execute(db);
}

const left = async (): Promise<[webhooks: number, events: number]> => {
  const { rows } = await sql<{ w: number; e: number }>`
    select (select count(*) from webhooks)::int as w, (select count(*) from events)::int as e`.execute(db);
  return [rows[0]!.w, rows[0]!.e];
};

test('what is older than kept goes, batch by batch; what is younger stays', async () => {
  await seed();
  expect(await tidy({ webhooks: days(30), events: days(90) })).toEqual({ left: false });
  expect(await left()).toEqual([2500, 2500]);
  expect(await tidy({ webhooks: days(30), events: days(90) })).toEqual({ left: false });
  expect(await left()).toEqual([2500, 2500]);
});

test('each is kept as long as its own setting says; 0 is for ever', async () => {
  await seed();
  await tidy({ webhooks: days(120), events: days(90) });
  expect(await left()).toEqual([5000, 2500]);
  await tidy({ webhooks: 0, events: 0 });
  expect(await left()).toEqual([5000, 2500]);
});

test('an event that waits or is parked stays, however old', async () => {
  await seed();
  await sql`update events set applied_at = null where key = 'k10'`.execute(db);
  await sql`update events set outcome = 'parked' where key = 'k20'`.execute(db);
  await tidy({ webhooks: days(30), events: days(90) });
  const { rows } = await sql<{ key: string }>`
    select key from events where received_at < now() - interval '2 days' order by id`.execute(db);
  expect(rows.map(({ key }) => key)).toEqual(['k10', 'k20']);
});

test('old rows behind young ones of a replica that has little to do are found', async () => {
  await sql`truncate webhooks, events`.execute(db);
  await sql`insert into webhooks (id, source, received_at, body)
    select n, 'channel:messenger', now() - case when n <= 1000 then interval '1 minute' else interval '40 days' end, 'x'
    from generate_series(1, 3000) n`.execute(db);
  await tidy({ webhooks: days(30), events: days(90) });
  expect((await left())[0]).toBe(1000);
});
