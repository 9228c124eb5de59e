import { z } from 'zod';
import {
  approveCampaign,
  type CampaignActed,
  changeDraft,
  makeCampaign,
  pauseCampaign,
  resumeCampaign,
  startCampaign,
  stopCampaign,
  testCampaign,
} from '../../flows/campaign-acts.ts';
import type { CampaignDesk } from '../../flows/campaign-desk.ts';
import { campaignOf, campaignWish } from '../../flows/campaign-wish.ts';
import { estimateCampaign } from '../../flows/estimate-campaign.ts';
import { shownCampaign as shown } from '../../flows/shown-campaign.ts';
import { campaignReport } from '../../store/campaign-report.ts';
import { campaignById, listCampaigns } from '../../store/campaigns.ts';
import {
  campaignAnswer,
  campaignParams,
  campaignsAnswer,
  campaignsQuery,
  estimateAnswer,
  reasonBody,
  reportAnswer,
  startBody,
  testAnswer,
  testBody,
} from './campaign-schemas.ts';
import { type ApiAnswer, type Call, type Operation, operation, wrongField } from './operation.ts';

const none = z.object({});
const noCampaign = { status: 404, detail: 'there is no campaign of this number' } as const;

/** Campaigns: the same as `passerelle campaigns`. */
export const campaignOperations = (desk: CampaignDesk): Operation[] => [
  ...reading(desk),
  making(desk),
  changing(desk),
  ...acting(desk),
  testing(desk),
];

const reading = ({ db, kinds, prices }: CampaignDesk): Operation[] => [
  operation({
    method: 'get',
    path: '/v1/campaigns',
    id: 'listCampaigns',
    summary: 'Campaigns',
    description: 'The latest first.',
    scope: 'campaigns:read',
    params: none,
    query: campaignsQuery,
    body: undefined,
    answer: campaignsAnswer,
    handle: async ({ query }) => {
      const items = (await listCampaigns(db, query)).map(shown);
      const last = items.length === query.limit ? items.at(-1) : undefined;
      return { status: 200, body: { items, ...(last ? { next: last.id } : {}) } };
    },
  }),
  operation({
    ...of('/v1/campaigns/{id}', 'showCampaign'),
    summary: 'One campaign',
    description: 'Where it stands.',
    answer: campaignAnswer,
    handle: async ({ params }) => {
      const campaign = await campaignById(db, params.id);
      return campaign ? { status: 200, body: shown(campaign) } : noCampaign;
    },
  }),
  operation({
    ...of('/v1/campaigns/{id}/estimate', 'estimateCampaign'),
    summary: 'How large a campaign would be now, and what it would cost',
    description: 'Counted anew; nobody is told of anything.',
    answer: estimateAnswer,
    handle: async ({ params, now }) => {
      const campaign = await campaignById(db, params.id);
      return campaign ? { status: 200, body: await estimateCampaign(db, campaign, kinds, prices, now) } : noCampaign;
    },
  }),
  operation({
    ...of('/v1/campaigns/{id}/report', 'reportCampaign'),
    summary: 'What a campaign has come to',
    description: 'In customers, up to this moment.',
    answer: reportAnswer,
    handle: async ({ params }) =>
      (await campaignById(db, params.id)) ? { status: 200, body: await campaignReport(db, params.id) } : noCampaign,
  }),
];

const of = (path: string, id: string) =>
  ({ method: 'get', path, id, scope: 'campaigns:read', params: campaignParams, query: none, body: undefined }) as const;

const making = (desk: CampaignDesk): Operation =>
  operation({
    method: 'post',
    path: '/v1/campaigns',
    id: 'makeCampaign',
    summary: 'A draft of a campaign',
    description:
      'Nobody is told of anything before it is started. With an `Idempotency-Key` a repeated request gives the same campaign.',
    scope: 'campaigns:write',
    idempotent: true,
    params: none,
    query: none,
    body: campaignWish,
    answer: campaignAnswer,
    handle: async ({ body, who, idempotencyKey }) => {
      const made = await makeCampaign(desk, campaignOf(body, desk, who, idempotencyKey));
      if ('refused' in made) return refused[made.refused];
      return { status: made.isNew ? 201 : 200, body: shown(made.campaign) };
    },
  });

