import { sql } from 'kysely';
import type { Part } from '../domain/part.ts';
import type { Queryable } from './database.ts';
import type { DeliveryState, MessageAuthor, MessageKind, ReplyPartState } from './tables.ts';

/** A message with all that became of it. */
export interface ThreadMessage {
  id: number;
  kind: MessageKind;
  author: MessageAuthor;
  authorName: string | null;
  platform_id: string | null;
  parts: Part[];
  occurred_at: Date;
  received_at: Date;
  /** `occurred_at` with its microseconds. */
  place: string;
  late: boolean;
  redacted: boolean;
  recovered: boolean;
  mapping: number | null;
  helpdesk: string | null;
  ticket: string | null;
  deliveries: ThreadDelivery[];
  bubbles: ThreadBubble[];
  files: ThreadFile[];
}

/** Times come as JSON writes them. */
export interface ThreadDelivery {
  target: string;
  state: DeliveryState;
  reason: string | null;
  attempts: number;
  replays: number;
  at: string | null;
}

export interface ThreadBubble {
  position: number;
  state: ReplyPartState;
  reason: string | null;
  isText: boolean;
  started: string | null;
  sent: string | null;
  delivered: string | null;
  read: string | null;
}

export interface ThreadFile {
  position: number;
  name: string;
  state: 'waiting' | 'stored' | 'failed' | 'expired';
  reason: string | null;
  at: string | null;
}

/** A conversation's messages, the latest first, those before `before` by the platform's time and their id. */
export async function threadPage(
  db: Queryable,
  conversation: number,
  limit: number,
  before?: readonly [string, number],
): Promise<ThreadMessage[]> {
  const { rows } = await sql<ThreadMessage>`
    select m.id, m.kind, m.author, m.detail->>'authorName' as "authorName", m.platform_id, m.parts, m.occurred_at,
      m.received_at, m.occurred_at::text as place, m.late, m.redacted_at is not null as redacted,
      coalesce(m.detail->>'found' = 'history', false) as recovered, m.mapping, t.helpdesk, t.remote_id as ticket,
      ${deliveries} as deliveries, ${bubbles} as bubbles, ${files} as files
    from messages m left join tickets t on t.id = m.ticket
    where m.conversation = ${conversation}
      ${before ? sql`and (m.occurred_at, m.id) < (${before[0]}::timestamptz, ${before[1]})` : sql``}
    order by m.occurred_at desc, m.id desc limit ${limit}`.execute(db);
  return rows;
}

const deliveries = sql`coalesce((select jsonb_agg(jsonb_build_object('target', d.target, 'state', d.state, 'reason', d.reason,
    'attempts', d.attempts, 'replays', d.replays, 'at', d.ended_at) order by d.target desc)
  from deliveries d where d.message = m.id), '[]')`;

const bubbles = sql`coalesce((select jsonb_agg(jsonb_build_object('position', p.position, 'state', p.state, 'reason', p.reason,
    'isText', p.body->>'type' = 'text', 'started', p.started_at, 'sent', p.sent_at, 'delivered', p.delivered_at,
    'read', p.read_at) order by p.position)
  from reply_parts p where p.message = m.id), '[]')`;

const files = sql`coalesce((select jsonb_agg(jsonb_build_object('position', f.position, 'name', f.name, 'state', f.state,
    'reason', f.reason, 'at', f.ended_at) order by f.position)
  from media f where f.message = m.id), '[]')`;

/** A webhook as it came. */
export interface RawWebhook {
  received_at: Date;
  source: string;
  body: Buffer;
}

/** The webhook that told a message; undefined when none did, or it was tidied away. */
export async function webhookOfMessage(db: Queryable, message: number): Promise<RawWebhook | undefined> {
  const { rows } = await sql<RawWebhook>`
    select w.received_at, w.source, w.body
    from messages m join conversations c on c.id = m.conversation
      join events e on e.account = c.account and e.key in ('message:' || m.platform_id, 'echo:' || m.platform_id)
      join webhooks w on w.id = e.webhook
    where m.id = ${message} limit 1`.execute(db);
  return rows[0];
}
