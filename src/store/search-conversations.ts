import { type RawBuilder, sql } from 'kysely';
import type { Part } from '../domain/part.ts';
import type { Queryable } from './database.ts';
import { isMeant, meantCustomers, nearest } from './search-customers.ts';
import type { MessageAuthor, TicketState } from './tables.ts';
import { wordsOfMessage, wordsQuery } from './words.ts';

/** `open`: its ticket is; `closed`: it had one; `none`: it never had. */
export const conversationStates = ['open', 'closed', 'none'] as const;

export interface ConversationFilter {
  id?: number | undefined;
  accounts?: readonly string[] | undefined;
  customer?: number | undefined;
  state?: (typeof conversationStates)[number] | undefined;
  /** With messages that wait for a target, or were refused by one. */
  work?: 'waiting' | 'parked' | undefined;
  /** By when the customer last wrote. */
  since?: Date | undefined;
  until?: Date | undefined;
  /** Names, numbers and ids. */
  meant?: string | undefined;
}

export interface FoundConversation {
  id: number;
  account: string;
  platform_user: string;
  customer: number;
  name: string | null;
  latest: Date;
  /** `latest` with its microseconds: where the next page begins. */
  place: string;
  ticket: { helpdesk: string; remote: string | null; state: TicketState } | null;
  last: { author: MessageAuthor; parts: Part[] } | null;
  waiting: number;
  parked: number;
}

const latest = sql`coalesce(c.last_customer_at, c.created_at)`;

/** All places something can wait for: `targets`. The latest first, those after `after`. */
export async function findConversations(
  db: Queryable,
  filter: ConversationFilter,
  targets: readonly string[],
  limit: number,
  after?: readonly [string, number],
): Promise<FoundConversation[]> {
  const place = after ? sql`and (${latest}, c.id) < (${after[0]}::timestamptz, ${after[1]})` : sql``;
  const inOrder = sql`order by ${latest} desc, c.id desc`;
  const all = sql`select c.* from conversations c where ${conditions(filter, targets)} ${place} ${inOrder}`;
  const { meant } = filter;
  if (!meant) return shown(db, sql`${all} limit ${limit}`, targets);
  const near = sql`select c.* from (${all} limit ${nearest}) c where ${isMeant(sql`c.customer`, meant)}`;
  const found = await shown(db, sql`${near} ${inOrder} limit ${limit}`, targets);
  if (found.length === limit) return found;
  return shown(
    db,
    sql`with recursive ${meantCustomers(meant)}
      select c.* from conversations c join meant on meant.id = c.customer
      where ${conditions(filter, targets)} ${place} ${inOrder} limit ${limit}`,
    targets,
  );
}

async function shown(
  db: Queryable,
  conversations: RawBuilder<unknown>,
  targets: readonly string[],
): Promise<FoundConversation[]> {
  const { rows } = await sql<FoundConversation>`
    select ${columns(targets)} from (${conversations}) c join customers u on u.id = c.customer
    order by ${latest} desc, c.id desc`.execute(db);
  return rows;
}

const columns = (targets: readonly string[]): RawBuilder<unknown> => sql`
  c.id, c.account, c.platform_user, c.customer, u.name, ${latest} as latest, ${latest}::text as place,
  (select jsonb_build_object('helpdesk', t.helpdesk, 'remote', t.remote_id, 'state', t.state)
    from tickets t where t.conversation = c.id order by t.id desc limit 1) as ticket,
  (select jsonb_build_object('author', m.author, 'parts', m.parts)
    from messages m where m.conversation = c.id and m.kind = 'said'
    order by m.occurred_at desc, m.id desc limit 1) as last,
  (select count(*)::int from deliveries d
    where d.state = 'waiting' and d.target = any(${targets}::text[]) and d.conversation = c.id) as waiting,
  (select count(*)::int from deliveries d where d.state = 'parked' and d.conversation = c.id) as parked`;

function conditions(filter: ConversationFilter, targets: readonly string[]): RawBuilder<unknown> {
  const { id, accounts, customer, state, work, since, until } = filter;
  const all = [
    ...(id === undefined ? [] : [sql`c.id = ${id}`]),
    ...(accounts ? [sql`c.account = any(${accounts}::text[])`] : []),
    ...(customer === undefined ? [] : [sql`c.customer = ${customer}`]),
    ...(state ? [states[state]] : []),
    ...(work === 'parked' ? [sql`c.id in (select conversation from deliveries where state = 'parked')`] : []),
    ...(work === 'waiting'
      ? [
          sql`c.id in (select conversation from deliveries where state = 'waiting' and target = any(${targets}::text[]))`,
        ]
      : []),
    ...(since ? [sql`${latest} >= ${since}`] : []),
    ...(until ? [sql`${latest} < ${until}`] : []),
  ];
  return all.length === 0 ? sql`true` : sql.join(all, sql` and `);
}

const open = sql`exists (select 1 from tickets t where t.conversation = c.id and t.state in ('open', 'opening'))`;
const any = sql`exists (select 1 from tickets t where t.conversation = c.id)`;
const states = { open, closed: sql`${any} and not ${open}`, none: sql`not ${any}` };

export interface FoundMessage {
  id: number;
  conversation: number;
  account: string;
  customer: number;
  name: string | null;
  author: MessageAuthor;
  occurred_at: Date;
  parts: Part[];
}

/** What was said with these words, the latest taken in first, with smaller ids than `before`. */
export async function findWords(
  db: Queryable,
  text: string,
  { accounts, since, until }: Pick<ConversationFilter, 'accounts' | 'since' | 'until'>,
  limit: number,
  before?: number,
): Promise<FoundMessage[]> {
  const words = wordsQuery(text);
  if (!words) return [];
  const place = before === undefined ? sql`` : sql`and m.id < ${before}`;
  const holds = sql`${wordsOfMessage('m')} @@ ${words}`;
  const near = sql`select m.* from (select m.* from messages m where m.kind = 'said' ${place}
    order by m.id desc limit ${nearestMessages}) m where ${holds}`;
  // Materialized: else Postgres walks back from the latest message, for it takes every word for a common one.
  const sought = sql`with sought as materialized (select m.id from messages m where m.kind = 'said' and ${holds} ${place})
    select m.* from sought join messages m on m.id = sought.id`;
  const narrowed = sql`${accounts ? sql`and c.account = any(${accounts}::text[])` : sql``}
    ${since ? sql`and m.occurred_at >= ${since}` : sql``} ${until ? sql`and m.occurred_at < ${until}` : sql``}`;
  const found = await spoken(db, near, narrowed, limit);
  return found.length === limit ? found : spoken(db, sought, narrowed, limit);
}

/** As `nearest`, of messages. */
const nearestMessages = 5_000;

async function spoken(
  db: Queryable,
  messages: RawBuilder<unknown>,
  narrowed: RawBuilder<unknown>,
  limit: number,
): Promise<FoundMessage[]> {
  const { rows } = await sql<FoundMessage>`
    select m.id, m.conversation, c.account, c.customer, u.name, m.author, m.occurred_at, m.parts
    from (${messages}) m join conversations c on c.id = m.conversation join customers u on u.id = c.customer
    where true ${narrowed} order by m.id desc limit ${limit}`.execute(db);
  return rows;
}
