import { z } from 'zod';
import { fieldName } from './field-name.ts';
import { evidenceKinds } from './identity-schema.ts';

const criteria = ['external-id', 'shop-customer', 'email', 'phone'] as const;
const objects = ['Contact', 'Lead', 'PersonAccount'] as const;

const whole = z
  .strictObject({
    by: z.enum(criteria),
    objects: z.array(z.enum(objects)).min(1).default(['Contact']),
    field: fieldName.optional(),
    evidence: z.enum(evidenceKinds).optional(),
  })
  .superRefine(({ by, field }, issues) => {
    if (by === 'shop-customer' && field === undefined)
      issues.addIssue({
        code: 'custom',
        path: ['field'],
        message: 'the field that holds the shop’s id of the customer',
      });
    if (by !== 'shop-customer' && field !== undefined)
      issues.addIssue({
        code: 'custom',
        path: ['field'],
        message: 'only shop-customer has a field',
      });
  });

/** The short form: what to match by, among contacts, whoever told it. */
const short = z.enum(['external-id', 'email', 'phone']);

const rule = z
  .union([short, whole])
  .transform((given) => (typeof given === 'string' ? whole.parse({ by: given }) : given));

/** The rules that say who a customer is, in their order. */
export const matchRules = () => z.array(rule);

/** How a Zendesk user is found besides by our external id. */
const personRule = z.strictObject({
  by: z.enum(['email', 'phone']),
  evidence: z.enum(evidenceKinds).default('platform-phone'),
});

const survives = z.enum(['kept', 'newer', 'older']).default('newer');

export const peopleSchema = () =>
  z
    .strictObject({
      match: z.array(personRule).default([]),
      joinedFields: z
        .strictObject({
          name: survives,
          locale: survives,
          pictureUrl: survives,
        })
        .prefault({}),
    })
    .prefault({});
