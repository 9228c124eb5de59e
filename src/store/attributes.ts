import { sql } from 'kysely';
import type { Queryable } from './database.ts';

/**
 * Adds to what is known of a customer by the shop; null takes an attribute away. Returns all there are now; undefined when
 * nobody is known by that name on that account.
 */
export async function setAttributes(
  db: Queryable,
  account: string,
  platformUser: string,
  attributes: Readonly<Record<string, string | null>>,
): Promise<Record<string, string> | undefined> {
  const { rows } = await sql<{ attributes: Record<string, string> }>`
    update customers u set attributes = jsonb_strip_nulls(u.attributes || ${JSON.stringify(attributes)}::jsonb)
    from conversations c where c.account = ${account} and c.platform_user = ${platformUser} and u.id = c.customer
    returning u.attributes`.execute(db);
  return rows[0]?.attributes;
}
