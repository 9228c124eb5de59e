import type { z } from 'zod';
import { type IssueProblem, problemsOf, wordedByUs } from './issue.ts';
import type { Mistake, Path, Read } from './mistake.ts';
import type { YamlSource } from './yaml-source.ts';

/** Checks the value at `at` (the whole file by default) and tells everything wrong with it. */
export function check<Value>(schema: z.ZodType<Value>, source: YamlSource, at: Path = []): Read<Value> {
  const first = schema.safeParse(valueAt(source.value, at), { error: wordedByUs });
  if (first.success) return { ok: true, value: first.data };
  const value = retyped(source, at, first.error.issues);
  const result = schema.safeParse(value, { error: wordedByUs });
  if (result.success) return { ok: true, value: result.data };
  const problems = problemsOf(schema, value, result.error.issues);
  return { ok: false, mistakes: problems.flatMap((problem) => mistakeOf(source, at, problem)) };
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => (isHolder(inner) ? inner[step] : undefined), value);
}

const isHolder = (value: unknown): value is Record<PropertyKey, unknown> => typeof value === 'object' && value !== null;

/** What the environment filled in is a text, also where a number, true or false is wanted: then it is read as that. */
function retyped(source: YamlSource, at: Path, issues: readonly z.core.$ZodIssue[]): unknown {
  const copy = structuredClone(valueAt(source.value, at));
  for (const issue of issues) {
    if (issue.code !== 'invalid_type' || !source.filled([...at, ...issue.path])) continue;
    const holder = valueAt(copy, issue.path.slice(0, -1));
    const key = issue.path.at(-1);
    if (isHolder(holder) && key !== undefined) holder[key] = readAs(issue.expected, holder[key]);
  }
  return copy;
}

function readAs(expected: string, text: unknown): unknown {
  if (expected === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  const isNumber = ['number', 'int'].includes(expected) && typeof text === 'string' && /\S/.test(text);
  return isNumber && Number.isFinite(Number(text)) ? Number(text) : text;
}

function mistakeOf(source: YamlSource, at: Path, { path, problem, expected, atKey }: IssueProblem): Mistake[] {
  const whole = [...at, ...path];
  const filled = source.filled(whole);
  if (filled?.unset) return [];
  const hidden = (text: string) => (filled?.values ?? []).reduce((rest, value) => withoutValue(rest, value), text);
  const place = atKey ? source.mistakeAtKey : source.mistake;
  return [place(whole, hidden(problem), expected && hidden(expected))];
}

const withoutValue = (text: string, value: string): string => (value ? text.replaceAll(value, '…') : text);
