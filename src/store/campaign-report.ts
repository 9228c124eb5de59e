import { sql } from 'kysely';
import type { Ended } from '../domain/campaign.ts';
import type { Queryable } from './database.ts';
import type { NoticeState } from './order-tables.ts';

/** What a campaign has come to, in customers. */
export interface CampaignReport {
  planned: number;
  heldOut: number;
  /** Not let go yet. */
  held: number;
  /** Let go, and on the way. */
  underWay: number;
  /** Each is counted among those before it, too: who has read it has been sent it. */
  sent: number;
  delivered: number;
  read: number;
  failed: number;
  refused: number;
  expired: number;
  /** Why they were refused or failed, the commonest first. */
  reasons: { state: string; reason: string; customers: number }[];
  /** Who wrote on that conversation within a week of it. */
  replied: number;
  /** Tickets opened on that conversation within a week of it. */
  tickets: number;
  /** Who revoked a consent within a week of it. */
  optedOut: number;
}

/** What comes within so long after a notice is put down to it. */
const week = sql`interval '7 days'`;

export async function campaignReport(db: Queryable, campaign: number): Promise<CampaignReport> {
  const [counts, heldOut, reasons, answers, gone] = await Promise.all([
    countsOf(db, campaign),
    heldOutOf(db, campaign),
    reasonsOf(db, campaign),
    answersTo(db, campaign),
    optedOut(db, campaign),
  ]);
  return { ...counts, heldOut, reasons, ...answers, optedOut: gone };
}

type Counts = Omit<CampaignReport, 'heldOut' | 'reasons' | 'replied' | 'tickets' | 'optedOut'>;

async function countsOf(db: Queryable, campaign: number): Promise<Counts> {
  const { rows } = await sql<{ state: NoticeState; customers: number }>`
    select state, count(*)::int as customers from notices where campaign = ${campaign} group by state`.execute(db);
  const of = (...states: NoticeState[]) =>
    rows.reduce((sum, { state, customers }) => sum + (states.includes(state) ? customers : 0), 0);
  return {
    planned: rows.reduce((sum, { customers }) => sum + customers, 0),
    held: of('held'),
    underWay: of('waiting', 'sending'),
    sent: of('sent', 'delivered', 'read'),
    delivered: of('delivered', 'read'),
    read: of('read'),
    failed: of('failed'),
    refused: of('refused'),
    expired: of('expired', 'replaced'),
  };
}

async function heldOutOf(db: Queryable, campaign: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from campaign_hold_outs where campaign = ${campaign}`.execute(db);
  return rows[0]!.n;
}

async function reasonsOf(db: Queryable, campaign: number): Promise<CampaignReport['reasons']> {
  const { rows } = await sql<CampaignReport['reasons'][number]>`
    select state, coalesce(reason, '') as reason, count(*)::int as customers from notices
    where campaign = ${campaign} and state in ('failed', 'refused', 'expired', 'replaced')
    group by state, reason order by customers desc, reason limit 20`.execute(db);
  return rows;
}

/** Whom it was sent to, where and when: some platforms tell only later that it arrived, and it ends with that. */
const told = (campaign: number) => sql`
  select customer, conversation, coalesce(sent_at, ended_at) as at from notices
  where campaign = ${campaign} and state in ('sent', 'delivered', 'read') and conversation is not null and ended_at is not null`;

/** What somebody wrote before they were told opens its ticket within this, if it does. */
const underWay = sql`interval '1 hour'`;

/**
 * Looks only where the customer has written since: of many who are told few write, and where nobody wrote since the campaign began none
 * has to be compared.
 */
async function answersTo(db: Queryable, campaign: number): Promise<Pick<CampaignReport, 'replied' | 'tickets'>> {
  const { rows } = await sql<{ replied: number; tickets: number }>`
    with stirred as materialized (select t.* from (${told(campaign)}) t
      join conversations c on c.id = t.conversation and c.last_customer_at >= t.at - ${underWay}
        and c.last_customer_at >= (select planned_at from campaigns where id = ${campaign}) - ${underWay})
    select
      (select count(*) from stirred t where exists (select 1 from messages m where m.conversation = t.conversation
        and m.author = 'customer' and m.kind = 'said' and m.occurred_at between t.at and t.at + ${week} offset 0))::int as replied,
      (select count(*) from stirred t join tickets k on k.conversation = t.conversation
        where k.helpdesk <> '' and k.created_at between t.at and t.at + ${week})::int as tickets`.execute(db);
  return rows[0]!;
}

/** Begins with the revocations: there are few of them, and many who were told. */
async function optedOut(db: Queryable, campaign: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(distinct n.customer)::int as n from campaigns k
      join consents c on c.act = 'revoked' and c.at >= k.planned_at
      join notices n on n.customer = c.customer and n.campaign = k.id and n.state in ('sent', 'delivered', 'read')
        and c.at between coalesce(n.sent_at, n.ended_at) and n.ended_at + ${week}
    where k.id = ${campaign}`.execute(db);
  return rows[0]!.n;
}

/** As much as decides whether it has to stop. */
export async function endedSoFar(db: Queryable, campaign: number): Promise<Ended> {
  const { rows } = await sql<{ sent: number; failed: number }>`
    select count(*) filter (where state in ('sent', 'delivered', 'read'))::int as sent,
      count(*) filter (where state = 'failed')::int as failed
    from notices where campaign = ${campaign} and state in ('sent', 'delivered', 'read', 'failed')`.execute(db);
  return { ...rows[0]!, optedOut: await optedOut(db, campaign) };
}
