import { sql } from 'kysely';
import type { Queryable } from './database.ts';

/** What a platform calls a message, and whose conversation it belongs to. */
export interface NamedMessage {
  id: string;
  platformUser: string;
}

/**
 * The ids of those that are in the ledger: told by a webhook as whatever it was, found before, or sent by us. A button
 * is told as such by a webhook, and as a text by a history. Events may be gone while their messages are kept.
 */
export async function knownMessages(
  db: Queryable,
  account: string,
  messages: readonly NamedMessage[],
): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select n.id from unnest(
      ${messages.map(({ id }) => id)}::text[], ${messages.map(({ platformUser }) => platformUser)}::text[]) n (id, u)
    where exists (
      select 1 from events e where e.account = ${account}
        and e.key in ('message:' || n.id, 'echo:' || n.id, 'postback:' || n.id, 'missed:' || n.id))
    or exists (
      select 1 from conversations c
      where c.account = ${account} and c.platform_user = n.u
        and (exists (select 1 from reply_parts p where p.conversation = c.id and p.platform_id = n.id)
          or exists (select 1 from messages m where m.conversation = c.id and m.platform_id = n.id)))`.execute(db);
  return new Set(rows.map(({ id }) => id));
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
