import { sql } from 'kysely';
import { seconds } from '../domain/duration.ts';
import type { FieldRules } from '../domain/mapping.ts';
import { silentLog } from '../kit/log.ts';
import { openWaker } from '../queue/queue.ts';
import { migrate, openDatabase } from '../store/database.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../store/embedded-postgres.ts';
import type { Operations } from './operations.ts';

/** Where the ledger is: a Postgres by `url`, or the embedded one under `dataDir`. */
export interface LedgerPlace {
  url: string | undefined;
  dataDir: string;
}

/**
 * Opens the ledger beside the service, whether that runs or not. An embedded Postgres that does not run is started, and
 * stopped again unless somebody came to use it meanwhile.
 */
export async function openOperations(
  { url, dataDir }: LedgerPlace,
  accounts: Operations['accounts'],
  joinedFields: () => FieldRules = () => ({}),
): Promise<Operations & { close(): Promise<void> }> {
  const embedded = url === undefined ? await startEmbeddedPostgres(dataDir) : undefined;
  const address = url ?? embedded!.url;
  const db = openDatabase(address, 4);
  try {
    await migrate(db);
    const queue = await openWaker(address, silentLog);
    const close = async () => {
      await queue.stop(seconds(2));
      await db.destroy();
      if (embedded) await stopUnlessUsed(embedded);
    };
    return { db, queue, accounts, joinedFields, close };
  } catch (error) {
    await db.destroy();
    if (embedded) await stopUnlessUsed(embedded);
    throw error;
  }
}

async function stopUnlessUsed(embedded: EmbeddedPostgres): Promise<void> {
  if (embedded.wasRunning || (await isUsed(embedded.url))) return;
  await embedded.stop();
}

/** Connections of our own may take a moment to be gone. */
async function isUsed(url: string): Promise<boolean> {
  const db = openDatabase(url, 1);
  try {
    for (let tries = 0; tries < 20; tries++) {
      const { rows } = await sql<{ others: number }>`
        select count(*)::int as others from pg_stat_activity
        where backend_type = 'client backend' and pid <> pg_backend_pid()`.execute(db);
      if (rows[0]?.others === 0) return false;
      await new Promise((next) => setTimeout(next, 50));
    }
    return true;
  } finally {
    await db.destroy();
  }
}
