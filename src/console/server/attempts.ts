import { CompiledQuery } from 'kysely';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { sha256Hex } from '../../kit/crypto.ts';
import { emailKey } from '../../store/console-users.ts';
import type { Database } from '../../store/database.ts';

/** Seconds for which wrong passwords are remembered, and for which nobody gets in after too many. */
const windowSeconds = 15 * 60;
/** From one address for one account; then for one account from anywhere; then from one address for any account. */
const most = { pair: 5, account: 30, address: 50 };

/** Counts wrong passwords, for all replicas together. What is right is never counted. */
export interface Attempts {
  /** Milliseconds until another try is let through; 0: now. */
  waitMs(email: string, address: string): Promise<number>;
  /** Notes a wrong one; whether it was the one too many. */
  failed(email: string, address: string): Promise<boolean>;
  /** The right one came: what was wrong before is forgotten for this account from this address. */
  succeeded(email: string, address: string): Promise<void>;
}

export function makeAttempts(db: Database): Attempts {
  const limiters = {
    pair: limiter(db, 'console-pair', most.pair),
    account: limiter(db, accountPrefix, most.account),
    address: limiter(db, 'console-address', most.address),
  };
  const keys = (email: string, address: string) => ({
    pair: `${keyOf(email)}:${address}`,
    account: keyOf(email),
    address,
  });
  const names = ['pair', 'account', 'address'] as const;
  return {
    waitMs: async (email, address) => {
      const key = keys(email, address);
      const found = await Promise.all(names.map((name) => limiters[name].get(key[name])));
      return Math.max(
        0,
        ...found.map((each, i) => (each && each.consumedPoints >= most[names[i]!] ? each.msBeforeNext : 0)),
      );
    },
    failed: async (email, address) => {
      const key = keys(email, address);
      const left = await Promise.all(names.map((name) => leftAfter(limiters[name], key[name])));
      return left.some((each) => each === 0);
    },
    succeeded: async (email, address) => {
      await limiters.pair.delete(keys(email, address).pair);
    },
  };
}

/** Lets an account be tried again at once, from everywhere. */
export async function forgetAttempts(db: Database, email: string): Promise<void> {
  const key = keyOf(email);
  const { sql, parameters } = CompiledQuery.raw(`delete from budgets where key = $1 or key like $2`, [
    `${accountPrefix}:${key}`,
    `console-pair:${key}:%`,
  ]);
  await db.executeQuery(CompiledQuery.raw(sql, [...parameters]));
}

const accountPrefix = 'console-account';

/** Whoever looks into the table learns no address that was tried. */
const keyOf = (email: string): string => sha256Hex(emailKey(email)).slice(0, 32);

const limiter = (db: Database, keyPrefix: string, points: number) =>
  new RateLimiterPostgres({
    storeClient: { query: (asked: { text: string; values: unknown[] }) => query(db, asked) },
    storeType: 'pool',
    tableName: 'budgets',
    tableCreated: true,
    keyPrefix,
    points,
    duration: windowSeconds,
    clearExpiredByTimeout: false,
  });

async function query(db: Database, { text, values }: { text: string; values: unknown[] }) {
  const { rows, numAffectedRows } = await db.executeQuery(CompiledQuery.raw(text, values));
  return { rows, rowCount: Number(numAffectedRows ?? rows.length) };
}

/** How many tries are left after this one. */
async function leftAfter(of: RateLimiterPostgres, key: string): Promise<number> {
  try {
    return (await of.consume(key)).remainingPoints;
  } catch (refused) {
    if (refused instanceof RateLimiterRes) return 0;
    throw refused;
  }
}
