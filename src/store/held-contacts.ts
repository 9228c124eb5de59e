import { sql } from 'kysely';
import type { ContactObject } from '../domain/contact-match.ts';
import type { ContactId } from '../domain/ids.ts';
import type { LinkedContact } from './contacts.ts';
import type { Queryable } from './database.ts';
import type { TicketState } from './tables.ts';

/** A conversation, and the contact its customer is at a CRM. */
export interface HeldContact {
  conversation: number;
  account: string;
  platformUser: string;
  customer: number;
  crm: string;
  contact: LinkedContact | undefined;
}

/** A row for each conversation and each of these CRMs. */
export async function heldContacts(
  db: Queryable,
  which: { customers: readonly number[] } | { conversations: readonly number[] },
  crms: readonly string[],
): Promise<HeldContact[]> {
  const where =
    'customers' in which
      ? sql`c.customer = any(${[...which.customers]}::bigint[])`
      : sql`c.id = any(${[...which.conversations]}::bigint[])`;
  const { rows } = await sql<{
    conversation: number;
    account: string;
    platformUser: string;
    customer: number;
    crm: string;
    contact: string | null;
    object: string | null;
    name: string | null;
    url: string | null;
  }>`
    select c.id as conversation, c.account, c.platform_user as "platformUser", c.customer, k.crm,
      l.contact, l.object, l.name, l.url
    from conversations c cross join unnest(${[...crms]}::text[]) k(crm)
      left join contact_links l on l.customer = c.customer and l.crm = k.crm and l.state = 'linked'
    where ${where} order by c.id`.execute(db);
  return rows.map(({ contact, object, name, url, ...held }) => ({
    ...held,
    contact:
      contact === null
        ? undefined
        : {
            id: contact as ContactId,
            object: (object ?? 'Contact') as ContactObject,
            ...(name ? { name } : {}),
            ...(url ? { url } : {}),
          },
  }));
}

/** The tickets of a conversation on which something was said, the latest last. */
export async function ticketsOf(db: Queryable, conversation: number): Promise<{ id: number; state: TicketState }[]> {
  return db
    .selectFrom('tickets as t')
    .select(['t.id', 't.state'])
    .where('t.conversation', '=', conversation)
    .where((where) =>
      where.exists(
        where.selectFrom('messages as m').select('m.id').whereRef('m.ticket', '=', 't.id').where('m.kind', '=', 'said'),
      ),
    )
    .orderBy('t.id')
    .execute();
}
