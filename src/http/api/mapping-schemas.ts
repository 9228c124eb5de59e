import { z } from 'zod';

const moment = z.iso.datetime({ offset: true });
/** Of a Postgres integer. */
const mostVersions = 2_000_000_000;
export const versionNumber = z.coerce.number().int().min(1).max(mostVersions);

export const versionParams = z.object({ number: versionNumber.describe('the version, such as `3`') });

export const versionsQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(50).describe('how many at most'),
});

const version = z.object({
  number: z.int(),
  state: z.enum(['in-force', 'past']),
  source: z
    .enum(['file', 'apply', 'rollback'])
    .describe('the file at a start, somebody who applied it, or a return to an earlier one'),
  who: z.string(),
  at: moment,
  comment: z.string().optional(),
});

export const versionsAnswer = z.object({ items: z.array(version) });
export const versionAnswer = version.extend({ text: z.string().describe('as it was written') });

export const diffQuery = z.strictObject({
  from: versionNumber.describe('the one version'),
  to: versionNumber.describe('the other version'),
});
export const diffAnswer = z.object({ diff: z.string().describe('as `diff -u` writes it; empty when they are alike') });

const text = z.string().max(60_000).describe('the mapping, in YAML');

const mistake = z.object({
  file: z.string(),
  line: z.int().describe('from 1; 0 for the whole'),
  column: z.int(),
  path: z.string().describe('such as `tickets.tags[0]`'),
  problem: z.string(),
  expected: z.string().optional(),
});

export const checkBody = z.strictObject({
  text,
  live: z.boolean().default(false).describe('also against the helpdesks’ and CRMs’ own fields, groups and values'),
});
export const checkAnswer = z.object({
  ok: z.boolean(),
  mistakes: z.array(mistake),
  unchecked: z.array(z.string()).optional().describe('accounts that could not be asked, and why'),
});

export const applyBody = z.strictObject({
  text,
  comment: z.string().trim().max(500).optional().describe('why, for the history'),
  after: z
    .int()
    .min(1)
    .max(mostVersions)
    .optional()
    .describe('the version in force that you saw; another by now refuses yours'),
});
export const appliedAnswer = z.object({
  result: z.enum(['applied', 'unchanged', 'overtaken', 'wrong']),
  version: z.int().optional().describe('the version in force now'),
  mistakes: z.array(mistake).optional().describe('when `wrong`: nothing was changed'),
});

export const rollbackBody = z.strictObject({
  to: z.int().min(1).max(mostVersions).describe('the version whose text is to hold again'),
});

export const previewBody = z.strictObject({
  text: text.optional().describe('the mapping; without it the one in force'),
  conversation: z.int().min(1).describe('a past conversation'),
});

const record = z.record(z.string(), z.unknown());
const sheet = z.object({
  subject: z.string(),
  tags: z.array(z.string()),
  fields: record,
  placement: record.describe('group, brand, form, assignee, priority, type, by their names'),
  rules: z.array(z.string()).describe('the routing rules that held'),
  requester: record,
  contact: record,
  history: z.union([
    z.object({ shape: z.literal('task'), subject: z.string(), fields: record }),
    z.object({ shape: z.literal('object'), object: z.string(), records: z.array(record) }),
  ]),
});

export const previewAnswer = z.object({
  ok: z.boolean().describe('false: the mapping has mistakes'),
  mistakes: z.array(mistake),
  tickets: z
    .array(
      z.object({
        ticket: z.string(),
        at: moment,
        version: z.int().describe('the one it was opened under'),
        was: sheet.optional(),
        would: sheet,
      }),
    )
    .describe('the latest first, five at most'),
});

export const attributesBody = z.strictObject({
  account: z.string().min(1).max(64).describe('the channel account'),
  platformUser: z.string().min(1).max(200).describe('the customer as the platform names them'),
  attributes: z
    .record(z.string().regex(/^[A-Za-z]\w{0,49}$/, 'not a name such as orderState'), z.string().max(200).nullable())
    .refine((each) => Object.keys(each).length <= 50, 'at most 50 at once')
    .describe('by name; null takes one away. `orderState` is what `routing[].when.order` looks at'),
});
export const attributesAnswer = z.object({ attributes: z.record(z.string(), z.string()) });
