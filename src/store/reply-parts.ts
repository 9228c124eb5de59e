import { sql } from 'kysely';
import type { ReceiptState } from '../domain/event.ts';
import type { Marker, MessageId } from '../domain/ids.ts';
import type { Part } from '../domain/part.ts';
import type { CardBody, ReceiptBody } from '../domain/rich-body.ts';
import type { Queryable, Tx } from './database.ts';
import type { ReplyPartState } from './tables.ts';

/** `automatic`: nobody wrote it, so it may go only while the customer's window is open. */
interface TextBody {
  type: 'text';
  text: string;
  choices?: readonly ({ title: string; payload: string } | { title: string; url: string })[];
  automatic?: true;
}

/**
 * A text within the channel's limit, a file of the agent's comment or of a shop's, fetched when it is sent, an approved template, or
 * what only notices are: a card, a receipt (whose time is kept as text).
 */
export type ReplyBody =
  | TextBody
  | CardBody
  | (Omit<ReceiptBody, 'at'> & { at: string })
  | {
      type: 'template';
      name: string;
      language: string;
      parameters: string[];
      names?: readonly string[];
      header?: ReplyFile;
    }
  | ({ type: 'file' } & ReplyFile);

export interface ReplyFile {
  name: string;
  contentType: string;
  bytes: number;
  url: string;
  /** It is in the vault under this key, rather than at the helpdesk. */
  vault?: string;
}

/** One bubble of an agent's reply. */
export interface ReplyPart {
  id: number;
  message: number;
  conversation: number;
  position: number;
  body: ReplyBody;
  marker: Marker;
  state: ReplyPartState;
  platformId: MessageId | undefined;
  startedAt: Date | undefined;
  deliveredAt: Date | undefined;
  /** Why it failed, or is unsure. */
  reason: string | undefined;
  /** Its fate was not known and an operator replays it: look it up only, or send it anew if the platform cannot tell. */
  replay: 'look-up' | 'resend' | undefined;
  /** The message it quotes: only the first bubble of an answer does. */
  replyTo: MessageId | undefined;
  /** The customer's token it was first tried with. */
  answerToken: { token: string; until: Date } | undefined;
}

export async function addReplyParts(
  tx: Tx,
  message: number,
  conversation: number,
  bodies: readonly ReplyBody[],
  marker: (position: number) => Marker,
): Promise<void> {
  await tx
    .insertInto('reply_parts')
    .values(
      bodies.map((body, position) => ({
        message,
        conversation,
        position,
        body: JSON.stringify(body),
        marker: marker(position),
      })),
    )
    .execute();
}

/** Bubbles of replies that are still to be sent or whose fate is not known, in order. Those of notices are not among them. */
export async function openReplyParts(db: Queryable, conversation: number): Promise<ReplyPart[]> {
  const rows = await db
    .selectFrom('reply_parts as p')
    .innerJoin('messages as m', 'm.id', 'p.message')
    .selectAll('p')
    .select('m.reply_to')
    .where('p.conversation', '=', conversation)
    .where('p.state', 'in', ['waiting', 'sending'])
    .where('m.author', '<>', 'shop')
    .orderBy('m.occurred_at')
    .orderBy('m.id')
    .orderBy('p.position')
    .execute();
  return rows.map(partOf);
}

export async function replyPartsOf(db: Queryable, message: number): Promise<ReplyPart[]> {
  const rows = await db
    .selectFrom('reply_parts')
    .selectAll()
    .where('message', '=', message)
    .orderBy('position')
    .execute();
  return rows.map(partOf);
}

/** Notes that a bubble is about to be sent. False: it waits no longer, another process has taken it. */
export async function partSending(db: Queryable, id: number): Promise<boolean> {
  const noted = await db
    .updateTable('reply_parts')
    .set({ state: 'sending', started_at: new Date(), replay: null })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .executeTakeFirst();
  return noted.numUpdatedRows > 0n;
}

export async function partWaits(db: Queryable, id: number): Promise<void> {
  await db
    .updateTable('reply_parts')
    .set({ state: 'waiting' })
    .where('id', '=', id)
    .where('state', '=', 'sending')
    .execute();
}

/**
 * Keeps a state that is already further on: the echo or a receipt may come before the answer to the send. A watermark
 * that came before counts as well.
 */
export async function partSent(db: Queryable, id: number, platformId: MessageId | undefined, at: Date): Promise<void> {
  await sql`update reply_parts p set
      state = case when p.state not in ('waiting', 'sending', 'unsure', 'failed') then p.state
                   when c.read_until >= ${at} then 'read' when c.delivered_until >= ${at} then 'delivered' else 'sent' end,
      platform_id = coalesce(p.platform_id, ${platformId ?? null}), sent_at = coalesce(p.sent_at, ${at}), reason = null
    from conversations c where p.id = ${id} and c.id = p.conversation`.execute(db);
}

export async function partEnded(
  db: Queryable,
  ids: readonly number[],
  state: 'failed' | 'unsure',
  reason: string,
): Promise<void> {
  if (ids.length === 0) return;
  await db
    .updateTable('reply_parts')
    .set({ state, reason })
    .where('id', 'in', [...ids])
    .where('state', 'in', ['waiting', 'sending'])
    .execute();
}

export async function partsByIds(db: Queryable, ids: readonly number[]): Promise<ReplyPart[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('reply_parts')
    .selectAll()
    .where('id', 'in', [...ids])
    .orderBy('id')
    .execute();
  return rows.map(partOf);
}

