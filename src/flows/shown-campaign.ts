import type { Campaign } from '../store/campaigns.ts';

/** As the API and the command line show it. */
export const shownCampaign = (campaign: Campaign) => ({
  id: campaign.id,
  name: campaign.name,
  state: campaign.state,
  reason: campaign.reason,
  purpose: campaign.purpose,
  texts: campaign.texts,
  variables: campaign.variables,
  segment: { ...campaign.segment },
  perMinute: campaign.perMinute,
  holdOut: campaign.holdOut,
  startAt: campaign.startAt?.toISOString(),
  madeBy: campaign.madeBy,
  madeAt: campaign.madeAt.toISOString(),
  changedBy: [...campaign.changedBy],
  approvedBy: campaign.approvedBy,
  approvedAt: campaign.approvedAt?.toISOString(),
  planned: campaign.planned,
  released: campaign.released,
  endedAt: campaign.endedAt?.toISOString(),
});
