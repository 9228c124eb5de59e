import { z } from 'zod';
import { campaignStates } from '../../domain/campaign.ts';
import { time } from '../../flows/campaign-wish.ts';

const line = (most: number) => z.string().trim().min(1).max(most);
const moment = z.string().describe('a time, such as `2026-01-31T09:00:00Z`');

const count = z.int();

export const estimateAnswer = z.object({
  customers: count.describe('who would be told now, those held out not counted'),
  heldOut: count,
  accounts: z.array(z.object({ account: z.string(), kind: z.string(), customers: count })),
  minutes: z.number().describe('how long it takes at its rate'),
  costs: z.array(z.object({ currency: z.string(), amount: z.number() })).describe('at most, by `campaigns.prices`'),
  withoutPrice: z.array(z.string()).describe('kinds of channel for which no price is configured'),
});

export const campaignAnswer = z.object({
  id: count,
  name: z.string(),
  state: z.enum(campaignStates),
  reason: z.string().optional().describe('why it stands as it does'),
  purpose: z.string(),
  texts: z.string(),
  variables: z.record(z.string(), z.unknown()),
  segment: z.record(z.string(), z.unknown()),
  perMinute: count,
  holdOut: z.number(),
  startAt: moment.optional(),
  madeBy: z.string(),
  madeAt: moment,
  changedBy: z.array(z.string()).describe('whoever changed the draft; they may not approve of it either'),
  approvedBy: z.string().optional(),
  approvedAt: moment.optional(),
  planned: count.describe('how many notices it has'),
  released: count.describe('how many of them were let go'),
  endedAt: moment.optional(),
});

export const campaignsAnswer = z.object({
  items: z.array(campaignAnswer),
  next: count.optional().describe('give it as `before` for the next page'),
});

export const reportAnswer = z.object({
  planned: count,
  heldOut: count,
  held: count.describe('not let go yet'),
  underWay: count,
  sent: count,
  delivered: count,
  read: count,
  failed: count,
  refused: count.describe('it might not be sent: consent, policy, frequency'),
  expired: count,
  reasons: z.array(z.object({ state: z.string(), reason: z.string(), customers: count })),
  replied: count.describe('who wrote within a week of it'),
  tickets: count.describe('tickets opened within a week of it'),
  optedOut: count.describe('who revoked a consent within a week of it'),
});

export const campaignParams = z.object({
  id: z.coerce.number().int().min(1).max(1e15).describe('the campaign’s number'),
});
export const campaignsQuery = z.object({
  state: z.enum(campaignStates).optional(),
  before: z.coerce.number().int().min(1).max(1e15).optional().describe('only those with a smaller number'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const startBody = z.strictObject({
  at: time.optional().describe('without it at the campaign’s own time, or at once'),
});
export const reasonBody = z.strictObject({ reason: line(500).optional().describe('kept beside it') });
export const testBody = z.strictObject({
  customers: z
    .array(z.int().min(1).max(1e15))
    .min(1)
    .max(20)
    .describe('numbers of customers here; they have to have agreed, too'),
});
export const testAnswer = z.object({ notices: z.array(z.object({ customer: count, notice: count })) });
