import { sql } from 'kysely';
import type { Seal } from '../kit/seal.ts';
import { type HandedOut, isDone, renewBeforeMs, type SharedTokens } from '../kit/shared-tokens.ts';
import type { Database, Queryable, Tx } from './database.ts';

interface Kept {
  token: string;
  until: number;
}

/**
 * Access tokens in the ledger, sealed, so that all replicas use the same one. While one replica renews a token the others
 * wait for it. A token that cannot be opened (its key is gone) counts as none. `seal` is asked for when it is first needed:
 * an account without such tokens needs no key.
 */
export function ledgerTokens(db: Database, seal: () => Seal, now: () => Date): SharedTokens {
  const near = new Map<string, Kept>();
  const holds = (kept: Kept | undefined, refused: string | undefined): boolean =>
    kept !== undefined && kept.token !== refused && kept.until - renewBeforeMs > now().getTime();
  return {
    async get<Failure>(
      key: string,
      renew: (last: string | undefined) => Promise<{ result: 'done'; value: HandedOut } | Failure>,
      refused?: string,
    ) {
      const known = near.get(key);
      if (known && holds(known, refused)) return { result: 'done' as const, value: known.token };
      return db.transaction().execute(async (tx) => {
        await lock(tx, key);
        const kept = await read(tx, seal(), key);
        if (kept && holds(kept, refused)) {
          near.set(key, kept);
          return { result: 'done' as const, value: kept.token };
        }
        const renewed = await renew(kept?.token);
        if (!isDone(renewed)) return renewed;
        const fresh = { token: renewed.value.token, until: now().getTime() + renewed.value.holdsMs };
        await write(tx, seal(), key, fresh);
        near.set(key, fresh);
        return { result: 'done' as const, value: fresh.token };
      });
    },
    async put(key, { token, holdsMs }) {
      const fresh = { token, until: now().getTime() + holdsMs };
      await db.transaction().execute(async (tx) => {
        await lock(tx, key);
        await write(tx, seal(), key, fresh);
      });
      near.set(key, fresh);
    },
  };
}

const lock = (tx: Tx, key: string) =>
  sql`select pg_advisory_xact_lock(hashtext('passerelle.token'), hashtext(${key}))`.execute(tx);

/** What is kept under `key`, for a command that runs beside the service; undefined when it holds no longer. */
export async function keptToken(db: Queryable, seal: Seal, key: string, now: Date): Promise<HandedOut | undefined> {
  const kept = await read(db, seal, key);
  const holdsMs = (kept?.until ?? 0) - now.getTime();
  return kept && holdsMs > renewBeforeMs ? { token: kept.token, holdsMs } : undefined;
}

async function read(tx: Queryable, seal: Seal, key: string): Promise<Kept | undefined> {
  const row = await tx.selectFrom('shared_tokens').selectAll().where('key', '=', key).executeTakeFirst();
  const opened = row && seal.open(row.sealed);
  return opened?.result === 'opened' ? { token: opened.text, until: row!.holds_until.getTime() } : undefined;
}

async function write(tx: Tx, seal: Seal, key: string, { token, until }: Kept): Promise<void> {
  const values = { key, sealed: seal.seal(token), holds_until: new Date(until), renewed_at: new Date() };
  await tx
    .insertInto('shared_tokens')
    .values(values)
    .onConflict((conflict) => conflict.column('key').doUpdateSet(values))
    .execute();
}
