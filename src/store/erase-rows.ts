import { type RawBuilder, sql } from 'kysely';
import type { Queryable, Tx } from './database.ts';

/** Everything in the ledger that is somebody's, by its ids. */
export interface Belongings {
  /** The customer, and those who were joined with them. */
  customers: number[];
  conversations: number[];
  messages: number[];
  tickets: number[];
  /** Platform users with every further name they have, by account. */
  users: { account: string; name: string }[];
  /** By kind and the form in which they are compared. */
  facts: { kind: string; compared: string }[];
}

/** Undefined: there is no such customer. */
export async function belongingsOf(db: Queryable, customer: number): Promise<Belongings | undefined> {
  const customers = ids(
    await sql<{ id: number }>`
      with recursive all_of (id) as (
        select id from customers where id = ${customer}
        union select c.id from customers c join all_of a on c.joined_with = a.id)
      select id from all_of order by id`.execute(db),
  );
  if (customers.length === 0) return undefined;
  const of = (statement: RawBuilder<{ id: number }>) => statement.execute(db).then(ids);
  const conversations = await of(
    sql<{ id: number }>`select id from conversations where customer = any(${customers}::bigint[]) order by id`,
  );
  return {
    customers,
    conversations,
    messages: await of(
      sql<{ id: number }>`select id from messages where conversation = any(${conversations}::bigint[]) order by id`,
    ),
    tickets: await of(
      sql<{ id: number }>`select id from tickets where conversation = any(${conversations}::bigint[]) order by id`,
    ),
    users: await namesOf(db, customers),
    facts: (
      await sql<{ kind: string; compared: string }>`
        select distinct kind, compared from facts where customer = any(${customers}::bigint[])`.execute(db)
    ).rows,
  };
}

const ids = ({ rows }: { rows: { id: number }[] }): number[] => rows.map(({ id }) => id);

async function namesOf(db: Queryable, customers: number[]): Promise<Belongings['users']> {
  const { rows } = await sql<{ account: string; name: string }>`
    with own as (
      select account, platform_user from identities where customer = any(${customers}::bigint[])
      union select account, platform_user from conversations where customer = any(${customers}::bigint[]))
    select account, platform_user as name from own
    union select a.account, a.value from aliases a
      join own on own.account = a.account and own.platform_user = a.platform_user`.execute(db);
  return rows;
}

type Where = (of: Belongings) => RawBuilder<unknown>;

const inConversations: Where = (of) => sql`conversation = any(${of.conversations}::bigint[])`;
const ofCustomers: Where = (of) => sql`customer = any(${of.customers}::bigint[])`;
const ofMessages: Where = (of) => sql`message = any(${of.messages}::bigint[])`;
const onTickets: Where = (of) => sql`ticket = any(${of.tickets}::bigint[])`;
const ofUsers: Where = (of) => sql`(account, platform_user) in (
  select * from unnest(${of.users.map(({ account }) => account)}::text[], ${of.users.map(({ name }) => name)}::text[]))`;

const factsOf = ({ facts }: Belongings, kind: string): string[] =>
  facts.filter((fact) => fact.kind === kind).map(({ compared }) => compared);

/** Made for them, used or not. */
const theirLinks: Where = (of) => sql`used_customer = any(${of.customers}::bigint[])
  or shop_customer = any(${factsOf(of, 'shop-customer')}::text[])
  or lower(email) = any(${factsOf(of, 'email')}::text[]) or phone = any(${factsOf(of, 'phone')}::text[])`;

/** Acts on any of their rows, and what undid them. */
const theirActs: Where = (of) => {
  const rows = sql`(select array_agg(n) from (
    select 'customers ' || c as n from unnest(${of.customers}::bigint[]) c
    union select 'conversations ' || c from unnest(${of.conversations}::bigint[]) c) named)`;
  const theirs = sql`customer = any(${of.customers}::bigint[]) or rows && ${rows}`;
  return sql`id in (select id from link_acts where ${theirs})
    or undoes in (select id from link_acts where ${theirs}) or undone_by in (select id from link_acts where ${theirs})`;
};

const theirNotices: Where = (of) => sql`notice in (select id from notices where ${ofCustomers(of)})`;
const theirOrders = (of: Belongings) => sql`(select id from orders where ${ofCustomers(of)})`;

