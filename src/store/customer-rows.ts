import type { Queryable } from './database.ts';

/** The ids of the rows that say what a customer is: their platform users or their conversations. */
export async function rowsOfCustomer(
  db: Queryable,
  table: 'identities' | 'conversations',
  customer: number,
): Promise<number[]> {
  const rows = await db.selectFrom(table).select('id').where('customer', '=', customer).orderBy('id').execute();
  return rows.map(({ id }) => id);
}
