import type { Queryable } from './database.ts';

/** A record of history as it was last written. `digest` tells whether it needs writing again. */
export interface HistoryRecord {
  digest: string;
  remoteId: string | undefined;
  /** The contact it was written for. */
  contact: string | undefined;
}

export async function historyRecord(db: Queryable, crm: string, key: string): Promise<HistoryRecord | undefined> {
  const row = await db
    .selectFrom('history_entries')
    .select(['digest', 'remote_id', 'contact'])
    .where('crm', '=', crm)
    .where('key', '=', key)
    .executeTakeFirst();
  return row && { digest: row.digest, remoteId: row.remote_id ?? undefined, contact: row.contact ?? undefined };
}

export async function saveHistoryRecord(
  db: Queryable,
  record: HistoryRecord & { ticket: number; crm: string; key: string },
): Promise<void> {
  const news = {
    digest: record.digest,
    remote_id: record.remoteId ?? null,
    contact: record.contact ?? null,
    written_at: new Date(),
  };
  await db
    .insertInto('history_entries')
    .values({ ticket: record.ticket, crm: record.crm, key: record.key, ...news })
    .onConflict((conflict) => conflict.columns(['crm', 'key']).doUpdateSet(news))
    .execute();
}
