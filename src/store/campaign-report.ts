import { sql } from 'kysely';
import type { Ended } from '../domain/campaign.ts';
import type { Queryable } from './database.ts';

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
  const { rows } = await sql<Record<string, number>>`
    select count(*)::int as planned,
      count(*) filter (where state = 'held')::int as held,
      count(*) filter (where state in ('waiting', 'sending'))::int as "underWay",
      count(*) filter (where state in ('sent', 'delivered', 'read'))::int as sent,
      count(*) filter (where state in ('delivered', 'read'))::int as delivered,
      count(*) filter (where state = 'read')::int as read,
      count(*) filter (where state = 'failed')::int as failed,
      count(*) filter (where state = 'refused')::int as refused,
      count(*) filter (where state in ('expired', 'replaced'))::int as expired
    from notices where campaign = ${campaign}`.execute(db);
  const heldOut = await sql<{ n: number }>`
    select count(*)::int as n from campaign_hold_outs where campaign = ${campaign}`.execute(db);
  return {
    ...(rows[0] as unknown as Omit<CampaignReport, 'heldOut' | 'reasons' | 'replied' | 'tickets' | 'optedOut'>),
    heldOut: heldOut.rows[0]!.n,
    reasons: await reasonsOf(db, campaign),
    ...(await answersTo(db, campaign)),
    optedOut: await optedOut(db, campaign),
  };
}

async function reasonsOf(db: Queryable, campaign: number): Promise<CampaignReport['reasons']> {
  const { rows } = await sql<CampaignReport['reasons'][number]>`
    select state, coalesce(reason, '') as reason, count(*)::int as customers from notices
    where campaign = ${campaign} and state in ('failed', 'refused', 'expired', 'replaced')
    group by state, reason order by customers desc, reason limit 20`.execute(db);
  return rows;
}

/** Whom it was sent to, where and when. */
const told = (campaign: number) => sql`
  select customer, conversation, ended_at as at from notices
  where campaign = ${campaign} and state in ('sent', 'delivered', 'read') and conversation is not null and ended_at is not null`;

async function answersTo(db: Queryable, campaign: number): Promise<Pick<CampaignReport, 'replied' | 'tickets'>> {
  const { rows } = await sql<{ replied: number; tickets: number }>`
    with told as materialized (${told(campaign)})
    select
      (select count(*) from told t where exists (select 1 from messages m where m.conversation = t.conversation
        and m.author = 'customer' and m.kind = 'said' and m.occurred_at between t.at and t.at + ${week}))::int as replied,
      (select count(*) from told t join tickets k on k.conversation = t.conversation
        where k.helpdesk <> '' and k.created_at between t.at and t.at + ${week})::int as tickets`.execute(db);
  return rows[0]!;
}

/** Begins with the revocations: there are few of them, and many who were told. */
async function optedOut(db: Queryable, campaign: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(distinct n.customer)::int as n from campaigns k
      join consents c on c.act = 'revoked' and c.at >= k.planned_at
      join notices n on n.customer = c.customer and n.campaign = k.id and n.state in ('sent', 'delivered', 'read')
        and c.at between n.ended_at and n.ended_at + ${week}
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