const changing = (desk: CampaignDesk): Operation =>
  operation({
    method: 'put',
    path: '/v1/campaigns/{id}',
    id: 'changeCampaign',
    summary: 'Change a draft',
    description:
      'It becomes what is asked for, whole: what is left out is as the configuration says. One that was started stays as it is.',
    scope: 'campaigns:write',
    params: campaignParams,
    query: none,
    body: campaignWish,
    answer: campaignAnswer,
    handle: async ({ params, body, who }) => {
      const changed = await changeDraft(desk, params.id, who, campaignOf(body, desk, who));
      return 'noTexts' in changed ? refused['no-texts'] : answered(changed);
    },
  });

const refused = {
  'other-request': {
    status: 422,
    detail: 'this Idempotency-Key was used for another campaign; take a new one for each',
  },
  'no-texts': wrongField('body.texts', 'there are no such texts under config/notices'),
} as const;

const acting = (desk: CampaignDesk): Operation[] => [
  operation({
    ...act('start'),
    summary: 'Start a campaign',
    description: 'At once, or at its time. Where a second person has to approve, it waits for that first.',
    body: startBody,
    handle: async ({ params, body, who }) => answered(await startCampaign(desk, params.id, who, body.at)),
  }),
  operation({
    ...act('approve'),
    scope: 'campaigns:approve',
    summary: 'Approve of a campaign',
    description: 'By another key than the one it was made with.',
    body: none.strict(),
    handle: async ({ params, who }) => answered(await approveCampaign(desk, params.id, who)),
  }),
  operation({
    ...act('pause'),
    summary: 'Pause a campaign',
    description: 'Nobody more is told until it is resumed.',
    body: reasonBody,
    handle: async ({ params, body, who }) => answered(await pauseCampaign(desk, params.id, who, body.reason)),
  }),
  operation({
    ...act('resume'),
    summary: 'Go on with a paused campaign',
    description: 'At its rate, from now.',
    body: none.strict(),
    handle: async ({ params, who }) => answered(await resumeCampaign(desk, params.id, who)),
  }),
  operation({
    ...act('stop'),
    summary: 'Stop a campaign for good',
    description: 'Whoever was not told yet never is.',
    body: reasonBody,
    handle: async ({ params, body, who }) => answered(await stopCampaign(desk, params.id, who, body.reason)),
  }),
];

const act = (name: string) =>
  ({
    method: 'post',
    path: `/v1/campaigns/{id}/${name}`,
    id: `${name}Campaign`,
    scope: 'campaigns:write',
    params: campaignParams,
    query: none,
    answer: campaignAnswer,
  }) as const;

const testing = (desk: CampaignDesk): Operation =>
  operation({
    ...act('test'),
    summary: 'Send a campaign to a few customers first',
    description: 'They are counted nowhere. What they agreed to, quiet hours and frequency hold for them, too.',
    body: testBody,
    answer: testAnswer,
    handle: async ({ params, body, who }: Call<z.infer<typeof campaignParams>, object, z.infer<typeof testBody>>) => {
      const tested = await testCampaign(desk, params.id, who, body.customers);
      if ('none' in tested) return noCampaign;
      return 'refused' in tested ? wrongField('body.customers', tested.refused, 422) : { status: 202, body: tested };
    },
  });

function answered(acted: CampaignActed): ApiAnswer {
  if ('none' in acted) return noCampaign;
  if ('refused' in acted) return { status: 409, detail: acted.refused };
  return { status: 200, body: shown(acted.campaign) };
}
