import type { Queryable } from './database.ts';

/** The platform users that a customer is. */
export async function platformUsersOf(
  db: Queryable,
  customer: number,
): Promise<{ account: string; platformUser: string }[]> {
  const rows = await db
    .selectFrom('identities')
    .select(['account', 'platform_user'])
    .where('customer', '=', customer)
    .orderBy('id')
    .execute();
  return rows.map(({ account, platform_user }) => ({ account, platformUser: platform_user }));
}
