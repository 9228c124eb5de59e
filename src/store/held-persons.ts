import type { Queryable } from './database.ts';

/** A conversation, and who its customer is at the helpdesk. */
export interface HeldPerson {
  conversation: number;
  account: string;
  platformUser: string;
  person: string | undefined;
  /** Whom a person said they are not. */
  refused: string[];
}

export async function heldPersons(
  db: Queryable,
  which: { customers: readonly number[] } | { conversations: readonly number[] },
): Promise<HeldPerson[]> {
  const [column, ids] =
    'customers' in which ? (['customer', which.customers] as const) : (['id', which.conversations] as const);
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('conversations')
    .select(['id', 'account', 'platform_user', 'person', 'persons_refused'])
    .where(column, 'in', [...ids])
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    conversation: row.id,
    account: row.account,
    platformUser: row.platform_user,
    person: row.person ?? undefined,
    refused: row.persons_refused,
  }));
}
