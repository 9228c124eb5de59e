import { sql } from 'kysely';
import type { Queryable, Tx } from './database.ts';

/**
 * What became of a customer's file:
 * - `waiting`: it is still to be copied; it was tried `attempts` times, and has waited for `age` milliseconds.
 * - `stored`: a copy is in the vault. `warning`: it is not what it claims to be.
 * - `failed`: it cannot be had. `code` is the reason in a word, such as `too-large` or `forbidden-address`.
 * - `expired`: it was copied and delivered, and the copy was deleted when its time was over.
 */
export type Media =
  | { state: 'waiting'; name: string; attempts: number; age: number }
  | StoredMedia
  | FailedMedia
  | { state: 'expired'; name: string };

export interface StoredMedia {
  state: 'stored';
  key: string;
  name: string;
  contentType: string;
  bytes: number;
  warning?: string;
}

export interface FailedMedia {
  state: 'failed';
  name: string;
  reason: string;
  code?: string;
}

/** Notes the files of a new message, in the transaction that writes it. */
export async function expectMedia(
  tx: Tx,
  message: number,
  files: readonly { position: number; name: string }[],
): Promise<void> {
  if (files.length === 0) return;
  const rows = files.map((file) => ({ ...file, message, state: 'waiting' as const }));
  await tx.insertInto('media').values(rows).execute();
}

/** By position of the part in the message. */
export async function mediaOf(db: Queryable, message: number): Promise<Map<number, Media>> {
  return (await mediaOfMessages(db, [message])).get(message) ?? new Map();
}

/** By message, then by position of the part in it. */
export async function mediaOfMessages(
  db: Queryable,
  messages: readonly number[],
): Promise<Map<number, Map<number, Media>>> {
  const found = new Map<number, Map<number, Media>>();
  if (messages.length === 0) return found;
  const rows = await db
    .selectFrom('media')
    .selectAll()
    .select(age)
    .where('message', 'in', [...messages])
    .orderBy('position')
    .execute();
  for (const row of rows) {
    found.set(row.message, (found.get(row.message) ?? new Map<number, Media>()).set(row.position, mediaFrom(row)));
  }
  return found;
}

interface MediaRow {
  state: Media['state'];
  storage_key: string | null;
  name: string;
  content_type: string | null;
  bytes: number | null;
  reason: string | null;
  code: string | null;
  warning: string | null;
  attempts: number;
  age: number;
}

/** By the database's clock, as all that is compared with what it wrote. */
const age = sql<number>`extract(epoch from clock_timestamp() - created_at)::float8 * 1000`.as('age');

function mediaFrom(row: MediaRow): Media {
  const { state, name } = row;
  switch (state) {
    case 'waiting':
      return { state, name, attempts: row.attempts, age: row.age };
    case 'stored': {
      const file = { key: row.storage_key!, contentType: row.content_type!, bytes: row.bytes! };
      return { state, name, ...file, ...(row.warning ? { warning: row.warning } : {}) };
    }
    case 'failed': {
      const reason = row.reason ?? 'the file could not be fetched';
      return { state, name, reason, ...(row.code ? { code: row.code } : {}) };
    }
    case 'expired':
      return { state, name };
    default:
      return state satisfies never;
  }
}

export interface WaitingMedia {
  message: number;
  position: number;
  attempts: number;
  /** Since its message came, in milliseconds. */
  age: number;
  /** Until its next try, in milliseconds; 0 or less when it is due. */
  dueIn: number;
}

/** Files of a message that are still to be copied, due or not. */
export async function waitingMedia(db: Queryable, message: number): Promise<WaitingMedia[]> {
  const rows = await db
    .selectFrom('media')
    .select(['message', 'position', 'attempts', age])
    .select(sql<number>`extract(epoch from next_at - clock_timestamp())::float8 * 1000`.as('dueIn'))
    .where('message', '=', message)
    .where('state', '=', 'waiting')
    .orderBy('position')
    .execute();
  return rows;
}

