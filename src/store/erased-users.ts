import { randomBytes } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import type { Queryable, Tx } from './database.ts';

/** Names what hashes of people are made with; whoever has the ledger's dump alone can try phone numbers against them, no more. */
const purpose = 'erasure';

/** A hash of something that names a person, made with a key of this ledger's own. */
export const personDigest = (named: RawBuilder<string>): RawBuilder<Buffer> =>
  sql<Buffer>`sha256((select key from service_keys where purpose = ${purpose}) || convert_to(${named}, 'UTF8'))`;

export const userName = (account: string, user: string): string => `${account}|${user}`;

/** Made once; all replicas use the same. */
export async function haveDigestKey(tx: Queryable): Promise<void> {
  await tx
    .insertInto('service_keys')
    .values({ purpose, key: randomBytes(32) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** From now on what a platform tells of them from before is not taken in. */
export async function rememberErased(tx: Tx, users: readonly { account: string; name: string }[]): Promise<void> {
  const names = users.map(({ account, name }) => userName(account, name));
  await sql`insert into erased_users (digest)
    select ${personDigest(sql<string>`n`)} from unnest(${names}::text[]) n
    on conflict (digest) do update set erased_at = now()`.execute(tx);
}

/** When a platform user was last forgotten, as part of another query. */
export const erasedSince = (account: string, user: string): RawBuilder<Date | null> =>
  sql<Date | null>`(select erased_at from erased_users
    where digest = ${personDigest(sql<string>`${userName(account, user)}::text`)})`;
