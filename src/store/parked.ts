import { type RawBuilder, sql } from 'kysely';
import type { Queryable } from './database.ts';
import type { MessageAuthor, MessageKind } from './tables.ts';

/**
 * Something set aside for a person: a message that a target refused for good (`{message}:{target}`), or an event that
 * could not be applied (`event:{event}`).
 */
export interface Parked {
  id: string;
  what: 'message' | 'event';
  target: string | undefined;
  account: string;
  platformUser: string;
  conversation: number | undefined;
  message: number | undefined;
  /** Of a message: said or note, and by whom. Of an event: its type. */
  kind: MessageKind | string;
  author: MessageAuthor | undefined;
  /** The helpdesk's number of the ticket. */
  ticket: string | undefined;
  reason: string;
  attempts: number;
  /** How often an operator had it done again. */
  replays: number;
  /** When it was said, by the platform's time. */
  at: Date;
  parkedAt: Date;
}

export interface ParkedFilter {
  target?: string | undefined;
  account?: string | undefined;
  /** Parked at or after this time. */
  since?: Date | undefined;
}

/** `id` of a page's last entry and when it was parked, in microseconds. */
export interface ParkedPlace {
  parkedAt: string;
  id: string;
}

/** Newest first, at most `limit`, those after `after` if given. */
export async function listParked(
  db: Queryable,
  filter: ParkedFilter,
  limit: number,
  after?: ParkedPlace,
): Promise<{ items: Parked[]; next: ParkedPlace | undefined }> {
  const page = after ? sql`where (micros, id) < (${after.parkedAt}::bigint, ${after.id})` : sql``;
  const { rows } = await sql<ParkedRow>`
    select * from (${messages(filter)} union all ${events(filter)}) p ${page}
    order by micros desc, id desc limit ${limit + 1}`.execute(db);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const next = rows.length > limit && last ? { parkedAt: String(last.micros), id: last.id } : undefined;
  return { items: items.map(parkedOf), next };
}

export async function parkedById(db: Queryable, id: string): Promise<Parked | undefined> {
  const key = parkedKey(id);
  if (!key) return undefined;
  const query = 'event' in key ? events({}, key.event) : messages({}, key);
  const { rows } = await query.execute(db);
  return rows[0] && parkedOf(rows[0]);
}

export type ParkedKey = { event: number } | { message: number; target: string };

/** Undefined for what cannot be the id of anything parked. */
export function parkedKey(id: string): ParkedKey | undefined {
  const [, head = '', rest = ''] = /^(event|\d{1,15}):(.+)$/.exec(id) ?? [];
  if (head === 'event') return /^\d{1,15}$/.test(rest) ? { event: Number(rest) } : undefined;
  return head === '' ? undefined : { message: Number(head), target: rest };
}

interface ParkedRow {
  id: string;
  what: 'message' | 'event';
  target: string | null;
  account: string;
  platform_user: string;
  conversation: number | null;
  message: number | null;
  kind: string;
  author: MessageAuthor | null;
  ticket: string | null;
  reason: string;
  attempts: number;
  replays: number;
  at: Date;
  parked_at: Date;
  micros: number;
}

const microsOf = (column: string) => sql.raw(`(extract(epoch from ${column}) * 1000000)::bigint`);

// The reason of a file may name the file, which is an agent's or a customer's word.
const reasonOfReply = sql`(select case when p.body->>'type' = 'text' then p.reason else 'a file of it could not be sent' end
  from reply_parts p where p.message = d.message and p.state in ('failed', 'unsure') order by p.position limit 1)`;

function messages(filter: ParkedFilter, key?: { message: number; target: string }): RawBuilder<ParkedRow> {
  return sql<ParkedRow>`
    select d.message || ':' || d.target as id, 'message' as what, d.target, c.account, c.platform_user, d.conversation,
      d.message, m.kind, m.author, t.remote_id as ticket, coalesce(${reasonOfReply}, d.reason, 'no reason was noted') as reason,
      d.attempts, d.replays, m.occurred_at as at, d.ended_at as parked_at, ${microsOf('d.ended_at')} as micros
    from deliveries d join messages m on m.id = d.message join conversations c on c.id = d.conversation
      left join tickets t on t.id = m.ticket
    where d.state = 'parked' ${key ? sql`and d.message = ${key.message} and d.target = ${key.target}` : sql``}
      ${filter.target ? sql`and d.target = ${filter.target}` : sql``}
      ${filter.account ? sql`and c.account = ${filter.account}` : sql``}
      ${filter.since ? sql`and d.ended_at >= ${filter.since}` : sql``}`;
}

function events(filter: ParkedFilter, event?: number): RawBuilder<ParkedRow> {
  return sql<ParkedRow>`
    select 'event:' || e.id as id, 'event' as what, null as target, e.account, coalesce(e.platform_user, '') as platform_user,
      null::bigint as conversation, null::bigint as message, e.type as kind, null as author, null as ticket,
      coalesce(e.reason, 'no reason was noted') as reason, e.attempts, 0 as replays, e.occurred_at as at,
      e.applied_at as parked_at, ${microsOf('e.applied_at')} as micros
    from events e
    where e.outcome = 'parked' ${event === undefined ? sql`` : sql`and e.id = ${event}`}
      ${filter.target ? sql`and false` : sql``}
      ${filter.account ? sql`and e.account = ${filter.account}` : sql``}
      ${filter.since ? sql`and e.applied_at >= ${filter.since}` : sql``}`;
}

function parkedOf(row: ParkedRow): Parked {
  return {
    id: row.id,
    what: row.what,
    target: row.target ?? undefined,
    account: row.account,
    platformUser: row.platform_user,
    conversation: row.conversation ?? undefined,
    message: row.message ?? undefined,
    kind: row.kind,
    author: row.author ?? undefined,
    ticket: row.ticket ?? undefined,
    reason: row.reason,
    attempts: row.attempts,
    replays: row.replays,
    at: row.at,
    parkedAt: row.parked_at,
  };
}

/** The bubbles of a reply, without their words. */
export async function parkedParts(db: Queryable, message: number) {
  const rows = await db
    .selectFrom('reply_parts')
    .select([
      'position',
      'state',
      'reason',
      'started_at',
      'sent_at',
      sql<'text' | 'file' | 'template'>`body->>'type'`.as('what'),
    ])
    .where('message', '=', message)
    .orderBy('position')
    .execute();
  return rows.map((row) => ({
    position: row.position,
    what: row.what,
    state: row.state as string,
    ...(row.reason && row.what === 'text' ? { reason: row.reason } : {}),
    ...(row.started_at ? { startedAt: row.started_at } : {}),
    ...(row.sent_at ? { sentAt: row.sent_at } : {}),
  }));
}

/** What an event tells, as it is stored. */
export async function storedEvent(db: Queryable, id: number): Promise<unknown> {
  const row = await db.selectFrom('events').select('body').where('id', '=', id).executeTakeFirst();
  return row?.body;
}
