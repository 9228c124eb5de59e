import { z } from 'zod';
import { everything, isPurpose } from '../../domain/consent.ts';
import { type Duration, minutes, seconds } from '../../domain/duration.ts';
import { parseDuration } from '../../kit/units.ts';

const fieldName = z
  .string()
  .regex(/^[A-Za-z]\w{0,79}$/, 'not the API name of a field, such as Marketing_Opt_In__c')
  .describe('API name of a field of Contact: a checkbox, or a picklist with `granted`.');

const purpose = z
  .string()
  .refine((text) => isPurpose(text) && text !== everything, 'write order-updates, marketing or list:NAME')
  .describe('What it is consent to: `order-updates`, `marketing` or `list:NAME`.');

const channel = z.string().min(1).default(everything).describe('A channel’s kind, or "*" for all of them.');

const value = z.union([z.boolean(), z.string()]);

const fieldRule = z.strictObject({
  field: fieldName,
  purpose,
  channel,
  granted: z
    .array(value)
    .min(1)
    .default([true])
    .describe('The values that say yes. What was one and is no more is a no.'),
  revoked: z
    .array(value)
    .default([])
    .describe('The values that say no even where there never was a yes, such as [true] of an opt-out box.'),
});

export const contactPointTypes = ['Email', 'MailingAddress', 'Phone', 'Social', 'Web'] as const;

const recordRule = z.strictObject({
  contactPointType: z.enum(contactPointTypes).describe('ContactPointType of the records meant.'),
  dataUsePurposeId: z
    .string()
    .regex(/^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/, 'not the id of a record: 15 or 18 letters and digits')
    .optional()
    .describe('Only those with this DataUsePurposeId. Without it: those of any.'),
  purpose,
  channel,
});

const every = z
  .unknown()
  .transform((given, context): Duration => {
    const parsed = parseDuration(given);
    if (parsed === undefined || parsed < seconds(1))
      context.addIssue({ code: 'custom', message: 'write a length of time of at least a second, such as 1m' });
    return (parsed ?? 0) as Duration;
  })
  .default(minutes(1))
  .describe('How often the org is asked what changed: one or two API requests each time.');

/** `crms[].consent` of kind salesforce: consents that are kept in the org. */
export const consentSettings = z.strictObject({
  fields: z.array(fieldRule).default([]).describe('Fields of Contact that say what somebody agreed to.'),
  records: z
    .array(recordRule)
    .default([])
    .describe('Records of ContactPointTypeConsent, by the Individual of the contact; the first rule that fits holds.'),
  write: z
    .boolean()
    .default(false)
    .describe(
      'Writes the ledger of consents to the org: an Individual for each contact that has none, and a ContactPointTypeConsent for each consent. What people change on these counts here.',
    ),
  pointTypes: z
    .record(z.string(), z.enum(contactPointTypes))
    .default({})
    .describe(
      'ContactPointType of what is written, by channel kind: Phone for those that reach one. Others are Social.',
    ),
  every,
});

export type ConsentSettings = z.infer<typeof consentSettings>;
