import { sql } from 'kysely';
import type { ContactId } from '../domain/ids.ts';
import type { HeldAtCrm } from './crm-consent-tables.ts';
import type { Queryable, Tx } from './database.ts';

/** A customer and the contact they are. */
export interface LinkedCustomer {
  customer: number;
  contact: ContactId;
}

/** Whoever is one of these contacts. */
export async function customersWhoAre(
  db: Queryable,
  crm: string,
  contacts: readonly string[],
): Promise<LinkedCustomer[]> {
  const { rows } = await sql<LinkedCustomer>`select l.customer, l.contact from contact_links l
    join customers u on u.id = l.customer and u.joined_with is null
    where l.crm = ${crm} and l.state = 'linked' and l.contact = any(${[...contacts]}::text[]) order by l.customer`.execute(
    db,
  );
  return rows;
}

/** Whose consents were not read since then, or not of the contact they are now: those who wait longest first. */
export async function customersToRead(
  db: Queryable,
  crm: string,
  since: Date,
  most: number,
): Promise<LinkedCustomer[]> {
  const { rows } = await sql<LinkedCustomer>`select l.customer, l.contact from contact_links l
    join customers u on u.id = l.customer and u.joined_with is null
    left join crm_consent_reads r on r.crm = l.crm and r.customer = l.customer and r.contact = l.contact
    where l.crm = ${crm} and l.state = 'linked' and (r.read_at is null or r.read_at < ${since})
    order by r.read_at nulls first, l.customer limit ${most}`.execute(db);
  return rows;
}

export async function markConsentsRead(tx: Tx, crm: string, { customer, contact }: LinkedCustomer, at: Date) {
  const news = { contact, read_at: at };
  await tx
    .insertInto('crm_consent_reads')
    .values({ crm, customer, ...news })
    .onConflict((conflict) => conflict.columns(['crm', 'customer']).doUpdateSet(news))
    .execute();
}

export interface HeldRow {
  name: string;
  contact: string;
  channel: string;
  purpose: string;
  held: HeldAtCrm;
  wanted: HeldAtCrm | null;
}

export const heldRows = (tx: Queryable, crm: string, customer: number): Promise<HeldRow[]> =>
  tx
    .selectFrom('crm_consents')
    .select(['name', 'contact', 'channel', 'purpose', 'held', 'wanted'])
    .where('crm', '=', crm)
    .where('customer', '=', customer)
    .execute();

/** Keeps what the CRM holds now. */
export async function keepHeld(
  tx: Tx,
  crm: string,
  customer: number,
  { name, contact, channel, purpose, held, wanted }: HeldRow,
): Promise<void> {
  const news = { contact, channel, purpose, held, wanted };
  await tx
    .insertInto('crm_consents')
    .values({ crm, customer, name, refused: null, refused_at: null, ...news })
    .onConflict((conflict) => conflict.columns(['crm', 'customer', 'name']).doUpdateSet(news))
    .execute();
}

export interface ConsentToWrite {
  key: string;
  customer: number;
  contact: ContactId;
  channel: string;
  purpose: string;
  state: HeldAtCrm;
  since: Date;
  source: string;
}

/** What stands here and is not held there; also what stood and does no more. What was refused lately waits. */
export async function consentsToWrite(
  db: Queryable,
  crm: string,
  { refusedBefore, now, most }: { refusedBefore: Date; now: Date; most: number },
): Promise<ConsentToWrite[]> {
  const { rows } = await sql<ConsentToWrite>`
    with standing as (
      select 'consent:' || s.customer || ':' || s.channel || ':' || s.purpose as key,
        s.customer, l.contact, s.channel, s.purpose, s.state, s.since, c.source
      from consent_states s join consents c on c.id = s.act
      join customers u on u.id = s.customer and u.joined_with is null
      join contact_links l on l.customer = s.customer and l.crm = ${crm} and l.state = 'linked')
    select t.* from standing t left join crm_consents w on w.crm = ${crm} and w.customer = t.customer and w.name = t.key
    where (w.name is null or w.held <> t.state or w.contact <> t.contact or w.wanted is not null)
      and (w.refused_at is null or w.refused_at < ${refusedBefore})
    union all
    select w.name, w.customer, w.contact, w.channel, w.purpose, 'none', ${now}::timestamptz, 'service' from crm_consents w
    where w.crm = ${crm} and w.name like 'consent:%' and w.held <> 'none'
      and (w.refused_at is null or w.refused_at < ${refusedBefore})
      and not exists (select 1 from consent_states s
        where s.customer = w.customer and s.channel = w.channel and s.purpose = w.purpose)
    limit ${most}`.execute(db);
  return rows;
}

/** Before they are written; leaves out who was forgotten meanwhile. */
export async function noteWanted(db: Queryable, crm: string, consents: readonly ConsentToWrite[]): Promise<void> {
  const column = (name: keyof ConsentToWrite) => consents.map((each) => each[name]);
  await sql`insert into crm_consents (crm, customer, name, contact, channel, purpose, held, wanted)
    select ${crm}, g.customer, g.name, g.contact, g.channel, g.purpose, 'none', g.state
    from unnest(${column('customer')}::bigint[], ${column('key')}::text[], ${column('contact')}::text[],
      ${column('channel')}::text[], ${column('purpose')}::text[], ${column('state')}::text[])
      as g (customer, name, contact, channel, purpose, state)
    join customers u on u.id = g.customer
    on conflict (crm, customer, name) do update set wanted = excluded.wanted, contact = excluded.contact`.execute(db);
}

/** It is written: that is what the CRM holds. */
export async function settleWritten(
  db: Queryable,
  crm: string,
  { customer, key, state }: ConsentToWrite,
): Promise<void> {
  await db
    .updateTable('crm_consents')
    .set({ held: state, wanted: null, refused: null, refused_at: null })
    .where('crm', '=', crm)
    .where('customer', '=', customer)
    .where('name', '=', key)
    .where('wanted', '=', state)
    .execute();
}

export async function noteRefused(
  db: Queryable,
  crm: string,
  { customer, key }: ConsentToWrite,
  { why, at }: { why: string; at: Date },
): Promise<void> {
  await db
    .updateTable('crm_consents')
    .set({ refused: why, refused_at: at })
    .where('crm', '=', crm)
    .where('customer', '=', customer)
    .where('name', '=', key)
    .execute();
}