/** How many bubbles went out to the customer since a time, as far as is known. */
export async function sentSince(db: Queryable, conversation: number, since: Date): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from reply_parts
    where conversation = ${conversation} and state not in ('waiting', 'failed') and started_at >= ${since}`.execute(db);
  return rows[0]?.n ?? 0;
}

export async function partByMarker(db: Queryable, marker: string): Promise<ReplyPart | undefined> {
  const row = await db.selectFrom('reply_parts').selectAll().where('marker', '=', marker).executeTakeFirst();
  return row && partOf(row);
}

export async function partByPlatformId(
  db: Queryable,
  conversation: number,
  platformId: string,
): Promise<ReplyPart | undefined> {
  const row = await db
    .selectFrom('reply_parts')
    .selectAll()
    .where('conversation', '=', conversation)
    .where('platform_id', '=', platformId)
    .executeTakeFirst();
  return row && partOf(row);
}

/**
 * The bubble of ours that an echo without a marker, or a message found in the platform's history, must be: same words, begun at about that time, and
 * still without the platform's id. A file is known by having no words, or by its name among them.
 */
export async function partAlike(
  db: Queryable,
  conversation: number,
  found: { parts: readonly Part[]; at: Date },
): Promise<number | undefined> {
  const text = found.parts.find((part) => part.type === 'text')?.text;
  const rows = await db
    .selectFrom('reply_parts')
    .selectAll()
    .where('conversation', '=', conversation)
    .where('platform_id', 'is', null)
    .where('state', 'in', ['sending', 'unsure', 'failed'])
    .where('started_at', '>=', new Date(found.at.getTime() - 120_000))
    .where('started_at', '<=', new Date(found.at.getTime() + 10_000))
    .orderBy('id')
    .execute();
  return rows.map(partOf).find(({ body }) => isAlike(body, text))?.id;
}

/** Where a platform takes no such file, its name and a link go instead. */
const isAlike = (body: ReplyBody, text: string | undefined): boolean => {
  if (body.type === 'text') return plain(body.text) === plain(text ?? '');
  // What has a form of its own shows no words; where it has none it went as a text, with its links under it.
  if (!text || body.type === 'template') return !text;
  return body.type === 'file' ? text.includes(body.name) : plain(text).includes(plain(body.text));
};

const plain = (text: string): string => text.replace(/\s+/g, ' ').trim();

/**
 * Takes in a receipt, for messages by id and for all sent up to a watermark; whoever read a bubble has read those before
 * it. A late one never goes backwards: read stays read. Returns the bubbles it changed.
 */
export async function applyReceipt(
  tx: Tx,
  conversation: number,
  receipt: { state: ReceiptState; of: readonly string[]; upTo?: Date; at: Date; why?: string },
): Promise<number[]> {
  if (receipt.upTo) await moveWatermark(tx, conversation, receipt.state, receipt.upTo);
  const { rows } = await sql<{ id: number }>`
    update reply_parts set
      state = case when ${rank(receipt.state)} > ${rankOf} then ${receipt.state} else state end,
      delivered_at = case when ${receipt.state} in ('delivered', 'read') then coalesce(delivered_at, ${receipt.at}) else delivered_at end,
      read_at = case when ${receipt.state} = 'read' then coalesce(read_at, ${receipt.at}) else read_at end,
      reason = case when ${receipt.state} = 'failed' then ${receipt.why ?? null} else reason end
    where conversation = ${conversation} and state not in ('waiting', 'failed')
      and (platform_id = any(${receipt.of}::text[]) or sent_at <= ${receipt.upTo ?? null}::timestamptz
        or (${receipt.state} = 'read' and sent_at <= (select max(sent_at) from reply_parts
          where conversation = ${conversation} and platform_id = any(${receipt.of}::text[]))))
      and ${rank(receipt.state)} > ${rankOf}
    returning id`.execute(tx);
  return rows.map((row) => row.id);
}

async function moveWatermark(tx: Tx, conversation: number, state: ReceiptState, upTo: Date): Promise<void> {
  if (state !== 'delivered' && state !== 'read') return;
  const column = sql.ref(state === 'read' ? 'read_until' : 'delivered_until');
  await sql`update conversations set ${column} = greatest(${column}, ${upTo}) where id = ${conversation}`.execute(tx);
}

const ranks: Record<ReceiptState, number> = { sent: 1, delivered: 2, read: 3, failed: 4 };
const rank = (state: ReceiptState) => sql.lit(ranks[state]);
const rankOf = sql.raw(`case state when 'sent' then 1 when 'delivered' then 2 when 'read' then 3 else 0 end`);

function partOf(row: {
  id: number;
  message: number;
  conversation: number;
  position: number;
  body: unknown;
  marker: string;
  state: ReplyPartState;
  platform_id: string | null;
  started_at: Date | null;
  delivered_at: Date | null;
  reason: string | null;
  replay: 'look-up' | 'resend' | null;
  answer_token: string | null;
  answer_token_until: Date | null;
  reply_to?: string | null;
}): ReplyPart {
  const { answer_token: token, answer_token_until: until } = row;
  return {
    id: row.id,
    message: row.message,
    conversation: row.conversation,
    position: row.position,
    body: row.body as ReplyBody,
    marker: row.marker as Marker,
    state: row.state,
    platformId: (row.platform_id ?? undefined) as MessageId | undefined,
    startedAt: row.started_at ?? undefined,
    deliveredAt: row.delivered_at ?? undefined,
    reason: row.reason ?? undefined,
    replay: row.replay ?? undefined,
    replyTo: row.position === 0 && row.reply_to ? (row.reply_to as MessageId) : undefined,
    answerToken: token !== null && until !== null ? { token, until } : undefined,
  };
}
