import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildConsole } from '../../scripts/build-console.mjs';
import { buildZendeskApp } from '../../scripts/build-zendesk-app.mjs';

/** One real Postgres for the whole run, with a migrated template that each test file clones. */
export default async function setUp() {
  buildConsole();
  buildZendeskApp();
  const { startEmbeddedPostgres } = await import('../../src/store/embedded-postgres.ts');
  const { migrate, openDatabase } = await import('../../src/store/database.ts');
  const { openQueue } = await import('../../src/queue/queue.ts');
  const { silentLog } = await import('../../src/kit/log.ts');
  const folder = mkdtempSync(join(tmpdir(), 'passerelle-postgres-'));
  // As root, Postgres runs as another user, who has to get in.
  chmodSync(folder, 0o755);
  const postgres = await startEmbeddedPostgres(folder, ['max_connections=300']);
  const db = openDatabase(postgres.url, 2);
  await migrate(db);
  await db.destroy();
  await (await openQueue(postgres.url, silentLog)).stop(1_000);
  process.env.TEST_DATABASE_URL = postgres.url;
  globalThis.stopTestPostgres = async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
