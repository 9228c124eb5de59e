import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Database, migrate, openDatabase } from '../../src/store/database.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import { countFigures } from '../../src/store/figures.ts';
import { consoleAdmin, consoleClient } from '../support/console.ts';
import { seedDone } from './seed.ts';
import { seedNotices } from './seed-notices.ts';
import { startServiceProcess } from './service-process.ts';

/** What each page of the console asks: one line for each. */
const asked: readonly [page: string, path: string][] = [
  ['overview, now', '/overview'],
  ['overview, an hour', '/overview/figures?range=1h'],
  ['overview, a day', '/overview/figures?range=24h'],
  ['overview, 30 days', '/overview/figures?range=30d'],
  ['to do', '/todo'],
  ['to do, rules that end', '/todo/rules'],
  ['to do, accounts', '/todo/targets'],
  ['to do, questions', '/todo/questions'],
  ['to do, parked', '/todo/parked'],
  ['conversations', '/conversations'],
  ['conversations, by a name of all', '/conversations?q=customer'],
  ['conversations, by name', '/conversations?q=customer%2077'],
  ['conversations, by ticket', '/conversations?q=%23old77'],
  ['conversations, with a ticket open', '/conversations?state=open'],
  ['conversations, with something parked', '/conversations?work=parked'],
  ['messages, by a common word', '/conversations/words?q=words'],
  ['messages, by a rare word', '/conversations/words?q=zeppelin'],
  ['what conversations are narrowed by', '/conversations/choices'],
  ['a conversation', '/conversations/1000000001'],
  ['its thread', '/conversations/1000000001/messages'],
  ['people', '/people'],
  ['people, by name', '/people?q=customer%2077'],
  ['a customer', '/people/1000000001'],
  ['notices', '/notices'],
  ['notices, by a common state', '/notices?state=delivered'],
  ['notices, by a rare state', '/notices?state=failed'],
  ['notices, by a state of none', '/notices?state=replaced'],
  ['notices, by event', '/notices?event=order.confirmed'],
  ['notices, by event and a rare state', '/notices?event=order.shipped&state=failed'],
  ['notices, by order', '/notices?order=nw-77'],
  ['notices, by customer', '/notices?customer=1000000001'],
  ['notices, of a campaign', '/notices?campaign=1000000000'],
  ['notices, of a campaign, failed', '/notices?campaign=1000000000&state=failed'],
  ['a notice', '/notices/1000000001'],
  ['what notices are narrowed by', '/notices/choices'],
  ['texts of notices', '/notice-texts'],
  ['orders', '/orders'],
  ['orders, by a beginning of all', '/orders?q=nw-'],
  ['orders, by number', '/orders?q=nw-77'],
  ['orders, by a rare state', '/orders?state=refunded'],
  ['an order', '/orders/1000000001'],
  ['campaigns', '/campaigns'],
  ['campaigns, by state', '/campaigns?state=done'],
  ['a campaign', '/campaigns/1000000000'],
  ['its report', '/campaigns/1000000000/report'],
  ['its size and cost', '/campaigns/1000000001/estimate'],
  ['what a campaign can be made of', '/campaigns/choices'],
  ['mapping', '/mapping'],
  ['a version of the mapping', '/mapping/versions/1'],
  ['versions of the mapping', '/mapping/versions'],
  ['accounts', '/accounts'],
  ['an account', '/accounts/channel/page'],
  ['who to send a test to', '/accounts/channel/page/test-targets'],
  ['API keys', '/keys'],
  ['addresses of webhooks', '/webhook-addresses'],
  ['audit', '/audit'],
  ['what the audit is narrowed by', '/audit/choices'],
  ['audit, of one person', '/audit?who=cli:bench'],
  ['audit, further on', '/audit?what=replay&subject=s7'],
  ['settings', '/settings'],
];

export interface PageTime {
  page: string;
  /** Milliseconds until the answer is there, as the browser would see it: the median and the slowest of 15. */
  median: number;
  slowest: number;
}

/** How long the pages take on a ledger with so many messages, spread over thirty days. */
export async function measureConsole(messages: number): Promise<{ counted: number; pages: PageTime[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-console-'));
  // As root, Postgres runs as another user, who has to get in.
  await chmod(folder, 0o755);
  const postgres = await startEmbeddedPostgres(folder);
  const db = openDatabase(postgres.url, 2, undefined, { connectMs: 15_000, statementMs: 0, answerMs: 0 });
  try {
    await migrate(db);
    await seedDone(db, 0, messages);
    await seedNotices(db, Math.ceil(messages / 10));
    await spread(db);
    const begun = performance.now();
    await countFigures(db, new Date());
    const counted = performance.now() - begun;
    const service = await startServiceProcess({ databaseUrl: postgres.url, consoleAdmin });
    try {
      return { counted, pages: await times(service.url) };
    } finally {
      await service.stop();
    }
  } finally {
    await db.destroy();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** As if they had come evenly over thirty days; and a hundred thousand acts in the audit. */
async function spread(db: Database): Promise<void> {
  const at = sql`now() - interval '30 days' * (1 - (id - lowest)::float8 / greatest(1, highest - lowest))`;
  await sql`update messages set received_at = ${at} from (select min(id) as lowest, max(id) as highest from messages) ends`.execute(
    db,
  );
  await sql`update deliveries d set ended_at = m.received_at + interval '2 seconds' from messages m where m.id = d.message`.execute(
    db,
  );
  await sql`insert into audit (who, what, subject) select 'cli:' || case n % 100 when 0 then 'bench' else 'other' end, 'replay', 's' || n
    from generate_series(1, 100000) n`.execute(db);
  await sql`vacuum full messages, deliveries`.execute(db);
  await sql`vacuum analyze`.execute(db);
}

async function times(url: string): Promise<PageTime[]> {
  const browser = consoleClient(url);
  await browser.signIn();
  const pages: PageTime[] = [];
  for (const [page, path] of asked) {
    const took: number[] = [];
    for (let n = 0; n < 15; n++) {
      const begun = performance.now();
      const { status } = await browser.get(path);
      if (status !== 200) throw new Error(`${path} was answered ${status}`);
      took.push(performance.now() - begun);
    }
    took.sort((a, b) => a - b);
    pages.push({ page, median: took[7]!, slowest: took[14]! });
  }
  return pages;
}
