import { type RawBuilder, sql } from 'kysely';
import type { AccountKinds } from './campaign-size.ts';
import type { Campaign } from './campaigns.ts';
import type { Queryable, Tx } from './database.ts';
import { customersOf } from './segment-sql.ts';

/**
 * The same customers are held out however often it is asked: it hangs on a hash of both ids. Of 10,000 parts so many are held out.
 */
const isHeldOut = (campaign: number, share: number): RawBuilder<boolean> =>
  sql`(('x' || left(md5(${`${campaign}:`} || s.customer::text), 7))::bit(28)::int % 10000) < ${Math.round(share * 10_000)}`;

/**
 * Plans a notice for everybody in the segment, in one statement, and notes who is held out. Planned again it adds nobody twice.
 * Returns how many notices it has.
 */
export async function planRecipients(tx: Tx, campaign: Campaign, kinds: AccountKinds, now: Date): Promise<number> {
  const { id, purpose, texts, variables, segment, holdOut, expiresAfterMs } = campaign;
  const { rows } = await sql<{ planned: number }>`
    with s as materialized (${customersOf(segment, purpose, kinds, now)}),
      held as (insert into campaign_hold_outs (campaign, customer)
        select ${id}::bigint, s.customer from s where ${isHeldOut(id, holdOut)} on conflict do nothing),
      told as (insert into notices
          (customer, purpose, priority, event, campaign, variables, state, not_before, expires_at, dedupe_key)
        select s.customer, ${purpose}, 0, ${texts}, ${id}::bigint, ${JSON.stringify(variables)}::jsonb, 'held',
          ${now}, ${new Date(now.getTime() + expiresAfterMs)}, ${`campaign:${id}:`} || s.customer
        from s where not ${isHeldOut(id, holdOut)}
        on conflict do nothing returning 1)
    select count(*)::int as planned from told`.execute(tx);
  return rows[0]!.planned;
}

/** Lets the next `most` go, in the order they were planned. Returns whom they are for. */
export async function release(tx: Tx, campaign: number, most: number, now: Date): Promise<number[]> {
  const { rows } = await sql<{ customer: number }>`
    update notices set state = 'waiting', not_before = ${now}
    where id = any(array(select id from notices where campaign = ${campaign} and state = 'held' order by id limit ${most}))
    returning customer`.execute(tx);
  return rows.map(({ customer }) => customer);
}

/** Notices that were let go and that nothing was begun of are held again. Returns how many. */
export async function holdBack(tx: Tx, campaign: number): Promise<number> {
  const { numAffectedRows } = await sql`update notices n set state = 'held', reason = null
    where n.campaign = ${campaign} and n.state = 'waiting'
      and not exists (select 1 from notice_tries t where t.notice = n.id)`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}

/** Nobody is told any more, but for those an account has it of already. */
export async function giveUpRecipients(tx: Tx, campaign: number, reason: string, now: Date): Promise<number> {
  const { numAffectedRows } = await sql`update notices set state = 'refused', reason = ${reason}, ended_at = ${now}
    where campaign = ${campaign} and state in ('held', 'waiting')`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}

/**
 * Whether any are held, whether any are let go and not ended, and how many of these are under way now: whoever waits for quiet hours to
 * end is not.
 */
export async function openRecipients(
  db: Queryable,
  campaign: number,
  now: Date,
): Promise<{ held: boolean; waiting: boolean; underWay: number }> {
  const { rows } = await sql<{ held: boolean; open: number; underWay: number }>`
    select exists (select 1 from notices where campaign = ${campaign} and state = 'held') as held, o.*
    from (select count(*)::int as open, count(*) filter (where not_before <= ${now})::int as "underWay"
      from notices where campaign = ${campaign} and state in ('waiting', 'sending')) o`.execute(db);
  const { held, open, underWay } = rows[0]!;
  return { held, waiting: open > 0, underWay };
}
