import type { Queue } from '../queue/queue.ts';
import type { AccountKinds } from '../store/campaign-size.ts';
import type { NewCampaign } from '../store/campaigns.ts';
import type { Database } from '../store/database.ts';
import type { Price } from './estimate-campaign.ts';

/** What campaigns are made and steered with; it needs no platform. */
export interface CampaignDesk {
  db: Database;
  queue: Pick<Queue, 'wake'>;
  /** A second person has to approve of each. */
  approval: boolean;
  /** What holds where a campaign does not say. */
  defaults: Pick<NewCampaign, 'perMinute' | 'thresholds'>;
  prices: readonly Price[];
  kinds: AccountKinds;
  /** The names of the texts that campaigns can have. */
  texts: readonly string[];
  now(): Date;
}
