import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { CampaignState, Segment, Thresholds } from '../domain/campaign.ts';

type Id = GeneratedAlways<number>;
type Now = ColumnType<Date, Date | undefined, Date>;
type Json<T> = ColumnType<T, string, string>;

/** Rows of campaigns; the meaning of each column stands in `migrations/0015-campaigns.ts`. */
export interface CampaignTables {
  campaigns: {
    id: Id;
    name: string;
    state: Generated<CampaignState>;
    reason: string | null;
    purpose: string;
    texts: string;
    variables: Json<Record<string, unknown>>;
    segment: Json<Segment>;
    per_minute: number;
    hold_out: number;
    thresholds: Json<Thresholds>;
    start_at: Date | null;
    expires_after_ms: number;
    made_by: string;
    made_at: Now;
    changed_by: Generated<string[]>;
    request_key: string | null;
    request_digest: Buffer | null;
    approved_by: string | null;
    approved_at: Date | null;
    planned_at: Date | null;
    planned: Generated<number>;
    released: Generated<number>;
    pace_since: Date | null;
    pace_before: Generated<number>;
    ended_at: Date | null;
  };
  campaign_hold_outs: { campaign: number; customer: number };
}
