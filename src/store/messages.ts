import { type Kysely, sql } from 'kysely';
import type { Referral } from '../domain/event.ts';
import type { MessageId } from '../domain/ids.ts';
import type { Part } from '../domain/part.ts';
import type { Target } from '../domain/target.ts';
import type { Queryable, Tx } from './database.ts';
import type { MessageAuthor, MessageKind, Tables } from './tables.ts';

export interface NewMessage {
  conversation: number;
  kind: MessageKind;
  author: MessageAuthor;
  platformId?: string;
  commentId?: string;
  ticket?: number;
  parts: readonly Part[];
  replyTo?: string;
  detail?: MessageDetail;
  at: Date;
  receivedAt?: Date;
  late?: boolean;
}

/** What goes with a message besides its parts. */
export interface MessageDetail {
  /** Tags to put on the ticket with it. */
  tags?: string[];
  /** The name of whoever wrote it, where that is not the customer. */
  authorName?: string;
  /** Somebody waits for it: without a ticket it is parked rather than passed over. */
  mustBeSeen?: boolean;
  /** Without a ticket it is passed over until one is opened, and then goes there. */
  forNextTicket?: boolean;
  /** It may not open a ticket by itself. */
  onlyIfOpen?: boolean;
  /** No webhook told it: it was found in the platform's own history. */
  found?: 'history';
  /** It tells that the history was tied to the wrong contact: it stands in the history, too. */
  correction?: true;
  /** Of a correction: the contact it was wrongly tied to. */
  wrongContact?: string;
  /** Of a `file`: the message it belongs to, and where in it. */
  fileOf?: { message: number; position: number };
  /** Said in public, or while another app owned the conversation: no text is sent by itself for it. */
  quiet?: true;
  /** Of a note on where the customer came from. */
  referral?: Referral;
  /** Of a `redaction`: the messages to take out. */
  redacts?: number[];
  /** Of a note: replies handed over by the helpdesk itself that did not reach the customer, and why. */
  refuses?: { reply: string; why: string }[];
}

export interface Message extends Required<Pick<NewMessage, 'conversation' | 'kind' | 'author' | 'at'>> {
  id: number;
  ticket: number | undefined;
  platformId: string | undefined;
  replyTo: string | undefined;
  parts: Part[];
  detail: MessageDetail;
  late: boolean;
  /** The version of the mapping that was in force when it was taken in; none: from before there were versions. */
  mapping: number | undefined;
  /** Its words were taken out. */
  redacted: boolean;
  /** How often it was tried for the target it was asked for; 0 elsewhere. */
  attempts: number;
}

