import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import { guardedPool } from './guarded-pool.ts';
import { migrations } from './migrations/all.ts';
import type { Tables } from './tables.ts';

export type Database = Kysely<Tables>;
export type Tx = Transaction<Tables>;
/** Where a query runs: the pool, or a transaction that is open. */
export type Queryable = Database | Tx;

const int8 = 20;

/** How long, in milliseconds, to wait for a connection, for a statement, and for an answer before the connection counts as hung. */
export interface Patience {
  connectMs: number;
  statementMs: number;
  answerMs: number;
}

const usualPatience: Patience = { connectMs: 5_000, statementMs: 30_000, answerMs: 35_000 };
/** The door answers before that (`http/commit-in-time.ts`); by then its connection is free again, too. */
export const doorPatience: Patience = { connectMs: 2_000, statementMs: 2_000, answerMs: 2_500 };
export const endlessPatience: Patience = { connectMs: 15_000, statementMs: 0, answerMs: 0 };

type OnError = (error: Error) => unknown;

/** Opens a pool of at most `max` connections. bigint columns come as numbers: ids stay far below 2^53. */
export function openDatabase(
  url: string,
  max = 16,
  onError: OnError = () => undefined,
  patience = usualPatience,
  onAnswer: () => unknown = () => undefined,
): Database {
  const pool = guardedPool(openPool(url, max, onError, patience), onAnswer);
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

export function openPool(url: string, max: number, onError: OnError, patience: Patience = usualPatience): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: patience.connectMs,
    statement_timeout: patience.statementMs,
    query_timeout: patience.answerMs,
    // A transaction nobody goes on with (its process hangs) must not keep its locks.
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true,
    application_name: 'passerelle',
    types: {
      getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
        oid === int8 ? Number : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
    },
  });
  // A connection that breaks while it is lent out tells nobody but itself; without a listener that ends the process.
  pool.on('connect', (client) => client.on('error', onError));
  pool.on('error', onError);
  return pool;
}

/** Brings the schema up to date. Safe to run by several replicas at once: one does it, the others wait. */
export async function migrate(db: Database): Promise<string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error, results } = await migrator.migrateToLatest();
  if (error) throw error;
  return (results ?? []).map((result) => result.migrationName);
}
