import { type RawBuilder, sql } from 'kysely';
import { keptFact } from '../domain/fact.ts';
import type { Queryable, Tx } from './database.ts';
import { prefix, wordsOfName, wordsQuery } from './words.ts';

/**
 * The customers somebody means by a text, as `meant (id)`: the beginnings of their names, an e-mail address, a phone, the
 * shop's id of them, the beginning of an order's number, a ticket's number, or the beginning of what a platform calls them.
 * Whoever was joined with another is found as that other.
 */
export function meantCustomers(text: string): RawBuilder<unknown> {
  const words = wordsQuery(text);
  const asked = text.trim();
  const sources = [
    ...(words ? [sql`select u.id from customers u where ${wordsOfName('u')} @@ ${words}`] : []),
    ...facts(asked).map(
      ({ kind, compared }) =>
        sql`select customer from facts where kind = ${kind} and compared = ${compared} and withdrawn_at is null`,
    ),
    sql`select customer from orders where lower(number) like ${prefix(asked.toLowerCase())}`,
    sql`select c.customer from tickets t join conversations c on c.id = t.conversation
      where t.remote_id = ${asked.replace(/^#/, '')}`,
    sql`select customer from conversations where platform_user like ${prefix(asked)}`,
  ];
  return sql`meant (id) as (${sql.join(sources, sql` union `)}
    union select u.joined_with from customers u join meant m on u.id = m.id where u.joined_with is not null)`;
}

/**
 * So many of the latest are looked at one by one first: what is found often is found among them at once. What is not is rare
 * enough to be sought by its index. No index serves both, and Postgres cannot tell beforehand how often a beginning occurs.
 */
export const nearest = 2_000;

/** Whether a customer, given by a column, is meant by a text; what only those knew who were joined with them does not count. */
export function isMeant(customer: RawBuilder<unknown>, text: string): RawBuilder<unknown> {
  const words = wordsQuery(text);
  const asked = text.trim();
  const theirs = sql`select from conversations x where x.customer = ${customer}`;
  const ways = [
    ...(words ? [sql`(select ${wordsOfName('n')} @@ ${words} from customers n where n.id = ${customer})`] : []),
    ...facts(asked).map(
      ({ kind, compared }) => sql`exists (select from facts f where f.customer = ${customer} and f.kind = ${kind}
        and f.compared = ${compared} and f.withdrawn_at is null offset 0)`,
    ),
    sql`exists (select from orders o where o.customer = ${customer}
      and lower(o.number) like ${prefix(asked.toLowerCase())} offset 0)`,
    sql`exists (${theirs} and x.platform_user like ${prefix(asked)} offset 0)`,
    sql`exists (${theirs} and exists (select from tickets t where t.conversation = x.id
      and t.remote_id = ${asked.replace(/^#/, '')}) offset 0)`,
  ];
  return sql`(${sql.join(ways, sql` or `)})`;
}

function facts(text: string): { kind: string; compared: string }[] {
  const phone = /^[+\d][\d\s().-]{5,}$/.test(text) ? text.replace(/[^\d+]/g, '').replace(/^(00|\+)?/, '+') : undefined;
  const kept = [
    { kind: 'email', kept: keptFact('email', text) },
    { kind: 'shop-customer', kept: keptFact('shop-customer', text) },
    ...(phone ? [{ kind: 'phone', kept: keptFact('phone', phone) }] : []),
  ];
  return kept.flatMap(({ kind, kept: found }) => (found ? [{ kind, compared: found.compared }] : []));
}

/** Longer than this nobody waits for a search. Milliseconds. */
const longest = 4_000;

/** Runs a search; undefined when it takes too long, for too much is found by what was asked. */
export async function searched<Found>(db: Queryable, run: (tx: Tx) => Promise<Found>): Promise<Found | undefined> {
  try {
    return await db.transaction().execute(async (tx) => {
      await sql`set local statement_timeout = ${sql.lit(longest)}`.execute(tx);
      return run(tx);
    });
  } catch (error) {
    if ((error as { code?: string }).code === '57014') return undefined;
    throw error;
  }
}

export interface FoundCustomer {
  id: number;
  name: string | null;
  email: string | null;
  phone: string | null;
  created_at: Date;
  accounts: string[];
  orders: number;
  questions: number;
}

/** The latest known first, each after `before`; all of them where no text is asked for. Those joined with another are left out. */
export async function findPeople(
  db: Queryable,
  text: string,
  limit: number,
  before: number | undefined,
): Promise<FoundCustomer[]> {
  const after = before === undefined ? sql`` : sql`and u.id < ${before}`;
  const latest = sql`select u.* from customers u where u.joined_with is null ${after} order by u.id desc`;
  if (text === '') return shown(db, sql`${latest} limit ${limit}`);
  const near = sql`select u.* from (${latest} limit ${nearest}) u where ${isMeant(sql`u.id`, text)}`;
  const found = await shown(db, sql`${near} order by u.id desc limit ${limit}`);
  if (found.length === limit) return found;
  return shown(
    db,
    sql`with recursive ${meantCustomers(text)}
      select u.* from customers u join meant on meant.id = u.id where u.joined_with is null ${after}
      order by u.id desc limit ${limit}`,
  );
}

async function shown(db: Queryable, people: RawBuilder<unknown>): Promise<FoundCustomer[]> {
  const { rows } = await sql<FoundCustomer>`
    select u.id, u.name, u.email, u.phone, u.created_at,
      array(select distinct i.account from identities i where i.customer = u.id order by 1) as accounts,
      (select count(*)::int from orders o where o.customer = u.id) as orders,
      (select count(*)::int from questions q where q.customer = u.id and q.state = 'open') as questions
    from (${people}) u order by u.id desc`.execute(db);
  return rows;
}
