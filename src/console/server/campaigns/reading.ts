import { z } from 'zod';
import { campaignStates } from '../../../domain/campaign.ts';
import { estimateAtOnce } from '../../../flows/estimate-campaign.ts';
import { campaignReport } from '../../../store/campaign-report.ts';
import { type Campaign, campaignById, listCampaigns } from '../../../store/campaigns.ts';
import type { CampaignChoices, CampaignEstimate, CampaignReport } from '../../wire/campaigns.ts';
import { channelKinds } from '../channel-kinds.ts';
import { noCursor } from '../conversations/list.ts';
import { oneMore, pageOf, readCursor } from '../cursor.ts';
import { type Answer, type Endpoint, endpoint, fine, missing } from '../endpoint.ts';
import type { ConsoleParts } from '../parts.ts';
import { campaignLine, campaignView } from './view.ts';

const limit = 25;
const params = z.object({ id: z.coerce.number().int().positive().max(1e15) });
const may = 'notices.read';

type Parts = Pick<ConsoleParts, 'db' | 'campaigns' | 'channels' | 'notices'>;

export const campaignReadEndpoints = (parts: Parts): Endpoint[] => [
  endpoint({
    method: 'get',
    path: '/campaigns',
    may,
    query: z.object({ state: z.enum(campaignStates).optional(), cursor: z.string().max(200).optional() }),
    handle: async ({ query: { state, cursor } }) => {
      const [before] = cursor === undefined ? [undefined] : (readCursor(cursor, 1) ?? ['none']);
      if (typeof before === 'string') return noCursor;
      const rows = await listCampaigns(parts.db, { state, before, limit: oneMore(limit) });
      return fine(pageOf(rows, limit, campaignLine, ({ id }) => [id]));
    },
  }),
  endpoint({
    method: 'get',
    path: '/campaigns/choices',
    may,
    handle: async () => fine(choicesOf(parts)),
  }),
  ...oneCampaignEndpoints(parts),
];

const oneCampaignEndpoints = ({ db, campaigns: desk }: Parts): Endpoint[] => {
  const onOne = async (id: number, show: (campaign: Campaign) => unknown): Promise<Answer> => {
    const campaign = await campaignById(db, id);
    return campaign ? fine(await show(campaign)) : missing('campaign');
  };
  return [
    endpoint({
      method: 'get',
      path: '/campaigns/:id',
      may,
      params,
      handle: ({ params: { id }, who }) => onOne(id, (campaign) => campaignView(campaign, desk, who)),
    }),
    endpoint({
      method: 'get',
      path: '/campaigns/:id/estimate',
      may,
      params,
      handle: ({ params: { id }, now }) =>
        onOne(id, (campaign): Promise<CampaignEstimate> => estimateAtOnce(db, campaign, desk.kinds, desk.prices, now)),
    }),
    endpoint({
      method: 'get',
      path: '/campaigns/:id/report',
      may,
      params,
      handle: ({ params: { id } }) => onOne(id, (): Promise<CampaignReport> => campaignReport(db, id)),
    }),
  ];
};

const choicesOf = ({ campaigns, channels, notices }: Parts): CampaignChoices => ({
  texts: [...campaigns.texts],
  purposes: ['marketing', ...notices.lists.map((name) => `list:${name}`)],
  channels: channelKinds(channels),
  accounts: [...channels.keys()],
  ...campaigns.defaults,
});
