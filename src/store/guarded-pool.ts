import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type pg from 'pg';
import { spoilsConnection } from '../kit/postgres-trouble.ts';

/** What Kysely is to get back for a `rollback` on a connection that is given up: with it Postgres rolls back itself. */
const rolledBack = { command: 'ROLLBACK' as const, rowCount: 0, rows: [] };

/**
 * A pool that parts with connections that are of no more use: dead, hung (a query gave up waiting), or leading to what
 * has become a standby. Nothing more is tried on such a connection, and it is closed rather than handed out again.
 * `onAnswer` is called for every statement that succeeded, but for those that only begin or end in nothing.
 */
export function guardedPool(pool: pg.Pool, onAnswer: () => unknown): PostgresPool {
  return {
    options: pool.options,
    connect: async () => guarded(await pool.connect(), onAnswer),
    end: () => pool.end(),
  };
}

function guarded(client: pg.PoolClient, onAnswer: () => unknown): PostgresPoolClient {
  let spoilt: unknown;
  const query = async (sql: string, parameters: readonly unknown[]) => {
    if (spoilt !== undefined && sql === 'rollback') return rolledBack;
    if (spoilt !== undefined) throw spoilt;
    try {
      const answer = await client.query(sql, parameters as unknown[]);
      if (sql !== 'begin' && sql !== 'rollback') onAnswer();
      return answer;
    } catch (error) {
      if (spoilsConnection(error)) spoilt = error;
      throw error;
    }
  };
  return {
    ...processIdOf(client),
    query: query as unknown as PostgresPoolClient['query'],
    release: (discard) => client.release(discard || spoilt !== undefined),
  };
}

function processIdOf(client: pg.PoolClient): { processID?: number } {
  const { processID } = client as unknown as { processID?: unknown };
  return typeof processID === 'number' ? { processID } : {};
}
