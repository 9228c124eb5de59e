import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildConsole } from '../../scripts/build-console.mjs';
import { buildZendeskApp } from '../../scripts/build-zendesk-app.mjs';
import { silentLog } from '../../src/kit/log.ts';
import { openQueue } from '../../src/queue/queue.ts';
import { migrate, openDatabase } from '../../src/store/database.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';

/** What it holds is of no use once the run is over: nothing waits for the disk. */
const hasty = ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off'];

/** One real Postgres for the whole run, with a migrated template that each test file clones. Returns what ends it. */
export default async function setUp() {
  buildConsole();
  buildZendeskApp();
  const folder = mkdtempSync(join(tmpdir(), 'passerelle-postgres-'));
  // As root, Postgres runs as another user, who has to get in.
  chmodSync(folder, 0o755);
  const postgres = await startEmbeddedPostgres(folder, ['max_connections=300', ...hasty]);
  const db = openDatabase(postgres.url, 2);
  await migrate(db);
  await db.destroy();
  await (await openQueue(postgres.url, silentLog)).stop(1_000);
  process.env.TEST_DATABASE_URL = postgres.url;
  return async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
