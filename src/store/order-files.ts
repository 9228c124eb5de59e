import type { ShopFile } from '../domain/order.ts';
import type { Queryable, Tx } from './database.ts';

/** A file that goes with an event of an order. */
export interface OrderFile {
  event: number;
  state: 'waiting' | 'stored' | 'failed';
  url: string | undefined;
  content: Buffer | undefined;
  name: string;
  contentType: string;
  storageKey: string | undefined;
  bytes: number | undefined;
  reason: string | undefined;
  attempts: number;
}

export async function addOrderFile(tx: Tx, event: number, file: ShopFile): Promise<void> {
  await tx
    .insertInto('order_files')
    .values({
      event,
      state: 'waiting',
      name: file.name,
      content_type: file.contentType,
      url: 'url' in file ? file.url : null,
      content: 'bytes' in file ? file.bytes : null,
    })
    .execute();
}

export async function orderFile(db: Queryable, event: number): Promise<OrderFile | undefined> {
  const row = await db.selectFrom('order_files').selectAll().where('event', '=', event).executeTakeFirst();
  return (
    row && {
      event: row.event,
      state: row.state,
      url: row.url ?? undefined,
      content: row.content ?? undefined,
      name: row.name,
      contentType: row.content_type,
      storageKey: row.storage_key ?? undefined,
      bytes: row.bytes ?? undefined,
      reason: row.reason ?? undefined,
      attempts: row.attempts,
    }
  );
}

/** It is in the vault; what was sent along or where it was is forgotten here. */
export async function orderFileStored(db: Queryable, event: number, key: string, bytes: number): Promise<void> {
  await db
    .updateTable('order_files')
    .set({ state: 'stored', storage_key: key, bytes, content: null, reason: null })
    .where('event', '=', event)
    .execute();
}

export async function orderFileFailed(db: Queryable, event: number, reason: string, forGood: boolean): Promise<void> {
  await db
    .updateTable('order_files')
    .set((row) => ({ ...(forGood ? { state: 'failed' as const } : {}), reason, attempts: row.eb('attempts', '+', 1) }))
    .where('event', '=', event)
    .execute();
}
