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
} from '../../../flows/campaign-acts.ts';
import type { CampaignDesk } from '../../../flows/campaign-desk.ts';
import { campaignOf, campaignWish, time } from '../../../flows/campaign-wish.ts';
import { estimateAtOnce } from '../../../flows/estimate-campaign.ts';
import { type Answer, type Endpoint, endpoint, fine, missing } from '../endpoint.ts';
import type { ConsoleParts } from '../parts.ts';
import { campaignView } from './view.ts';

const id = z.coerce.number().int().positive().max(1e15);
const params = z.object({ id });
const may = 'campaigns.write';
const withReason = z.strictObject({ reason: z.string().trim().min(1).max(500).optional() });
const nothing = z.strictObject({});

export const campaignActEndpoints = ({ campaigns: desk }: Pick<ConsoleParts, 'campaigns'>): Endpoint[] => [
  ...makingEndpoints(desk),
  step(desk, 'start', z.strictObject({ at: time.optional() }), (id, who, { at }) => startCampaign(desk, id, who, at)),
  step(desk, 'approve', nothing, (id, who) => approveCampaign(desk, id, who)),
  step(desk, 'pause', withReason, (id, who, { reason }) => pauseCampaign(desk, id, who, reason)),
  step(desk, 'resume', nothing, (id, who) => resumeCampaign(desk, id, who)),
  step(desk, 'stop', withReason, (id, who, { reason }) => stopCampaign(desk, id, who, reason)),
  endpoint({
    ...posted('test'),
    body: z.strictObject({ customers: z.array(z.int().positive().max(1e15)).min(1).max(20) }),
    handle: async ({ params: { id: campaign }, body, who }): Promise<Answer> => {
      const tested = await testCampaign(desk, campaign, who, body.customers);
      if ('none' in tested) return missing('campaign');
      return 'refused' in tested ? { status: 422, detail: tested.refused } : { status: 202, body: tested };
    },
  }),
];

const posted = (name: string) => ({ method: 'post', path: `/campaigns/:id/${name}`, may, params }) as const;

function step<Body extends z.ZodType>(
  desk: CampaignDesk,
  name: string,
  body: Body,
  act: (id: number, who: string, asked: z.infer<Body>) => Promise<CampaignActed>,
): Endpoint {
  return endpoint({
    ...posted(name),
    body,
    handle: async (asked) => acted(desk, asked.who, await act(asked.params.id, asked.who, asked.body as z.infer<Body>)),
  });
}

const noTexts: Answer = { status: 400, detail: 'body.texts: there are no such texts under config/notices' };

const makingEndpoints = (desk: CampaignDesk): Endpoint[] => [
  endpoint({
    method: 'post',
    path: '/campaigns',
    may,
    body: campaignWish,
    handle: async ({ body, who }): Promise<Answer> => {
      const made = await makeCampaign(desk, campaignOf(body, desk, who));
      return 'refused' in made ? noTexts : { status: 201, body: campaignView(made.campaign, desk, who) };
    },
  }),
  endpoint({
    method: 'put',
    path: '/campaigns/:id',
    may,
    params,
    body: campaignWish,
    handle: async ({ params: { id: campaign }, body, who }): Promise<Answer> => {
      const changed = await changeDraft(desk, campaign, who, campaignOf(body, desk, who));
      return 'noTexts' in changed ? noTexts : acted(desk, who, changed);
    },
  }),
  endpoint({
    // Of one that is only thought of: nothing is kept, nobody is told.
    method: 'post',
    path: '/campaigns/estimate',
    may,
    body: campaignWish,
    handle: async ({ body, who, now }) =>
      fine(await estimateAtOnce(desk.db, campaignOf(body, desk, who), desk.kinds, desk.prices, now)),
  }),
];

function acted(desk: CampaignDesk, who: string, done: CampaignActed): Answer {
  if ('none' in done) return missing('campaign');
  if ('refused' in done) return { status: 409, detail: done.refused };
  return fine(campaignView(done.campaign, desk, who));
}
