import { sql } from 'kysely';
import { contactLinks, type KeptLink } from './contacts.ts';
import type { Queryable } from './database.ts';
import { factsOf, type KeptFact } from './facts.ts';
import { type LinkAct, listActs } from './link-acts.ts';
import { listQuestions, type Question } from './questions.ts';

/** Everything that says who a customer is, and how it is known. */
export interface WhoIs {
  customer: number;
  name: string | undefined;
  /** With whom they were joined; nothing else is said of them then. */
  joinedWith: number | undefined;
  users: {
    account: string;
    platformUser: string;
    evidence: string;
    conversation: number | undefined;
    person?: string;
  }[];
  facts: KeptFact[];
  links: { crm: string; link: KeptLink }[];
  questions: Question[];
  /** What people decided, the latest first. */
  acts: LinkAct[];
}

export async function whoIs(db: Queryable, customer: number): Promise<WhoIs | undefined> {
  const row = await db.selectFrom('customers').selectAll().where('id', '=', customer).executeTakeFirst();
  if (!row) return undefined;
  const links = await contactLinks(db, customer);
  return {
    customer,
    name: row.name ?? undefined,
    joinedWith: row.joined_with ?? undefined,
    users: await usersOf(db, customer),
    facts: await factsOf(db, customer),
    links: [...links].map(([crm, link]) => ({ crm, link })),
    questions: await listQuestions(db, { customer }, 100),
    acts: await listActs(db, customer, 100),
  };
}

async function usersOf(db: Queryable, customer: number): Promise<WhoIs['users']> {
  const rows = await db
    .selectFrom('identities as i')
    .leftJoin('conversations as c', (join) =>
      join.onRef('c.account', '=', 'i.account').onRef('c.platform_user', '=', 'i.platform_user'),
    )
    .select(['i.account', 'i.platform_user', 'i.evidence', 'c.id as conversation', 'c.person'])
    .where('i.customer', '=', customer)
    .orderBy('i.id')
    .execute();
  return rows.map((row) => ({
    account: row.account,
    platformUser: row.platform_user,
    evidence: row.evidence,
    conversation: row.conversation ?? undefined,
    ...(row.person ? { person: row.person } : {}),
  }));
}

/**
 * The customers meant by `conversation:12`, `ticket:3501` (the helpdesk's number), `contact:003…` (the CRM's id) or
 * `user:7712…` (as the platform names them). Undefined when it is written otherwise.
 */
export async function customersMeant(db: Queryable, text: string): Promise<number[] | undefined> {
  const [, kind = '', value = ''] = /^(conversation|ticket|contact|user):(.+)$/.exec(text) ?? [];
  const query = kind === 'conversation' && !/^\d{1,15}$/.test(value) ? undefined : queries[kind]?.(value);
  if (!query) return undefined;
  const { rows } = await query.execute(db);
  return rows.map(({ customer }) => customer);
}

const queries: Record<string, (value: string) => ReturnType<typeof sql<{ customer: number }>>> = {
  conversation: (value) => sql`select customer from conversations where id = ${Number(value)}`,
  ticket: (value) => sql`select distinct c.customer from tickets t join conversations c on c.id = t.conversation
    where t.remote_id = ${value} order by 1 limit 20`,
  contact: (value) => sql`select distinct customer from contact_links where contact = ${value} order by 1 limit 20`,
  user: (value) => sql`select distinct customer from identities where platform_user = ${value} order by 1 limit 20`,
};
