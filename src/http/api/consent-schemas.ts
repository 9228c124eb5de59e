import { isIP } from 'node:net';
import { z } from 'zod';
import { consentActs, consentSources, isPurpose } from '../../domain/consent.ts';
import { emailAddress } from '../../domain/email.ts';
import { phoneNumber } from '../../domain/phone.ts';
import { drawn, problemOfOne } from './one-of-many.ts';

const line = (most: number) => z.string().trim().min(1).max(most);
const moment = z.string().describe('a time, such as `2026-01-31T09:00:00Z`');

export const purpose = z
  .string()
  .max(60)
  .refine((text) => isPurpose(text) && text !== '*', 'not a purpose; write order-updates, marketing or list:NAME');

/** How a shop names its customer; at least one of these. */
export const shopCustomer = z
  .strictObject({
    customerId: line(200).optional().describe('who they are at the shop'),
    email: z
      .string()
      .max(320)
      .refine((text) => emailAddress(text) !== undefined, 'not an e-mail address')
      .optional()
      .describe('the e-mail of their account at the shop'),
    phone: z
      .string()
      .max(40)
      .refine(
        (text) => phoneNumber(text) !== undefined,
        'not a phone number with its country code, such as +4791234567',
      )
      .optional()
      .describe('the phone of their account, with its country code'),
    linkToken: line(64).optional().describe('the token of a signed link that was given to them'),
  })
  .refine(
    (given) => Object.values(given).some((each) => each !== undefined),
    'say who: customerId, email, phone or linkToken',
  );

const channel = z
  .string()
  .max(40)
  .regex(/^(\*|[a-z][a-z0-9-]*)$/, 'not a kind of channel, nor * for all');

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

export const consentBody = z.strictObject({
  customer: shopCustomer,
  channel: channel.default('*').describe('a kind of channel, as in the configuration; `*` is all of them'),
  purpose: z
    .union(
      [purpose, z.literal('*')],
      'not a purpose; write order-updates, marketing, list:NAME, or * to revoke everything',
    )
    .describe('`order-updates`, `marketing` or `list:NAME`; `*` only to revoke everything'),
  act: z.enum(['granted', 'revoked']),
  words: line(2_000).optional().describe('what the customer was shown; wanted of what is granted'),
  at: instant.optional().describe('when they did it, such as `2026-01-31T09:00:00Z`; now, if it is not said'),
  ip: z
    .string()
    .max(45)
    .refine((text) => isIP(text) !== 0, 'not an IP address')
    .optional()
    .describe('the address it was done from'),
});

export const consentBatchBody = z.strictObject({
  consents: z
    .array(z.record(z.string(), z.unknown()).meta(drawn(consentBody)))
    .min(1)
    .max(500)
    .describe('each as for one; what is refused of them is told, the others are taken'),
});

const recorded = z.object({
  id: z.int().describe('the act in the ledger'),
  customer: z.int().describe('the customer here'),
  act: z.enum(consentActs).describe('`asked`: the customer has to confirm it in the chat first'),
  repeated: z.boolean().describe('told before with this Idempotency-Key'),
});
export const consentAnswer = recorded;

export const consentBatchAnswer = z.object({
  results: z.array(z.union([recorded, z.object({ problem: problemOfOne })])).describe('in the order of the request'),
});

export const consentsQuery = z.strictObject({
  customer: z.coerce.number().int().min(1).optional().describe('the customer here'),
  customerId: line(200).optional().describe('their id at the shop'),
  email: line(320).optional(),
  phone: line(40).optional().describe('with its country code'),
  purpose: purpose.optional().describe('only this one'),
  proofs: z.enum(['true', 'false']).default('false').describe('`true`: every act with its proof, too'),
});

export const consentsAnswer = z.object({
  customer: z.int(),
  states: z.array(
    z.object({
      channel: z.string(),
      purpose: z.string().describe('`*`: everything; it is only ever stopped and allowed again'),
      state: z.enum(['pending', 'granted', 'revoked']),
      since: moment,
      act: z.int(),
    }),
  ),
  proofs: z
    .array(
      z.object({
        id: z.int(),
        channel: z.string(),
        purpose: z.string(),
        act: z.enum(consentActs),
        source: z.enum(consentSources),
        words: z.string().optional(),
        at: moment,
        recordedAt: moment,
        by: z.string(),
        account: z.string().optional(),
        platformUser: z.string().optional(),
        event: z.string().optional(),
        requestId: z.string().optional(),
        ip: z.string().optional(),
      }),
    )
    .optional(),
});
