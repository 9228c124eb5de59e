import { sql } from 'kysely';
import { type Evidence, evidences } from '../domain/evidence.ts';
import type { TicketId } from '../domain/ids.ts';
import type { TicketSigns } from '../domain/ticket-signs.ts';
import type { Queryable } from './database.ts';

/** A ticket whose signs may have changed. */
export interface DueTicket {
  ticket: number;
  remoteId: TicketId;
  conversation: number;
  account: string;
  customer: number;
  lastCustomerAt: Date | undefined;
  /** As they stand at the helpdesk, if they do. */
  signs: TicketSigns | undefined;
}

/** What was looked at longer ago has nothing to tell but by its next comment, which takes the signs along. */
const quietFor = sql`interval '30 days'`;
/** Tickets that got no signs with their first comment, as when the fields were not known yet, are found among so many. */
const newest = 2_000;

/**
 * Open tickets at a helpdesk about whose conversation something happened since they were looked at, or whose time has come;
 * none that got its signs after `toldBefore`. Costs as much as tickets are talked about, however many there are.
 */
export async function ticketsToLookAt(
  db: Queryable,
  { helpdesk, now, toldBefore, limit }: { helpdesk: string; now: Date; toldBefore: Date; limit: number },
): Promise<DueTicket[]> {
  const { rows } = await sql<DueRow>`
    with recent as (
      select ticket as id from ticket_signs where seen_at > ${now}::timestamptz - ${quietFor}
      union select n.id from (select id from tickets order by id desc limit ${newest}) n
        where not exists (select 1 from ticket_signs s where s.ticket = n.id))
    select t.id as ticket, t.remote_id, c.id as conversation, c.account, c.customer, c.last_customer_at, s.signs
    from recent
    join tickets t on t.id = recent.id
    join conversations c on c.id = t.conversation
    left join ticket_signs s on s.ticket = t.id
    where t.helpdesk = ${helpdesk} and t.state = 'open' and t.remote_id is not null
      and (s.told_at is null or s.told_at < ${toldBefore})
      and (s.ticket is null or s.look_at <= ${now} or s.customer <> c.customer or c.last_customer_at > s.seen_at
        or exists (select 1 from reply_parts p join messages m on m.id = p.message
          where m.ticket = t.id and greatest(m.occurred_at, p.started_at, p.sent_at, p.delivered_at, p.read_at) > s.seen_at)
        or exists (select 1 from facts f
          where f.customer = c.customer and greatest(f.told_at, f.withdrawn_at) > s.seen_at))
    order by s.look_at nulls last, t.id
    limit ${limit}`.execute(db);
  return rows.map((row) => ({
    ticket: Number(row.ticket),
    remoteId: row.remote_id as TicketId,
    conversation: Number(row.conversation),
    account: row.account,
    customer: Number(row.customer),
    lastCustomerAt: row.last_customer_at ?? undefined,
    signs: row.signs ?? undefined,
  }));
}

interface DueRow {
  ticket: number;
  remote_id: string;
  conversation: number;
  account: string;
  customer: number;
  last_customer_at: Date | null;
  signs: TicketSigns | null;
}

/** The strongest evidence of anything that stands of a customer. */
export async function strongestEvidence(db: Queryable, customer: number): Promise<Evidence | undefined> {
  const rows = await db
    .selectFrom('facts')
    .select('evidence')
    .distinct()
    .where('customer', '=', customer)
    .where('withdrawn_at', 'is', null)
    .execute();
  const found = new Set(rows.map(({ evidence }) => evidence));
  return evidences.findLast((evidence) => found.has(evidence));
}

/** What a look found; `told` when the signs were written to the helpdesk with it. */
export interface Look {
  ticket: number;
  customer: number;
  seenAt: Date;
  lookAt: Date | undefined;
  told?: { signs: TicketSigns; at: Date } | undefined;
}

export async function noteLook(db: Queryable, { ticket, customer, seenAt, lookAt, told }: Look): Promise<void> {
  const seen = { customer, seen_at: seenAt, look_at: lookAt ?? null };
  const written = told ? { signs: JSON.stringify(told.signs), told_at: told.at } : {};
  await db
    .insertInto('ticket_signs')
    .values({ ticket, ...seen, ...written })
    .onConflict((conflict) => conflict.column('ticket').doUpdateSet({ ...seen, ...written }))
    .execute();
}
