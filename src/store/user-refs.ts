import { sql } from 'kysely';
import type { Tx } from './database.ts';

/** Somebody ticked a box on a page: known by a reference of that page until they answer. */
export interface UserRef {
  /** What the page put along with it. */
  ref: string | undefined;
  /** Who that turned out to be. */
  platformUser: string | undefined;
}

/** Notes the tick; the answer may have come before it. */
export async function userRefCame(
  tx: Tx,
  { account, userRef, ref, at }: { account: string; userRef: string; ref: string | undefined; at: Date },
): Promise<UserRef> {
  const { rows } = await sql<{ ref: string | null; platform_user: string | null }>`
    insert into user_refs (account, user_ref, ref, opted_in_at) values (${account}, ${userRef}, ${ref ?? null}, ${at})
    on conflict (account, user_ref) do update set ref = excluded.ref
    returning ref, platform_user`.execute(tx);
  return userRefOf(rows[0]!);
}

/** Who that reference is, for good: a second one who claims it is not believed, and gets nothing. */
export async function userRefIs(
  tx: Tx,
  { account, userRef, platformUser, at }: { account: string; userRef: string; platformUser: string; at: Date },
): Promise<UserRef | undefined> {
  const { rows } = await sql<{ ref: string | null; platform_user: string | null }>`
    insert into user_refs as known (account, user_ref, platform_user, opted_in_at)
    values (${account}, ${userRef}, ${platformUser}, ${at})
    on conflict (account, user_ref) do update set platform_user = ${platformUser}
      where known.platform_user is null
    returning ref, platform_user`.execute(tx);
  return rows[0] && userRefOf(rows[0]);
}

const userRefOf = (row: { ref: string | null; platform_user: string | null }): UserRef => ({
  ref: row.ref ?? undefined,
  platformUser: row.platform_user ?? undefined,
});
