import { sql } from 'kysely';
import { keptFact } from '../domain/fact.ts';
import type { Queryable } from './database.ts';

/** Customers of whom this is known, however well. */
export async function customersWith(
  db: Queryable,
  kind: 'email' | 'phone' | 'shop-customer',
  value: string,
): Promise<number[]> {
  const compared = keptFact(kind, value)?.compared;
  if (compared === undefined) return [];
  const { rows } = await sql<{ id: number }>`
    select distinct coalesce(c.joined_with, c.id) as id from facts f join customers c on c.id = f.customer
    where f.kind = ${kind} and f.compared = ${compared} and f.withdrawn_at is null order by 1 limit 50`.execute(db);
  return rows.map(({ id }) => id);
}
