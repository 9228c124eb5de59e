import { z } from 'zod';
import { fieldName } from './field-name.ts';

const criteria = ['external-id', 'shop-customer', 'email', 'phone'] as const;
const objects = ['Contact', 'Lead', 'PersonAccount'] as const;
const evidences = [
  'stated',
  'platform',
  'shop-api',
  'platform-phone',
  'verified-code',
  'signed-link',
  'admin',
] as const;

const whole = z
  .strictObject({
    by: z.enum(criteria),
    objects: z.array(z.enum(objects)).min(1).default(['Contact']),
    field: fieldName.optional(),
    evidence: z.enum(evidences).default('stated'),
  })
  .superRefine(({ by, field }, issues) => {
    if (by === 'shop-customer' && field === undefined)
      issues.addIssue({
        code: 'custom',
        path: ['field'],
        message: 'missing: shop-customer needs the field that holds the shop’s id of the customer',
      });
    if (by !== 'shop-customer' && field !== undefined)
      issues.addIssue({
        code: 'custom',
        path: ['field'],
        message: `only shop-customer has a field; ${by} needs none`,
      });
  });

/** The short form: what to match by, among contacts, whoever told it. */
const short = z.enum(['external-id', 'email', 'phone']);

/** A word, or a whole rule: which of the two is told by what stands there, so that mistakes are told of that one. */
const rule = z
  .unknown()
  .transform((given, issues) => {
    const checked = typeof given === 'object' && given !== null ? whole.safeParse(given) : short.safeParse(given);
    if (checked.success)
      return typeof checked.data === 'string' ? whole.parse({ by: checked.data }) : checked.data;
    for (const issue of checked.error.issues) issues.addIssue({ ...issue } as Parameters<typeof issues.addIssue>[0]);
    return z.NEVER;
  });

/** The rules that say who a customer is, in their order. */
export const matchRules = () => z.array(rule);

/** How a Zendesk user is found besides by our external id. */
const personRule = z.strictObject({
  by: z.enum(['email', 'phone']),
  evidence: z.enum(evidences).default('verified-code'),
});

export const peopleSchema = () =>
  z
    .strictObject({
      match: z.array(personRule).default([]),
    })
    .prefault({});