/**
 * Where rows of theirs are, each before what it points to. A test compares this with the tables there are: one that names a
 * customer, a conversation, a message or a platform user must be among them.
 */
export const erasedTables: readonly (readonly [table: string, where: Where])[] = [
  ['shop_orders', (of) => sql`(shop, number) in (select shop, number from orders where ${ofCustomers(of)})`],
  ['order_files', (of) => sql`event in (select id from order_events where "order" in ${theirOrders(of)})`],
  ['campaign_hold_outs', ofCustomers],
  ['notice_tries', theirNotices],
  ['notices', ofCustomers],
  ['order_events', (of) => sql`"order" in ${theirOrders(of)}`],
  ['orders', ofCustomers],
  ['crm_consents', ofCustomers],
  ['crm_consent_reads', ofCustomers],
  ['consent_states', ofCustomers],
  ['consents', (of) => sql`${ofCustomers(of)} or ${ofUsers(of)}`],
  ['sendings', ofCustomers],
  ['reply_parts', ofMessages],
  ['deliveries', ofMessages],
  ['media', ofMessages],
  ['comments', onTickets],
  ['ticket_signs', onTickets],
  ['history_entries', onTickets],
  ['mailed_codes', inConversations],
  ['messages', inConversations],
  ['tickets', inConversations],
  ['questions', (of) => sql`${ofCustomers(of)} or ${inConversations(of)}`],
  ['link_acts', theirActs],
  ['links', theirLinks],
  ['facts', ofCustomers],
  ['contact_links', ofCustomers],
  ['user_refs', ofUsers],
  ['wrong_tokens', ofUsers],
  ['aliases', ofUsers],
  ['identities', ofCustomers],
  ['events', ofUsers],
  ['shop_webhooks', ofCustomers],
  ['conversations', ofCustomers],
  ['customers', (of) => sql`id = any(${of.customers}::bigint[])`],
];

/** Until the transaction ends nothing new can be written that points to them. */
export async function lockBelongings(tx: Tx, { customers, conversations }: Belongings): Promise<void> {
  await sql`select id from customers where id = any(${customers}::bigint[]) order by id for update`.execute(tx);
  await sql`select id from conversations where id = any(${conversations}::bigint[]) order by id for update`.execute(tx);
}

/** Deletes it all; returns how many rows. Files lent for their messages end now, and are left to the sweep of the vault. */
export async function deleteBelongings(tx: Tx, of: Belongings): Promise<number> {
  let rows = 0;
  await sql`update published_files set name = 'erased', message = null, expires_at = now() - interval '1 day'
    where ${ofMessages(of)}`.execute(tx);
  for (const [table, where] of erasedTables) {
    const { numAffectedRows = 0n } = await sql`delete from ${sql.table(table)} where ${where(of)}`.execute(tx);
    rows += Number(numAffectedRows);
  }
  return rows;
}

/** What is no business of theirs, or would let somebody act in their name: keys and hashes. */
const kept = [
  ...['code_digest', 'token_digest', 'request_key', 'request_digest', 'digest', 'answer_token'],
  ...['storage_key', 'marker', 'content'],
];

/** All of it by table, as it stands. */
export async function rowsOfBelongings(db: Queryable, of: Belongings): Promise<Record<string, unknown[]>> {
  const all: Record<string, unknown[]> = {};
  for (const [table, where] of [...erasedTables].reverse()) {
    const { rows } = await sql<{ row: Record<string, unknown> }>`
      select to_jsonb(t) - ${kept}::text[] as row from ${sql.table(table)} t where ${where(of)} order by 1`.execute(db);
    all[table] = rows.map(({ row }) => row);
  }
  return all;
}

/** Somebody else's candidates of contacts that are theirs. */
export async function forgetCandidates(tx: Tx, contacts: readonly string[]): Promise<void> {
  if (contacts.length === 0) return;
  for (const table of ['questions', 'contact_links'])
    await sql`update ${sql.table(table)} t set candidates = (
        select coalesce(jsonb_agg(e), '[]') from jsonb_array_elements(t.candidates) e
        where coalesce(e->>'id', '') <> all(${[...contacts]}::text[]))
      where jsonb_array_length(t.candidates) > 0 and exists (
        select 1 from jsonb_array_elements(t.candidates) e where e->>'id' = any(${[...contacts]}::text[]))`.execute(tx);
}
