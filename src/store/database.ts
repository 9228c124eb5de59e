import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import { migrations } from './migrations/all.ts';
import type { Tables } from './tables.ts';

export type Database = Kysely<Tables>;
export type Tx = Transaction<Tables>;
/** Where a query runs: the pool, or a transaction that is open. */
export type Queryable = Database | Tx;

const int8 = 20;

/** Opens a pool of at most `max` connections. bigint columns come as numbers: ids stay far below 2^53. */
export function openDatabase(url: string, max = 16, onError: (error: Error) => unknown = () => undefined): Database {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: openPool(url, max, onError) }) });
}

export function openPool(url: string, max: number, onError: (error: Error) => unknown): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: 5_000,
    application_name: 'passerelle',
    types: {
      getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
        oid === int8 ? Number : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
    },
  });
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
