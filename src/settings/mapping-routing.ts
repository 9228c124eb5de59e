import { z } from 'zod';
import { languageOfLocale } from '../kit/language.ts';
import { contains, hasWords, isLike, matches, type TextTest } from '../kit/text-match.ts';
import { liquidOver, variables } from './mapping-text.ts';

const filled = () => z.string().trim().min(1).max(500);
const oneOrMore = <Item extends z.ZodType<unknown, string>>(item: Item) =>
  z.union([item, z.array(item).min(1)]).transform((given) => [given].flat() as z.output<Item>[]);

const tests = (make: (phrase: string) => TextTest) =>
  oneOrMore(filled())
    .transform((each) => each.map(make))
    .optional();

const patterns = oneOrMore(filled())
  .transform((each, issues) =>
    each.map((pattern, index) => expression(pattern, issues, each.length > 1 ? [index] : [])),
  )
  .optional();

function expression(pattern: string, issues: z.RefinementCtx, path: PropertyKey[]): TextTest {
  const read = matches(pattern);
  if ('test' in read) return read.test;
  issues.addIssue({
    code: 'custom',
    path,
    message: `not a regular expression: ${read.problem}`,
    params: { expected: 'one of RE2, such as order +#?[0-9]{6}' },
  });
  return () => false;
}

const language = filled().refine(
  (text) => languageOfLocale(text) === text,
  'not a language such as fr, in two letters',
);

const when = z
  .strictObject({
    channel: oneOrMore(filled()).optional(),
    account: oneOrMore(filled()).optional(),
    referral: tests(isLike),
    ad: tests(isLike),
    text: z.strictObject({ contains: tests(contains), words: tests(hasWords), matches: patterns }).optional(),
    language: oneOrMore(language).optional(),
    openingHours: z.enum(['open', 'closed']).optional(),
    customer: z.enum(['known', 'new']).optional(),
    order: tests(isLike),
  })
  .prefault({});

function setSchema() {
  const { tags, fields } = liquidOver(variables.ticket);
  return z.strictObject({
    group: filled().optional(),
    brand: filled().optional(),
    form: filled().optional(),
    priority: z.enum(['low', 'normal', 'high', 'urgent']).optional(),
    type: z.enum(['question', 'incident', 'problem', 'task']).optional(),
    assignee: filled().optional(),
    tags: tags.optional(),
    fields: fields(),
  });
}

/** Rules that say where a new ticket goes, in order. */
export const routingSchema = () =>
  z
    .array(z.strictObject({ name: filled().optional(), when, set: setSchema(), stop: z.boolean().default(false) }))
    .max(200)
    .default([]);
