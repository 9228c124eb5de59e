import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { check } from './check.ts';
import type { Mistake } from './mistake.ts';
import { type OwnPolicy, ownPolicySchema, type PolicyFile, policyFileSchema } from './policy-schema.ts';
import { readText } from './read-text.ts';
import { parseYaml } from './yaml-source.ts';

/** What platforms allow, by the channel's kind. */
export type Policy = ReadonlyMap<string, PolicyFile['rules']>;

const shippedIn = join(import.meta.dirname, '../../config/policy');

/** The rules that are shipped, with those of `own` (if there is such a file) over them; tells all mistakes at once. */
export function readPolicy(own: string): { policy: Policy; mistakes: Mistake[] } {
  const files = readdirSync(shippedIn).filter((name) => name.endsWith('.yaml'));
  const shipped = files.sort().map((name) => readData(policyFileSchema, join(shippedIn, name)));
  const changes = readData(ownPolicySchema, own);
  const policy = new Map(shipped.flatMap(({ value }) => (value ? [[value.channel, value.rules] as const] : [])));
  const stray = changes.value?.flatMap((change, n) => strays(policy.get(change.channel) ?? [], change, n)) ?? [];
  for (const change of changes.value ?? [])
    policy.set(change.channel, changed(policy.get(change.channel) ?? [], change));
  const mistakes = [...shipped.flatMap((each) => each.mistakes), ...changes.mistakes];
  return { policy, mistakes: [...mistakes, ...stray.map(([path, problem]) => changes.mistake!(path, problem))] };
}

const changed = (rules: PolicyFile['rules'], { rules: own, without }: OwnPolicy[number]): PolicyFile['rules'] => [
  ...rules.filter(({ id }) => !without.includes(id) && !own.some((each) => each.id === id)),
  ...own,
];

/** A rule that is taken away must be there. */
const strays = (rules: PolicyFile['rules'], { without }: OwnPolicy[number], n: number): [PropertyKey[], string][] =>
  without.flatMap((id, m): [PropertyKey[], string][] =>
    rules.some((rule) => rule.id === id) ? [] : [[[n, 'without', m], 'no rule of this channel has this id']],
  );

interface Data<Value> {
  value?: Value;
  mistakes: Mistake[];
  mistake?: (path: PropertyKey[], problem: string) => Mistake;
}

/** A file of data that is checked by a schema; one that is not there says nothing. */
export function readData<Value>(schema: z.ZodType<Value>, file: string): Data<Value> {
  const read = readText(file);
  if (!read) return { mistakes: [] };
  if ('problem' in read) return { mistakes: [{ file, line: 0, column: 0, path: '', problem: read.problem }] };
  const { source, mistakes } = parseYaml(file, read.text, {});
  if (!source) return { mistakes };
  const checked = check(schema, source);
  const all = [...mistakes, ...(checked.ok ? [] : checked.mistakes)];
  return { ...(checked.ok ? { value: checked.value } : {}), mistakes: all, mistake: source.mistake };
}
