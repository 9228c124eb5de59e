import { sql } from 'kysely';
import type { Queryable, Tx } from './database.ts';

/** Something the gate let through. */
export interface SendingRow {
  key: string;
  customer: number;
  conversation: number;
  purpose: string;
  priority: number;
  form: string;
  digest: Buffer | undefined;
  at: Date;
}

/** What was let through to a customer since a time, whoever they were then; without what has the key itself. The latest first. */
export async function sendingsSince(tx: Tx, customer: number, since: Date, but: string): Promise<SendingRow[]> {
  const { rows } = await sql<Omit<SendingRow, 'digest'> & { digest: Buffer | null }>`
    with recursive members (id) as (
      select ${customer}::bigint union select u.id from customers u join members m on u.joined_with = m.id)
    select s.* from sendings s join members m on m.id = s.customer
    where s.at > ${since} and s.key <> ${but} order by s.at desc`.execute(tx);
  return rows.map((row) => ({ ...row, digest: row.digest ?? undefined }));
}

/** Notes that this is about to be sent; tried again under its key it is still one, and keeps its words' hash. */
export async function noteSending(tx: Tx, row: SendingRow): Promise<void> {
  const { key, ...values } = { ...row, digest: row.digest ?? null };
  await tx
    .insertInto('sendings')
    .values({ key, ...values })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet({ ...values, digest: sql`coalesce(excluded.digest, sendings.digest)` }),
    )
    .execute();
}

/** It was let through, but surely not sent: it counts no longer. */
export async function takeBackSending(db: Queryable, key: string): Promise<void> {
  await db.deleteFrom('sendings').where('key', '=', key).execute();
}
