import { z } from 'zod';
import { campaignStates } from '../../domain/campaign.ts';
import { isPurpose } from '../../domain/consent.ts';
import { parseDuration } from '../../kit/units.ts';

const day = 86_400_000;
const line = (most: number) => z.string().trim().min(1).max(most);
const list = (most: number) => z.array(line(most)).max(100).default([]);
const moment = z.string().describe('a time, such as `2026-01-31T09:00:00Z`');

const span = (least: number, most: number, expected: string) =>
  z
    .string()
    .max(20)
    .transform((text, issues) => {
      const ms = parseDuration(text) ?? 0;
      if (ms < least || ms > most) issues.addIssue({ code: 'custom', message: expected });
      return ms;
    });
const daysBack = span(60_000, 1_100 * day, 'a length of time such as `12h`, `90d`; up to 1100d');

const purchases = z
  .strictObject({
    products: z.array(line(100)).max(200).default([]).describe('by their sku; none: whatever it was'),
    within: daysBack.describe('how long ago at most: `90d`'),
  })
  .transform(({ products, within }) => ({ products, withinMs: within }));

export const segmentBody = z
  .strictObject({
    channels: list(40).describe('kinds of channel, such as `messenger`; none: any'),
    accounts: list(64).describe('channel accounts; none: any'),
    languages: list(35).describe('`fr` takes in `fr_CA`; none: any'),
    attributes: z
      .record(line(64), z.string().max(200))
      .default({})
      .describe('what the shop said of the customer (tags), each just so'),
    bought: purchases.optional().describe('only who bought one of these'),
    notBought: purchases.optional().describe('only who bought none of these'),
    leaveOutBuyersFor: daysBack
      .optional()
      .describe('leaves out whoever ordered anything within this: a purchase cycle'),
    wroteWithin: daysBack.optional().describe('only who wrote to us within this'),
  })
  .transform(({ leaveOutBuyersFor, wroteWithin, ...rest }) => ({
    ...rest,
    leaveOutBuyersForMs: leaveOutBuyersFor,
    wroteWithinMs: wroteWithin,
  }));

const purpose = z
  .string()
  .refine((text) => isPurpose(text) && text !== '*' && text !== 'order-updates', 'marketing, or list:NAME')
  .describe('what everybody in it agreed to: `marketing`, or a list: `list:spring-news`');

const at = z
  .string()
  .refine(
    (text) => /^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text)),
    'a time such as 2026-01-31T09:00:00Z',
  )
  .transform((text) => new Date(text));

export const campaignBody = z.strictObject({
  name: line(200).describe('for people'),
  purpose,
  texts: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,79}$/, 'the name of a text, such as autumn-sale')
    .describe('its texts: `config/notices/campaign.{texts}/`'),
  variables: z
    .record(z.string().regex(/^[a-zA-Z][a-zA-Z0-9_]{0,49}$/, 'a name of letters and digits'), z.string().max(1_000))
    .default({})
    .describe('what the texts may speak of, beside the customer'),
  segment: segmentBody.prefault({}),
  perMinute: z
    .int()
    .min(1)
    .max(60_000)
    .optional()
    .describe('how many are told a minute; without it as `campaigns.perMinute` says'),
  holdOut: z.number().min(0).max(0.9).default(0).describe('the share that is told nothing, to compare with: `0.1`'),
  startAt: at.optional().describe('when it begins once it is started; without it at once'),
  expiresAfter: span(600_000, 31 * day, 'from `10m` to `31d`')
    .prefault('2d')
    .describe('whoever could not be told within this is not told any more'),
  stopAt: z
    .strictObject({
      optOuts: z.number().min(0).max(1).optional(),
      failures: z.number().min(0).max(1).optional(),
      after: z.int().min(1).optional(),
    })
    .default({})
    .describe('when it stops by itself; without it as `campaigns.stopAt` says'),
});

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
  at: at.optional().describe('without it at the campaign’s own time, or at once'),
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
