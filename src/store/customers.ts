import { sql } from 'kysely';
import { keptFact } from '../domain/fact.ts';
import type { Queryable } from './database.ts';

/** What `contact_links` and the conversations say of a customer, as it stands there. */
export interface CustomerRecord {
  id: number;
  name: string | undefined;
  email: string | undefined;
  phone: string | undefined;
  locale: string | undefined;
  since: Date;
  conversations: { id: number; account: string; platformUser: string; lastWrote: Date | undefined; person?: string }[];
  contacts: { crm: string; state: string; contact?: string; evidence: string; candidates: unknown; at: Date }[];
}

/**
 * Customers that a word may mean: their own number, a platform user or an alias of one, or an e-mail, phone or shop's
 * customer id that stands as a fact. In the order of their numbers.
 */
export async function customersMeant(db: Queryable, word: string, account?: string): Promise<number[]> {
  const number = /^\d{1,15}$/.test(word) && account === undefined ? Number(word) : -1;
  const compared = [keptFact('email', word), keptFact('phone', word), keptFact('shop-customer', word)].flatMap(
    (kept) => kept?.compared ?? [],
  );
  const { rows } = await sql<{ id: number }>`
    select id from customers where id = ${number}
    union select i.customer from identities i
      where i.platform_user = ${word} and (${account ?? null}::text is null or i.account = ${account ?? null})
    union select i.customer from aliases a
      join identities i on i.account = a.account and i.platform_user = a.platform_user
      where a.value = ${word} and (${account ?? null}::text is null or a.account = ${account ?? null})
    union select f.customer from facts f
      where f.kind in ('email', 'phone', 'shop-customer') and f.compared = any(${compared}::text[])
        and f.withdrawn_at is null and ${account ?? null}::text is null
    order by 1 limit 50`.execute(db);
  return rows.map(({ id }) => id);
}

/** Of these numbers, those of customers there are and who were not joined with another. */
export async function existingCustomers(db: Queryable, ids: readonly number[]): Promise<number[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('customers')
    .select('id')
    .where('id', 'in', [...ids])
    .where('joined_with', 'is', null)
    .execute();
  return rows.map(({ id }) => id);
}

export async function customerRecord(db: Queryable, id: number): Promise<CustomerRecord | undefined> {
  const row = await db.selectFrom('customers').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) return undefined;
  const talks = await db.selectFrom('conversations').selectAll().where('customer', '=', id).orderBy('id').execute();
  const links = await db.selectFrom('contact_links').selectAll().where('customer', '=', id).orderBy('crm').execute();
  return {
    id,
    name: row.name ?? undefined,
    email: row.email ?? undefined,
    phone: row.phone ?? undefined,
    locale: row.locale ?? undefined,
    since: row.created_at,
    conversations: talks.map((talk) => ({
      id: talk.id,
      account: talk.account,
      platformUser: talk.platform_user,
      lastWrote: talk.last_customer_at ?? undefined,
      ...(talk.person === null ? {} : { person: talk.person }),
    })),
    contacts: links.map(({ crm, state, contact, evidence, candidates, checked_at }) => ({
      crm,
      state,
      ...(contact === null ? {} : { contact }),
      evidence,
      candidates,
      at: checked_at,
    })),
  };
}
