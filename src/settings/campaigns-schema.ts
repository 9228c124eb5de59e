import { z } from 'zod';

const share = z.number().min(0).max(1);

const price = z.strictObject({
  channel: z.string().min(1).describe('the kind of channel'),
  perMessage: z.number().min(0).describe('what one message costs, as the platform bills it'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'not a currency such as EUR')
    .describe('of the price (ISO 4217)'),
});

/** `campaigns:` in `passerelle.yaml`. */
export const campaignsSchema = z
  .strictObject({
    approval: z.boolean().default(false).describe('a second person has to approve of each campaign'),
    perMinute: z
      .int()
      .min(1)
      .max(60_000)
      .default(600)
      .describe('how many customers are told a minute, where a campaign does not say'),
    stopAt: z
      .strictObject({
        optOuts: share
          .default(0.05)
          .describe('the share of those who were told that may opt out: more, and it stops by itself'),
        failures: share.default(0.2).describe('the share that may fail'),
        after: z.int().min(1).default(100).describe('judged once so many were tried'),
      })
      .prefault({})
      .describe('when a campaign stops by itself, where it does not say'),
    prices: z
      .array(price)
      .default([])
      .describe('what messages cost by channel, for estimates; what is not here is told as unknown'),
  })
  .prefault({});
