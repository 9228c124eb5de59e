import { mayBecome } from '../../../domain/campaign.ts';
import { isOwn } from '../../../flows/campaign-acts.ts';
import type { CampaignDesk } from '../../../flows/campaign-desk.ts';
import type { Campaign } from '../../../store/campaigns.ts';
import type { CampaignLine, CampaignStep, CampaignView } from '../../wire/campaigns.ts';

export const campaignLine = (campaign: Campaign): CampaignLine => ({
  ...{ id: campaign.id, name: campaign.name, state: campaign.state, reason: campaign.reason ?? null },
  ...{ purpose: campaign.purpose, texts: campaign.texts, madeBy: campaign.madeBy },
  ...{ planned: campaign.planned, released: campaign.released },
  startAt: campaign.startAt?.toISOString() ?? null,
  madeAt: campaign.madeAt.toISOString(),
  endedAt: campaign.endedAt?.toISOString() ?? null,
});

/** `who` asks, by the name that campaigns keep. */
export const campaignView = (
  campaign: Campaign,
  { approval }: Pick<CampaignDesk, 'approval'>,
  who: string,
): CampaignView => ({
  ...campaignLine(campaign),
  ...{ variables: campaign.variables, segment: campaign.segment, thresholds: campaign.thresholds },
  ...{ perMinute: campaign.perMinute, holdOut: campaign.holdOut, expiresAfterMs: campaign.expiresAfterMs },
  plannedAt: campaign.plannedAt?.toISOString() ?? null,
  approvedBy: campaign.approvedBy ?? null,
  approvedAt: campaign.approvedAt?.toISOString() ?? null,
  ...{ approval, own: isOwn(campaign, who), changedBy: [...campaign.changedBy] },
  steps: stepsOf(campaign, who),
});

function stepsOf(campaign: Campaign, who: string): CampaignStep[] {
  const { state } = campaign;
  return [
    ...(state === 'draft' ? (['start'] as const) : []),
    ...(state === 'awaiting-approval' && !isOwn(campaign, who) ? (['approve'] as const) : []),
    ...(mayBecome(state, 'paused') ? (['pause'] as const) : []),
    ...(state === 'paused' ? (['resume'] as const) : []),
    ...(mayBecome(state, 'stopped') ? (['stop'] as const) : []),
  ];
}
