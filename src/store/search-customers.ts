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
  const { rows } = await sql<FoundCustomer>`
    ${text ? sql`with recursive ${meantCustomers(text)}` : sql``}
    select u.id, u.name, u.email, u.phone, u.created_at,
      array(select distinct i.account from identities i where i.customer = u.id order by 1) as accounts,
      (select count(*)::int from orders o where o.customer = u.id) as orders,
      (select count(*)::int from questions q where q.customer = u.id and q.state = 'open') as questions
    from customers u
    where u.joined_with is null ${text ? sql`and u.id in (select id from meant)` : sql``}
      ${before === undefined ? sql`` : sql`and u.id < ${before}`}
    order by u.id desc limit ${limit}`.execute(db);
  return rows;
}
