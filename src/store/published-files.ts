import { sql } from 'kysely';
import type { Queryable } from './database.ts';

/** A file lent to a platform by a link. */
export interface PublishedFile {
  id: string;
  key: string;
  name: string;
  contentType: string;
  bytes: number;
  /** The message it is sent with, where it is a reply. */
  message?: number;
}

/** Noted before the bytes are put in the vault, so that none are left there without a row. `forMs`: how long it is lent. */
export async function addPublishedFile(db: Queryable, file: PublishedFile, forMs: number): Promise<void> {
  await db
    .insertInto('published_files')
    .values({
      id: file.id,
      storage_key: file.key,
      name: file.name,
      content_type: file.contentType,
      bytes: file.bytes,
      message: file.message ?? null,
      expires_at: sql<Date>`now() + ${forMs} * interval '1 millisecond'`,
    })
    .execute();
}

/** Undefined when its time is over. */
export async function publishedFile(db: Queryable, id: string): Promise<PublishedFile | undefined> {
  const row = await db
    .selectFrom('published_files')
    .select(['id', 'storage_key as key', 'name', 'content_type as contentType', 'bytes'])
    .where('id', '=', id)
    .where('expires_at', '>', sql<Date>`now()`)
    .executeTakeFirst();
  return row;
}

/** Files whose time is over since `ms`: whoever began to fetch one may finish. */
export async function endedFiles(db: Queryable, ms: number, limit: number): Promise<{ id: string; key: string }[]> {
  return db
    .selectFrom('published_files')
    .select(['id', 'storage_key as key'])
    .where('expires_at', '<', sql<Date>`now() - ${ms} * interval '1 millisecond'`)
    .orderBy('expires_at')
    .limit(limit)
    .execute();
}

export async function dropPublishedFile(db: Queryable, id: string): Promise<void> {
  await db.deleteFrom('published_files').where('id', '=', id).execute();
}
