import type { Queryable } from './database.ts';

/** What became of a customer's file: a copy in the media folder, or why there is none. */
export type StoredMedia =
  | { state: 'stored'; key: string; name: string; contentType: string; bytes: number }
  | { state: 'failed'; name: string; reason: string };

/** By position of the part in the message. */
export async function mediaOf(db: Queryable, message: number): Promise<Map<number, StoredMedia>> {
  return (await mediaOfMessages(db, [message])).get(message) ?? new Map();
}

/** By message, then by position of the part in it. */
export async function mediaOfMessages(
  db: Queryable,
  messages: readonly number[],
): Promise<Map<number, Map<number, StoredMedia>>> {
  const found = new Map<number, Map<number, StoredMedia>>();
  if (messages.length === 0) return found;
  const rows = await db
    .selectFrom('media')
    .selectAll()
    .where('message', 'in', [...messages])
    .execute();
  for (const row of rows) {
    const media: StoredMedia =
      row.state === 'stored'
        ? { state: 'stored', key: row.storage_key!, name: row.name, contentType: row.content_type!, bytes: row.bytes! }
        : { state: 'failed', name: row.name, reason: row.reason ?? 'the file could not be fetched' };
    found.set(row.message, (found.get(row.message) ?? new Map<number, StoredMedia>()).set(row.position, media));
  }
  return found;
}

export async function saveMedia(db: Queryable, message: number, position: number, media: StoredMedia): Promise<void> {
  const row =
    media.state === 'stored'
      ? { storage_key: media.key, content_type: media.contentType, bytes: media.bytes, reason: null }
      : { storage_key: null, content_type: null, bytes: null, reason: media.reason };
  const values = { message, position, state: media.state, name: media.name, ...row };
  await db
    .insertInto('media')
    .values(values)
    .onConflict((conflict) => conflict.columns(['message', 'position']).doUpdateSet(values))
    .execute();
}
