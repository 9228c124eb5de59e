import { z } from 'zod';
import { emailAddress } from '../../domain/email.ts';
import { phoneNumber } from '../../domain/phone.ts';
import { parseDuration } from '../../kit/units.ts';
import { purpose } from './consent-schemas.ts';

const line = (most: number) => z.string().trim().min(1).max(most);
const moment = z.string().describe('a time, such as `2026-01-31T09:00:00Z`');

const leastMs = 60_000;
const mostMs = 90 * 24 * 3_600_000;

const expiresIn = z
  .union([z.int(), z.string().max(20)])
  .transform((given, issues) => {
    const ms = typeof given === 'number' ? given * 1_000 : (parseDuration(given) ?? 0);
    if (ms < leastMs || ms > mostMs) issues.addIssue({ code: 'custom', message: 'from 60 (seconds) or `1m` to `90d`' });
    return ms;
  })
  .prefault('7d')
  .describe('for how long it can be used: seconds, or a text such as `30m`, `12h`, `7d`; from a minute to 90 days');

export const linkBody = z.strictObject({
  customerId: line(200).describe('who the customer is at the shop; never changes, and is the same in all of its links'),
  email: z
    .string()
    .max(320)
    .refine((text) => emailAddress(text) !== undefined, 'not an e-mail address')
    .optional()
    .describe('the e-mail the shop knows them by'),
  phone: z
    .string()
    .max(40)
    .refine((text) => phoneNumber(text) !== undefined, 'not a phone number with its country code, such as +4791234567')
    .optional()
    .describe('the phone the shop knows them by, with its country code: `+4791234567`'),
  name: line(200).optional().describe('shown where the platform tells no name; nobody is ever matched by it'),
  note: line(1_000).optional().describe('for agents: an internal note when the link is used'),
  consents: z
    .array(
      z.strictObject({
        purpose: purpose.describe('`order-updates`, `marketing` or `list:NAME`'),
        words: line(1_000).describe('the words they were shown where they were given the link'),
      }),
    )
    .max(20)
    .optional()
    .describe('what they agree to by opening it, for the channel it leads to'),
  account: line(64).optional().describe('only for this channel account; without it for each that can'),
  greeting: line(200)
    .regex(/^[^\r\n]*$/, 'one line')
    .default('Hello!')
    .describe('where the customer sends the token as a text: what stands before it'),
  expiresIn,
});

export const linkAnswer = z.object({
  id: z.string().describe('for `GET /v1/links/{id}`'),
  customerId: z.string(),
  token: z.string().describe('what the links carry; also for the `ref` of a plugin, or as `authorization_code`'),
  expiresAt: moment,
  links: z.array(z.object({ account: z.string(), kind: z.string(), url: z.string() })),
  without: z
    .array(
      z.object({
        account: z.string(),
        kind: z.string(),
        needs: z.string().optional(),
        failed: z.string().optional(),
      }),
    )
    .describe('accounts that could, had they the setting `needs`, or had their platform not `failed` to make one'),
});

export const linkParams = z.object({
  id: z.string().min(1).max(64).describe('`id` of the answer to `POST /v1/links`'),
});

export const linkState = z.object({
  id: z.string(),
  customerId: z.string(),
  state: z.enum(['waiting', 'used', 'expired']),
  accounts: z.array(z.string()).describe('the channel accounts it was made for'),
  createdAt: moment,
  expiresAt: moment,
  used: z
    .object({
      at: moment,
      account: z.string(),
      platformUser: z.string().describe('the customer as the platform names them'),
      customer: z.int().describe('the customer here'),
    })
    .optional(),
});
