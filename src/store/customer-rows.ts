import type { Queryable } from './database.ts';

/** The ids of the rows that say what a customer is: their platform users, their conversations, what is known of them. */
export async function rowsOfCustomer(
  db: Queryable,
  table: 'identities' | 'conversations' | 'facts',
  customer: number,
): Promise<number[]> {
  const rows = await db.selectFrom(table).select('id').where('customer', '=', customer).orderBy('id').execute();
  return rows.map(({ id }) => id);
}
