import { sql } from 'kysely';
import type { Queryable } from './database.ts';

/** When something last came from a customer, by account; those from which nothing ever came are missing. */
export async function lastMessageTimes(db: Queryable, accounts: readonly string[]): Promise<Map<string, Date>> {
  const { rows } = await sql<{ account: string; at: Date | null }>`
    select account, (select last_customer_at from conversations c
      where c.account = a.account and last_customer_at is not null order by last_customer_at desc limit 1) as at
    from unnest(${[...accounts]}::text[]) as a(account)`.execute(db);
  return new Map(rows.flatMap(({ account, at }) => (at ? [[account, at] as const] : [])));
}

/** The conversations of an account in which a customer wrote last. */
export async function lastConversations(
  db: Queryable,
  account: string,
  limit: number,
): Promise<{ id: number; name: string | null; lastCustomerAt: Date | null }[]> {
  const rows = await db
    .selectFrom('conversations as c')
    .innerJoin('customers as u', 'u.id', 'c.customer')
    .select(['c.id', 'u.name', 'c.last_customer_at'])
    .where('c.account', '=', account)
    .where('c.last_customer_at', 'is not', null)
    .orderBy('c.last_customer_at', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ id, name, last_customer_at }) => ({ id, name, lastCustomerAt: last_customer_at }));
}
