import { sql } from 'kysely';
import type { Queryable, Tx } from './database.ts';

const counted = async (db: Queryable, statement: ReturnType<typeof sql>): Promise<number> =>
  Number((await statement.execute(db)).numAffectedRows ?? 0n);

/** Links whose time was over by then, used or not. */
export const deleteOldLinks = (db: Queryable, before: Date, size: number): Promise<number> =>
  counted(db, sql`delete from links where id in (select id from links where expires_at < ${before} limit ${size})`);

export const deleteOldProofs = (db: Queryable, before: Date, size: number): Promise<number> =>
  counted(
    db,
    sql`delete from consent_proofs where id in (select id from consent_proofs where kept_since < ${before} limit ${size})`,
  );

/** Receipts of erasures that are over; what is remembered of those people so that nothing comes back stays as long. */
export async function deleteOldReceipts(db: Queryable, before: Date, size: number): Promise<number> {
  await sql`delete from erased_users where erased_at < ${before}`.execute(db);
  const { rows } = await sql<{ n: number }>`
    with old as (select id from erasures where ended_at < ${before} limit ${size}),
      steps as (delete from erasure_steps where erasure in (select id from old) returning id)
    select count(*)::int as n from old, (select count(*) from steps) as s`.execute(db);
  if (rows[0]?.n)
    await sql`delete from erasures e where e.ended_at < ${before}
      and not exists (select 1 from erasure_steps s where s.erasure = e.id)`.execute(db);
  return rows[0]?.n ?? 0;
}

/** What is still to be sent, or stands unsure, is not over. */
const over = sql`state not in ('held', 'waiting', 'sending')`;

/** Notices that ended by then, with each step of telling. The messages they became are messages. */
export async function deleteOldNotices(db: Queryable, before: Date, size: number): Promise<number> {
  const { rows } = await sql<{ id: number }>`select id from notices
    where ${over} and coalesce(ended_at, created_at) < ${before} order by id limit ${size}`.execute(db);
  const ids = rows.map(({ id }) => id);
  await sql`delete from notice_tries where notice = any(${ids}::bigint[])`.execute(db);
  return counted(db, sql`delete from notices where id = any(${ids}::bigint[])`);
}

/** Orders nothing was told of since, unless something of them is still to be told. Files of theirs go first. */
export async function oldOrders(
  db: Queryable,
  before: Date,
  size: number,
): Promise<{ ids: number[]; copies: string[] }> {
  const { rows } = await sql<{ id: number; copies: string[] }>`
    select o.id, coalesce((select array_agg(f.storage_key) from order_files f join order_events e on e.id = f.event
      where e."order" = o.id and f.storage_key is not null), '{}') as copies
    from orders o where o.updated_at < ${before} and not exists (
      select 1 from notices n join order_events e on e.id = n.order_event
      where e."order" = o.id and n.state in ('held', 'waiting', 'sending'))
    order by o.id limit ${size}`.execute(db);
  return { ids: rows.map(({ id }) => id), copies: rows.flatMap(({ copies }) => copies) };
}

export async function deleteOrders(tx: Tx, ids: readonly number[]): Promise<void> {
  const events = sql`(select id from order_events where "order" = any(${[...ids]}::bigint[]))`;
  await sql`delete from shop_orders s using orders o
    where o.id = any(${[...ids]}::bigint[]) and s.shop = o.shop and s.number = o.number`.execute(tx);
  await sql`delete from order_files where event in ${events}`.execute(tx);
  await sql`delete from notice_tries where notice in (select id from notices where order_event in ${events})`.execute(
    tx,
  );
  await sql`delete from notices where order_event in ${events}`.execute(tx);
  await sql`delete from order_events where "order" = any(${[...ids]}::bigint[])`.execute(tx);
  await sql`delete from orders where id = any(${[...ids]}::bigint[])`.execute(tx);
}

/** A stretch of a conversation: what is on one ticket, or on none. */
export interface OldStretch {
  ticket: number;
  messages: number[];
  copies: string[];
}

/**
 * Tickets on which nothing was said since `before` and nothing waits: no message is still to arrive anywhere, no bubble to be
 * sent, no file to be copied, no notice to end, no refusal to be seen by a person. Among the next `size` by id.
 */
export async function oldStretches(
  db: Queryable,
  before: Date,
  after: number,
  size: number,
): Promise<{ stretches: OldStretch[]; last: number | undefined }> {
  const { rows } = await sql<{ id: number; messages: number[] | null; copies: string[] | null }>`
    with page as materialized (select id from tickets where id > ${after} order by id limit ${size})
    select p.id, m.messages, m.copies from page p left join lateral (
      select array_agg(m.id) as messages,
        (select array_agg(f.storage_key) from media f
          where f.storage_key is not null and f.message in (select id from messages where ticket = p.id)) as copies
      from messages m where m.ticket = p.id
      having max(m.occurred_at) < ${before} and not bool_or(
        exists (select 1 from deliveries d where d.message = m.id and d.state in ('waiting', 'parked'))
        or exists (select 1 from reply_parts r where r.message = m.id and r.state in ('waiting', 'sending'))
        or exists (select 1 from media f where f.message = m.id and f.state = 'waiting')
        or exists (select 1 from notices n where n.message = m.id and n.state in ('waiting', 'sending')))) m on true
    order by p.id`.execute(db);
  const stretches = rows.flatMap(({ id, messages, copies }) =>
    messages ? [{ ticket: id, messages: messages.map(Number), copies: copies ?? [] }] : [],
  );
  return { stretches, last: rows.at(-1)?.id };
}

/**
 * Deletes what was said on a ticket, and what was made of it. The ticket itself stays, so that an agent may still answer on it,
 * and is left: what the customer says next begins another, and no history is written over the one that stands.
 */
export async function deleteStretch(tx: Tx, { ticket, messages }: OldStretch): Promise<void> {
  await sql`delete from history_entries where ticket = ${ticket}`.execute(tx);
  await sql`delete from comments where ticket = ${ticket} and state <> 'started'`.execute(tx);
  await sql`update tickets set state = 'left' where id = ${ticket} and state = 'open'`.execute(tx);
  for (const table of ['notices', 'notice_tries'])
    await sql`update ${sql.table(table)} set message = null where message = any(${messages}::bigint[])`.execute(tx);
  for (const table of ['reply_parts', 'deliveries', 'media'])
    await sql`delete from ${sql.table(table)} where message = any(${messages}::bigint[])`.execute(tx);
  await sql`delete from messages where id = any(${messages}::bigint[])`.execute(tx);
}