/** It did not work; it is tried again after `ms`. */
export async function mediaLater(
  db: Queryable,
  { message, position }: Pick<WaitingMedia, 'message' | 'position'>,
  ms: number,
  reason: string,
): Promise<void> {
  await sql`update media set attempts = attempts + 1, next_at = now() + ${ms} * interval '1 millisecond', reason = ${reason}
    where message = ${message} and position = ${position} and state = 'waiting'`.execute(db);
}

/** Ends the wait for a file. False: somebody else had ended it already. */
export async function endMedia(
  tx: Tx,
  { message, position }: Pick<WaitingMedia, 'message' | 'position'>,
  ended: StoredMedia | FailedMedia,
): Promise<boolean> {
  const row =
    ended.state === 'stored'
      ? { storage_key: ended.key, content_type: ended.contentType, bytes: ended.bytes, reason: null }
      : { reason: ended.reason, code: ended.code ?? null };
  const warning = ended.state === 'stored' ? (ended.warning ?? null) : null;
  const { numUpdatedRows } = await tx
    .updateTable('media')
    .set({ ...row, warning, state: ended.state, name: ended.name, ended_at: new Date() })
    .where('message', '=', message)
    .where('position', '=', position)
    .where('state', '=', 'waiting')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Whether a file is still to be copied. The row is locked, so that the answer holds until the transaction ends. */
export async function stillWaits(tx: Tx, message: number, position: number): Promise<boolean> {
  const row = await tx
    .selectFrom('media')
    .select('state')
    .where('message', '=', message)
    .where('position', '=', position)
    .forUpdate()
    .executeTakeFirst();
  return row?.state === 'waiting';
}

/** Messages with files that are due for longer than `ms`, for which no job may be left. */
export async function forgottenMedia(db: Queryable, ms: number): Promise<number[]> {
  const { rows } = await sql<{ message: number }>`
    select distinct message from media
    where state = 'waiting' and next_at < now() - ${ms} * interval '1 millisecond' limit 1000`.execute(db);
  return rows.map(({ message }) => message);
}

/** How many files are still to be copied, by channel account. */
export async function mediaBacklogs(db: Queryable): Promise<{ target: string; waiting: number }[]> {
  const { rows } = await sql<{ target: string; waiting: number }>`
    select 'channel:' || c.account as target, count(*)::int as waiting
    from media f join messages m on m.id = f.message join conversations c on c.id = m.conversation
    where f.state = 'waiting' group by c.account`.execute(db);
  return rows;
}

export interface OldCopy {
  message: number;
  position: number;
  key: string;
}

/** Copies older than `ms` that nobody waits for: what may still have to go to a ticket is kept, however old. */
export async function oldCopies(db: Queryable, ms: number, limit: number): Promise<OldCopy[]> {
  const { rows } = await sql<OldCopy>`
    select f.message, f.position, f.storage_key as key from media f join messages m on m.id = f.message
    where f.state = 'stored' and f.ended_at < now() - ${ms} * interval '1 millisecond'
      and not exists (
        select 1 from deliveries d
        where d.state in ('waiting', 'parked') and d.message in (m.id, (
          select w.id from messages w
          where w.conversation = m.conversation and w.platform_id = 'file:' || m.id || ':' || f.position)))
    order by f.ended_at limit ${limit}`.execute(db);
  return rows;
}

/** Copies whose message was removed: their row has no life left, but still a key. */
export async function removedCopies(db: Queryable, limit: number): Promise<OldCopy[]> {
  const { rows } = await sql<OldCopy>`
    select message, position, storage_key as key from media
    where state = 'expired' and storage_key is not null limit ${limit}`.execute(db);
  return rows;
}

export async function copyExpired(db: Queryable, { message, position }: OldCopy): Promise<void> {
  await db
    .updateTable('media')
    .set({ state: 'expired', storage_key: null })
    .where('message', '=', message)
    .where('position', '=', position)
    .execute();
}
