import type { CampaignDesk } from '../flows/campaign-desk.ts';
import type { Settings } from '../settings/settings.ts';

/** Campaigns as the configuration has them; the ledger is not in it. */
export const campaignsOf = ({
  campaigns,
  channels,
  noticeTexts,
}: Pick<Settings, 'campaigns' | 'channels' | 'noticeTexts'>): Omit<CampaignDesk, 'db' | 'queue' | 'now'> => ({
  approval: campaigns.approval,
  defaults: { perMinute: campaigns.perMinute, thresholds: campaigns.stopAt },
  prices: campaigns.prices,
  kinds: new Map(channels.map(({ id, kind }) => [id, kind])),
  texts: noticeTexts.names.filter((name) => !name.startsWith('order.')),
});
