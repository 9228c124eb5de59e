import type { z } from 'zod';
import { closest } from '../kit/closest.ts';
import type { Path } from './mistake.ts';
import { keysOf, schemasAt } from './schema-walk.ts';

/** What a zod issue means to whoever wrote the file. `atKey`: the key is wrong, not its value. */
export interface IssueProblem {
  path: Path;
  problem: string;
  expected?: string | undefined;
  atKey?: true;
}

type Issue = z.core.$ZodIssue;

/** Marks the messages no schema gave, so that those a schema's author wrote are kept and the rest worded here. */
const unworded = '\u0000';
export const wordedByUs = (): string => unworded;

const isUnworded = ({ message }: Issue): boolean => message === unworded;

export function problemsOf(
  schema: z.ZodType,
  value: unknown,
  issues: readonly Issue[],
  under: Path = [],
): IssueProblem[] {
  return issues.filter(isWorthTelling).flatMap((issue) => {
    const path = [...under, ...issue.path];
    const given = path.reduce<unknown>((inner, step) => Object(inner)[step], value);
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(schema, path, key));
    if (given === undefined) return [{ path, problem: 'missing', expected: wanted(schema, path, issue) }];
    if (issue.code === 'invalid_union' && issue.errors.length > 0)
      return problemsOf(schema, value, fewest(issue.errors), path);
    if (!isUnworded(issue)) return [{ path, problem: issue.message, expected: toldExpected(issue) }];
    return [{ path, ...worded(issue, given) }];
  });
}

/** A schema's own check says what would be right in the issue's `params`. */
function toldExpected(issue: Issue): string | undefined {
  const expected = issue.code === 'custom' ? issue.params?.['expected'] : undefined;
  return typeof expected === 'string' ? expected : undefined;
}

/** Of something of the wrong type nothing else needs to be said. */
function isWorthTelling(issue: Issue, _: number, all: readonly Issue[]): boolean {
  const same = (other: Issue) => other.path.join() === issue.path.join();
  return (
    issue.code === 'invalid_type' ||
    issue.code === 'unrecognized_keys' ||
    !all.some((other) => other.code === 'invalid_type' && same(other))
  );
}

function unknownKey(schema: z.ZodType, path: Path, key: string): IssueProblem {
  const known = schemasAt(schema, path).flatMap(keysOf);
  const meant = closest(key, known);
  const expected = meant
    ? `did you mean ${meant}?`
    : known.length > 0
      ? `one of ${[...new Set(known)].join(', ')}`
      : undefined;
  return { path: [...path, key], problem: 'unknown key', expected, atKey: true };
}

/** Of the forms a value may have, the one it is nearest to: of its type, and with the fewest mistakes. */
const fewest = (forms: readonly Issue[][]): Issue[] =>
  [...forms].sort((a, b) => Number(isOfOtherType(a)) - Number(isOfOtherType(b)) || a.length - b.length)[0] ?? [];

const isOfOtherType = (form: readonly Issue[]): boolean =>
  form.some(({ code, path }) => path.length === 0 && (code === 'invalid_type' || code === 'invalid_value'));

function wanted(schema: z.ZodType, path: Path, issue: Issue): string | undefined {
  if (!isUnworded(issue)) return issue.message;
  const described = schemasAt(schema, path).map((layer) => (layer as z.ZodType).description);
  return described.find((text) => text !== undefined) ?? typeWord(issue);
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'keys with values',
  record: 'keys with values',
};

function typeWord(issue: Issue): string | undefined {
  if (issue.code === 'invalid_type') return typeWords[issue.expected];
  return issue.code === 'invalid_value' ? issue.values.join(' or ') : undefined;
}

function worded(issue: Issue, given: unknown): Pick<IssueProblem, 'problem' | 'expected'> {
  switch (issue.code) {
    case 'invalid_type':
      return { problem: `wrong type: ${kindOf(given)}`, expected: typeWords[issue.expected] };
    case 'invalid_value':
      return { problem: 'not one of the known values', expected: issue.values.join(' or ') };
    case 'too_small':
      return isEmpty(issue) ? { problem: 'empty' } : { problem: 'too small', expected: atLeast(issue) };
    case 'too_big':
      return { problem: 'too large', expected: `at most ${issue.maximum}${unitOf(issue.origin)}` };
    case 'invalid_format':
      return formats[issue.format] ?? { problem: 'not of the right form', expected: issue.format };
    case 'invalid_union':
      return {
        problem: 'not one of the known values',
        expected: 'options' in issue ? issue.options?.join(' or ') : undefined,
      };
    default:
      return { problem: 'not valid' };
  }
}

const formats: Readonly<Record<string, Pick<IssueProblem, 'problem' | 'expected'>>> = {
  url: { problem: 'not a URL', expected: 'such as https://example.com' },
  email: { problem: 'not an e-mail address' },
  regex: { problem: 'not of the right form' },
};

const isEmpty = ({ minimum, origin }: { minimum: number | bigint; origin: string }): boolean =>
  minimum === 1 && ['string', 'array'].includes(origin);

const atLeast = ({ minimum, origin }: { minimum: number | bigint; origin: string }): string =>
  `at least ${minimum}${unitOf(origin)}`;

const unitOf = (origin: string): string => ({ string: ' characters', array: ' of them' })[origin] ?? '';

function kindOf(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'keys with values';
  return typeWords[typeof value] ?? typeof value;
}
