import { sql } from 'kysely';
import type { Queryable } from './database.ts';

/** What a platform calls a message, and whose conversation it belongs to. */
export interface NamedMessage {
  id: string;
  platformUser: string;
}

/**
 * Those that are in the ledger, with when they were said where an event or a message tells it: told by a webhook as whatever it was, found before, or sent by us. A button
 * is told as such by a webhook, and as a text by a history. Events may be gone while their messages are kept.
 */
export async function knownMessages(
  db: Queryable,
  account: string,
  messages: readonly NamedMessage[],
): Promise<Map<string, Date | undefined>> {
  const { rows } = await sql<{ id: string; at: Date | null }>`
    select n.id, coalesce(e.at, m.at) as at from unnest(
      ${messages.map(({ id }) => id)}::text[], ${messages.map(({ platformUser }) => platformUser)}::text[]) n (id, u)
    left join lateral (select min(e.occurred_at) as at from events e where e.account = ${account}
      and e.key in ('message:' || n.id, 'echo:' || n.id, 'postback:' || n.id, 'missed:' || n.id)) e on true
    left join conversations c on c.account = ${account} and c.platform_user = n.u
    left join lateral (select m.occurred_at as at from messages m
      where m.conversation = c.id and m.platform_id = n.id limit 1) m on true
    where e.at is not null or m.at is not null
      or exists (select 1 from reply_parts p where p.conversation = c.id and p.platform_id = n.id)`.execute(db);
  return new Map(rows.map(({ id, at }) => [id, at ?? undefined]));
}

/** How many messages of these customers webhooks told, of a time. */
export async function countSaid(
  db: Queryable,
  account: string,
  platformUsers: readonly string[],
  from: Date,
  to: Date,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from events e
    where e.account = ${account} and e.platform_user = any(${[...platformUsers]}::text[]) and e.type = 'message'
      and e.occurred_at between ${from} and ${to}`.execute(db);
  return rows[0]?.count ?? 0;
}
