import { z } from 'zod';
import { duration } from './measures.ts';

/** As the domain has lengths of time. */
type Milliseconds = number & { readonly _: 'Duration' };

const length = duration.transform((ms) => ms as Milliseconds).refine((ms) => ms > 0, 'must be longer than 0');

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'not a day such as 2026-10-01')
  .transform((text, issues) => {
    const at = new Date(`${text}T00:00:00Z`);
    if (Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== text)
      issues.addIssue({ code: 'custom', message: 'there is no such day' });
    return at;
  });

const dated = {
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'not a name such as marketing-regions'),
  source: z.string().min(1),
  unverified: z.boolean().optional(),
  validFrom: day.optional(),
  validTo: day.optional(),
  note: z.string().min(1).optional(),
};

const purposes = z.array(z.string().min(1)).min(1);
const template = z.enum(['utility', 'marketing']);
const form = z.enum(['free', 'utility', 'marketing', 'template']);
const country = z.string().regex(/^[A-Z]{2}$/, 'not a country of two letters such as NO');

const rule = z
  .discriminatedUnion('rule', [
    z.strictObject({ ...dated, rule: z.literal('window'), lasts: length, messages: z.int().min(1).optional() }),
    z.strictObject({ ...dated, rule: z.literal('open') }),
    z.strictObject({ ...dated, rule: z.literal('human-agent'), lasts: length }),
    z.strictObject({ ...dated, rule: z.literal('template'), form: template, purposes }),
    z.strictObject({ ...dated, rule: z.literal('tag'), tag: z.string().min(1), purposes }),
    z.strictObject({ ...dated, rule: z.literal('regions'), form: template, refused: z.array(country).min(1) }),
    z.strictObject({ ...dated, rule: z.literal('frequency'), form, most: z.int().min(1), per: length }),
    z.strictObject({ ...dated, rule: z.literal('charge'), form, what: z.string().min(1) }),
  ])
  .refine(({ validFrom, validTo }) => !validFrom || !validTo || validFrom < validTo, {
    error: 'ends before it begins',
    path: ['validTo'],
  });

const rules = z.array(rule).superRefine((given, issues) => {
  given.forEach(({ id }, n) => {
    if (given.findIndex((each) => each.id === id) < n)
      issues.addIssue({ code: 'custom', path: [n, 'id'], message: 'a rule of this id stands above already' });
  });
});

/** A file in `config/policy/`. */
export const policyFileSchema = z.strictObject({ channel: z.string().min(1), rules: rules.min(1) });

/** `policy.yaml` beside the configuration: a rule with the id of one that is shipped takes its place. */
export const ownPolicySchema = z.array(
  z.strictObject({
    channel: z.string().min(1),
    rules: rules.default([]),
    without: z.array(z.string().min(1)).default([]),
  }),
);

export type PolicyFile = z.infer<typeof policyFileSchema>;
export type OwnPolicy = z.infer<typeof ownPolicySchema>;
