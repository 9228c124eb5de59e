import { z } from 'zod';
import { isPurpose } from '../domain/consent.ts';
import { sha256 } from '../kit/crypto.ts';
import { parseDuration } from '../kit/units.ts';
import type { NewCampaign } from '../store/campaigns.ts';
import type { CampaignDesk } from './campaign-desk.ts';

const day = 86_400_000;
const line = (most: number) => z.string().trim().min(1).max(most);
const list = (most: number) => z.array(line(most)).max(100).default([]);

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

const segment = z
  .strictObject({
    channels: list(40).describe('kinds of channel; none: all'),
    accounts: list(64).describe('channel accounts; none: all'),
    languages: list(35).describe('`fr` takes in `fr_CA`; none: all'),
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

/** A time as ISO 8601 writes it. */
export const time = z
  .string()
  .refine(
    (text) => /^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text)),
    'a time such as 2026-01-31T09:00:00Z',
  )
  .transform((text) => new Date(text));

/** A campaign as it is asked for, by the API or in a file. */
export const campaignWish = z.strictObject({
  name: line(200).describe('for people'),
  purpose,
  texts: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,79}$/, 'the name of a text, such as autumn-sale')
    .describe('its texts: `config/notices/{texts}/`'),
  variables: z
    .record(z.string().regex(/^[a-zA-Z][a-zA-Z0-9_]{0,49}$/, 'a name of letters and digits'), z.string().max(1_000))
    .default({})
    .describe('what the texts may speak of, beside the customer'),
  segment: segment.prefault({}),
  perMinute: z
    .int()
    .min(1)
    .max(60_000)
    .optional()
    .describe('how many are told a minute; without it as `campaigns.perMinute` says'),
  holdOut: z.number().min(0).max(0.9).default(0).describe('the share that is told nothing, to compare with: `0.1`'),
  startAt: time.optional().describe('when it begins once it is started; without it at once'),
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

export type CampaignWish = z.infer<typeof campaignWish>;

/** What it comes to with what holds where it does not say. `requestKey` is the caller's own id of the request. */
export function campaignOf(wish: CampaignWish, desk: CampaignDesk, who: string, requestKey?: string): NewCampaign {
  const { stopAt, expiresAfter, perMinute, startAt, ...rest } = wish;
  const given = Object.fromEntries(Object.entries(stopAt).filter(([, value]) => value !== undefined));
  const request = { key: requestKey ?? '', digest: sha256(JSON.stringify(wish)) };
  return {
    ...rest,
    ...{ startAt, expiresAfterMs: expiresAfter, madeBy: who },
    perMinute: perMinute ?? desk.defaults.perMinute,
    thresholds: { ...desk.defaults.thresholds, ...given },
    ...(requestKey === undefined ? {} : { request }),
  };
}
