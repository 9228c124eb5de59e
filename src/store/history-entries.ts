import { sql } from 'kysely';
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

/** How many parts the transcript of a ticket was last written in: of `{key}`, `{key}#2`… */
export async function entriesOfTicket(db: Queryable, crm: string, ticket: number, key: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from history_entries
    where crm = ${crm} and ticket = ${ticket} and (key = ${key} or starts_with(key, ${`${key}#`}))`.execute(db);
  return rows[0]?.n ?? 0;
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
