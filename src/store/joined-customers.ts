import type { Queryable } from './database.ts';

/** False for a customer nobody knows, and for one who was joined with another. */
export async function customerExists(db: Queryable, customer: number): Promise<boolean> {
  const row = await db
    .selectFrom('customers')
    .select('id')
    .where('id', '=', customer)
    .where('joined_with', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}
