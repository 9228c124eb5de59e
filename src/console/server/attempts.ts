import { CompiledQuery } from 'kysely';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { Database } from '../../store/database.ts';
import { triesKey, triesOf } from '../../store/sign-in-tries.ts';

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
    pair: limiter(db, triesOf.pair, most.pair),
    account: limiter(db, triesOf.account, most.account),
    address: limiter(db, triesOf.address, most.address),
  };
  const keys = (email: string, address: string) => ({
    pair: `${triesKey(email)}:${address}`,
    account: triesKey(email),
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