/** Writes the message and what has to reach whom. Undefined when it is there already (same platform id or comment). */
export async function addMessage(
  tx: Tx,
  message: NewMessage,
  targets: readonly (Target | undefined)[],
): Promise<number | undefined> {
  const row = await tx
    .insertInto('messages')
    .values({
      conversation: message.conversation,
      kind: message.kind,
      author: message.author,
      platform_id: message.platformId ?? null,
      comment_id: message.commentId ?? null,
      ticket: message.ticket ?? null,
      parts: JSON.stringify(message.parts),
      reply_to: message.replyTo ?? null,
      detail: JSON.stringify(message.detail ?? {}),
      occurred_at: message.at,
      late: message.late ?? false,
      ...(message.receivedAt ? { received_at: message.receivedAt } : {}),
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!row) return undefined;
  await addDeliveries(tx, { id: row.id, conversation: message.conversation }, targets);
  return row.id;
}

/** Writes whom a message has to reach; where that is written already nothing changes. */
export async function addDeliveries(
  tx: Tx,
  message: Pick<Message, 'id' | 'conversation'>,
  targets: readonly (Target | undefined)[],
): Promise<void> {
  const rows = targets.flatMap((target) =>
    target ? [{ message: message.id, target, conversation: message.conversation }] : [],
  );
  if (rows.length === 0) return;
  await tx
    .insertInto('deliveries')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

const inOrder = <DB extends Tables>(db: Kysely<DB> | Queryable) =>
  (db as Queryable).selectFrom('messages as m').selectAll('m').orderBy('m.occurred_at').orderBy('m.id');

/** So many of a backlog are read at a time. */
export const mostAtOnce = 200;

/** What still has to reach the target, in the conversation's order. */
export async function waitingFor(
  db: Queryable,
  target: Target,
  conversation: number,
  limit = mostAtOnce,
): Promise<Message[]> {
  const rows = await inOrder(db)
    .innerJoin('deliveries as d', 'd.message', 'm.id')
    .select('d.attempts')
    .where('d.target', '=', target)
    .where('d.conversation', '=', conversation)
    .where('d.state', '=', 'waiting')
    .limit(limit)
    .execute();
  return rows.map(messageOf);
}

export async function messagesByIds(db: Queryable, ids: readonly number[]): Promise<Message[]> {
  if (ids.length === 0) return [];
  return (
    await inOrder(db)
      .where('m.id', 'in', [...ids])
      .execute()
  ).map(messageOf);
}

/** What was said on a ticket, and corrections of who its history is about. */
export async function messagesOfTicket(db: Queryable, ticket: number): Promise<Message[]> {
  const rows = await inOrder(db)
    .where('m.ticket', '=', ticket)
    .where((where) => where.or([where('m.kind', '=', 'said'), isCorrection]))
    .execute();
  return rows.map(messageOf);
}

const isCorrection = sql<boolean>`(m.kind = 'note' and m.detail ? 'correction')`;
/** What the customer said in the chat since a time and may be answered by itself, oldest first. */
export async function latelySaid(db: Queryable, conversation: number, since: Date): Promise<Message[]> {
  const rows = await inOrder(db)
    .where('m.conversation', '=', conversation)
    .where('m.kind', '=', 'said')
    .where('m.author', '=', 'customer')
    .where('m.occurred_at', '>=', since)
    .where('m.late', '=', false)
    .execute();
  return rows.map(messageOf).filter(({ detail }) => !detail.quiet && !detail.found);
}

/** The platform's id of what the customer said last. */
export async function latestOfCustomer(db: Queryable, conversation: number): Promise<MessageId | undefined> {
  const row = await db
    .selectFrom('messages')
    .select('platform_id')
    .where('conversation', '=', conversation)
    .where('author', '=', 'customer')
    .where('kind', '=', 'said')
    .where('platform_id', 'is not', null)
    .orderBy('occurred_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.platform_id as MessageId | undefined;
}

/** What the customer said in the chat since a time, the latest first, as far as the platform gave it an id of its own. */
export async function saidLately(
  db: Queryable,
  conversation: number,
  since: Date,
): Promise<{ platformId: MessageId; parts: Part[] }[]> {
  const rows = await db
    .selectFrom('messages')
    .select(['platform_id', 'parts'])
    .where('conversation', '=', conversation)
    .where('author', '=', 'customer')
    .where('kind', '=', 'said')
    .where('occurred_at', '>', since)
    .where('redacted_at', 'is', null)
    // A hash stands for an id where there is none.
    .where(sql<boolean>`platform_id !~ '^[0-9a-f]{64}$'`)
    .orderBy('occurred_at', 'desc')
    .orderBy('id', 'desc')
    .limit(100)
    .execute();
  return rows.map(({ platform_id: platformId, parts }) => ({
    platformId: platformId as MessageId,
    parts: parts as Part[],
  }));
}

export async function messageByPlatformId(
  db: Queryable,
  conversation: number,
  platformId: string,
): Promise<Message | undefined> {
  const rows = await inOrder(db)
    .where('m.conversation', '=', conversation)
    .where('m.platform_id', '=', platformId)
    .execute();
  return rows[0] ? messageOf(rows[0]) : undefined;
}

export async function putOnTicket(tx: Queryable, messages: readonly number[], ticket: number): Promise<void> {
  if (messages.length === 0) return;
  await tx
    .updateTable('messages')
    .set({ ticket })
    .where('id', 'in', [...messages])
    .execute();
}

/**
 * The time of the latest thing said that is on a ticket already, or in a comment whose fate is not known: a message from
 * before it then arrives late.
 */
export async function heardUntil(db: Queryable, conversation: number): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date }>`
    select m.occurred_at as at from messages m
    where m.conversation = ${conversation} and m.author in ('customer', 'inbox')
      and (m.ticket is not null or exists (
        select 1 from comments c join tickets t on t.id = c.ticket
        where t.conversation = m.conversation and c.state = 'started' and m.id = any(c.messages)))
    order by m.occurred_at desc limit 1`.execute(db);
  return rows[0]?.at;
}

/** What customers say, as `addMessages` writes it. */
export type SaidMessage = Pick<NewMessage, 'parts' | 'replyTo' | 'at' | 'late'> & {
  platformId: string;
  receivedAt: Date;
};

/**
 * Writes what a customer said, many messages in one go, and what has to reach whom. Returns the ids of those that were not
 * there already, by their platform id.
 */
export async function addSaid(
  tx: Tx,
  conversation: number,
  said: readonly SaidMessage[],
  targets: readonly (Target | undefined)[],
): Promise<Map<string, number>> {
  const column = <T>(of: (message: SaidMessage) => T) => said.map(of);
  const { rows } = await sql<{ id: number; platform_id: string }>`
    insert into messages (conversation, kind, author, platform_id, parts, reply_to, occurred_at, received_at, late)
    select ${conversation}, 'said', 'customer', p, parts, r, at, received, late
    from unnest(${column(({ platformId }) => platformId)}::text[], ${column(({ parts }) => JSON.stringify(parts))}::jsonb[],
      ${column(({ replyTo }) => replyTo ?? null)}::text[], ${column(({ at }) => at)}::timestamptz[],
      ${column(({ receivedAt }) => receivedAt)}::timestamptz[], ${column(({ late }) => late ?? false)}::boolean[])
      with ordinality as new (p, parts, r, at, received, late, n)
    order by n
    on conflict do nothing
    returning id, platform_id`.execute(tx);
  const reached = targets.filter((target) => target !== undefined);
  if (rows.length > 0 && reached.length > 0)
    await sql`insert into deliveries (message, target, conversation)
      select m, t, ${conversation} from unnest(${rows.map(({ id }) => id)}::bigint[]) m
      cross join unnest(${reached}::text[]) t`.execute(tx);
  return new Map(rows.map(({ id, platform_id }) => [platform_id, id]));
}

function messageOf(row: {
  id: number;
  conversation: number;
  kind: MessageKind;
  author: MessageAuthor;
  platform_id: string | null;
  ticket: number | null;
  parts: unknown;
  reply_to: string | null;
  detail: Record<string, unknown>;
  occurred_at: Date;
  late: boolean;
  mapping: number | null;
  redacted_at: Date | null;
  attempts?: number;
}): Message {
  return {
    id: row.id,
    conversation: row.conversation,
    kind: row.kind,
    author: row.author,
    platformId: row.platform_id ?? undefined,
    ticket: row.ticket ?? undefined,
    parts: row.parts as Part[],
    replyTo: row.reply_to ?? undefined,
    detail: row.detail as MessageDetail,
    at: row.occurred_at,
    late: row.late,
    mapping: row.mapping ?? undefined,
    redacted: row.redacted_at !== null,
    attempts: row.attempts ?? 0,
  };
}

/** A reply that was handed over is this comment of this ticket. */
export async function replyIsComment(
  tx: Tx,
  helpdesk: string,
  reply: string,
  is: { ticket: string; comment: string },
): Promise<void> {
  await sql`update messages m set comment_id = ${is.comment} from tickets t
    where t.helpdesk = ${helpdesk} and t.remote_id = ${is.ticket} and m.conversation = t.conversation
      and m.platform_id = ${reply} and m.comment_id is null`.execute(tx);
}

/** The conversation in which a reply that was handed over was said. */
export async function conversationOfCalled(
  db: Queryable,
  helpdesk: string,
  reply: string,
): Promise<number | undefined> {
  const { rows } = await sql<{ conversation: number }>`
    select m.conversation from messages m join tickets t on t.id = m.ticket
    where t.helpdesk = ${helpdesk} and m.platform_id = ${reply} limit 1`.execute(db);
  return rows[0]?.conversation;
}
