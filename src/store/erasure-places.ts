import { sql } from 'kysely';
import type { Queryable } from './database.ts';
import type { Belongings } from './erase-rows.ts';

export interface TicketPlace {
  helpdesk: string;
  remoteId: string | null;
  externalId: string;
}

/** Also those being created just now, and not those that are in the ledger alone. */
export async function ticketPlaces(db: Queryable, { tickets }: Belongings): Promise<TicketPlace[]> {
  const { rows } = await sql<TicketPlace>`
    select helpdesk, remote_id as "remoteId", external_id as "externalId" from tickets
    where id = any(${tickets}::bigint[]) and helpdesk <> '' order by id`.execute(db);
  return rows;
}

export interface PersonPlace {
  conversation: number;
  account: string;
  platformUser: string;
  person: string | null;
  /** Found by something other than our own key, or somebody else's as well: not made for them alone. */
  shared: boolean;
}

export async function personPlaces(db: Queryable, { conversations }: Belongings): Promise<PersonPlace[]> {
  const { rows } = await sql<PersonPlace>`
    select c.id as conversation, c.account, c.platform_user as "platformUser", c.person,
      c.person_evidence is not null or exists (
        select 1 from conversations o where o.person = c.person and o.id <> all(${conversations}::bigint[])) as shared
    from conversations c where c.id = any(${conversations}::bigint[]) order by c.id`.execute(db);
  return rows;
}

export interface HistoryPlace {
  crm: string;
  /** Of the ticket: entries begin with it. */
  externalId: string;
  mapping: number | null;
  entries: { key: string; id: string | null }[];
}

export async function historyPlaces(db: Queryable, { tickets }: Belongings): Promise<HistoryPlace[]> {
  const { rows } = await sql<HistoryPlace>`
    select h.crm, t.external_id as "externalId", t.mapping,
      jsonb_agg(jsonb_build_object('key', h.key, 'id', h.remote_id) order by h.id) as entries
    from history_entries h join tickets t on t.id = h.ticket
    where h.ticket = any(${tickets}::bigint[]) group by h.crm, t.id order by t.id`.execute(db);
  return rows;
}

export interface ContactPlace {
  crm: string;
  contact: string;
  object: string;
  /** Made by us, and nobody else's. */
  ours: boolean;
}

export async function contactPlaces(db: Queryable, { customers }: Belongings): Promise<ContactPlace[]> {
  const { rows } = await sql<ContactPlace>`
    select l.crm, l.contact, coalesce(l.object, 'Contact') as object,
      l.evidence = 'created by us' and not exists (
        select 1 from contact_links o where o.crm = l.crm and o.contact = l.contact
          and o.customer <> all(${customers}::bigint[])) as ours
    from contact_links l where l.customer = any(${customers}::bigint[]) and l.contact is not null
    order by l.id`.execute(db);
  return rows;
}

export interface ConsentPlace {
  crm: string;
  keys: string[];
  /** Contacts that are nobody else's. */
  contacts: string[];
}

/** What was written of their consents, or was just being written. */
export async function consentPlaces(db: Queryable, { customers }: Belongings): Promise<ConsentPlace[]> {
  const { rows } = await sql<ConsentPlace>`
    select w.crm, array_agg(w.name order by w.name) as keys,
      coalesce(array_agg(distinct w.contact) filter (where not exists (
        select 1 from contact_links o where o.crm = w.crm and o.contact = w.contact
          and o.customer <> all(${customers}::bigint[]))), '{}') as contacts
    from crm_consents w where w.customer = any(${customers}::bigint[]) and w.name like 'consent:%'
    group by w.crm order by w.crm`.execute(db);
  return rows;
}

/** Copies in the vault: those there are, and where those being copied just now will be. */
export async function copyKeys(db: Queryable, { messages, customers }: Belongings): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`
    select coalesce(f.storage_key, m.conversation || '/' || f.message || '-' || f.position) as key
    from media f join messages m on m.id = f.message
    where f.message = any(${messages}::bigint[]) and (f.storage_key is not null or f.state = 'waiting')
    union all select f.storage_key from order_files f join order_events e on e.id = f.event
      join orders o on o.id = e."order" where o.customer = any(${customers}::bigint[]) and f.storage_key is not null`.execute(
    db,
  );
  return rows.map(({ key }) => key);
}
