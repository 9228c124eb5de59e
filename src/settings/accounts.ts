import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import { closest } from '../kit/closest.ts';
import { check, valueAt } from './check.ts';
import type { Mistake, Path } from './mistake.ts';
import { accountHead } from './schema.ts';
import type { YamlSource } from './yaml-source.ts';

/** One configured account, checked by its kind's own schema. */
export type Account = { id: string; kind: string } & Record<string, unknown>;

export const sections = ['channels', 'helpdesks', 'crms'] as const;
export type Section = (typeof sections)[number];

/** The schema of each kind's accounts, by section and kind. */
export type Kinds = Readonly<Record<Section, Readonly<Record<string, z.ZodType>>>>;

export type Accounts = Record<Section, Account[]>;

/** Checks every account by its kind, and all of them together: no id twice, no reference to nothing. */
export function checkAccounts(source: YamlSource, kinds: Kinds): { accounts: Accounts; mistakes: Mistake[] } {
  const accounts: Accounts = { channels: [], helpdesks: [], crms: [] };
  const mistakes: Mistake[] = [];
  for (const path of accountPaths(source)) {
    const [section] = path;
    const checked = checkAccount(source, path, kinds[section]);
    if (checked.account) accounts[section].push(checked.account);
    mistakes.push(...checked.mistakes);
  }
  return {
    accounts,
    mistakes: [...mistakes, ...repeatedIds(source), ...strayReferences(source), ...strayKinds(source, kinds.channels)],
  };
}

type AccountPath = readonly [Section, number];

function accountPaths({ value }: YamlSource): AccountPath[] {
  return sections.flatMap((section) => {
    const list = valueAt(value, [section]);
    return Array.isArray(list) ? list.map((_, index): AccountPath => [section, index]) : [];
  });
}

function checkAccount(
  source: YamlSource,
  path: AccountPath,
  kinds: Kinds[Section],
): { account?: Account; mistakes: Mistake[] } {
  const head = check(accountHead, source, path);
  const kind = valueAt(source.value, [...path, 'kind']);
  if (typeof kind !== 'string' || source.filled([...path, 'kind'])?.unset) return { mistakes: mistakesOf(head) };
  const schema = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (!schema) return { mistakes: [...mistakesOf(head), unknownKind(source, path, kind, Object.keys(kinds))] };
  const body = check(schema, source, path);
  // The kind's schema checks the id too; what was said of it once is enough.
  const idPath = `${path[0]}[${path[1]}].id`;
  const rest = mistakesOf(body).filter((mistake) => head.ok || mistake.path !== idPath);
  if (!head.ok || !body.ok) return { mistakes: [...mistakesOf(head), ...rest] };
  return { account: body.value as Account, mistakes: [] };
}

const mistakesOf = (read: ReturnType<typeof check>): Mistake[] => (read.ok ? [] : read.mistakes);

function unknownKind(source: YamlSource, path: Path, kind: string, known: string[]): Mistake {
  const meant = closest(kind, known);
  const expected = meant ? `did you mean ${meant}?` : `one of ${known.join(', ')}`;
  return source.mistake([...path, 'kind'], 'unknown kind', expected);
}

/** Across all three sections, for an account's id alone names it in rows. */
function repeatedIds(source: YamlSource): Mistake[] {
  const seen = new Set<string>();
  return accountPaths(source).flatMap((path) => {
    const id = idAt(source, path);
    const repeated = id !== undefined && seen.has(id);
    if (id !== undefined) seen.add(id);
    return repeated ? [source.mistake([...path, 'id'], 'another account has this id already')] : [];
  });
}

function idAt(source: YamlSource, path: Path): string | undefined {
  const id = valueAt(source.value, [...path, 'id']);
  return typeof id === 'string' && !source.filled([...path, 'id'])?.unset ? id : undefined;
}

const references = [
  { key: 'helpdesk', section: 'helpdesks' },
  { key: 'crm', section: 'crms' },
] as const;

function strayReferences(source: YamlSource): Mistake[] {
  const referring = accountPaths(source).filter(([section]) => section !== 'crms');
  return referring.flatMap((path) =>
    references.flatMap(({ key, section }) => {
      const name = valueAt(source.value, [...path, key]);
      const known = accountPaths(source)
        .filter((other) => other[0] === section)
        .flatMap((other) => idAt(source, other) ?? []);
      if (typeof name !== 'string' || known.includes(name)) return [];
      return mistakeUnlessUnset(source, [...path, key], `no ${key} with this id is configured`, name, known);
    }),
  );
}

/** Where the rest of the file names kinds of channel. */
function kindPaths({ value }: YamlSource): Path[] {
  const channels = valueAt(value, ['notices', 'channels']);
  const prices = valueAt(value, ['campaigns', 'prices']);
  return [
    ...(Array.isArray(channels) ? channels.map((_, n): Path => ['notices', 'channels', n]) : []),
    ...(Array.isArray(prices) ? prices.map((_, n): Path => ['campaigns', 'prices', n, 'channel']) : []),
  ];
}

function strayKinds(source: YamlSource, kinds: Kinds['channels']): Mistake[] {
  return kindPaths(source).flatMap((path) => {
    const kind = valueAt(source.value, path);
    if (typeof kind !== 'string' || kind === '' || Object.hasOwn(kinds, kind)) return [];
    return mistakeUnlessUnset(source, path, 'there is no channel of this kind', kind, Object.keys(kinds));
  });
}

function mistakeUnlessUnset(source: YamlSource, path: Path, problem: string, name: string, known: string[]): Mistake[] {
  if (source.filled(path)?.unset) return [];
  const meant = closest(name, known);
  const expected = meant ? `did you mean ${meant}?` : known.length > 0 ? `one of ${known.join(', ')}` : undefined;
  return [source.mistake(path, problem, expected)];
}

/** File paths in the configuration (`privateKeyFile`…) are relative to it; afterwards they are absolute. In place. */
export function makeFilePathsAbsolute(source: YamlSource): void {
  for (const path of accountPaths(source)) {
    const account = Object(valueAt(source.value, path));
    for (const [key, value] of Object.entries(account))
      if (key.endsWith('File') && typeof value === 'string') account[key] = resolve(dirname(source.file), value);
  }
}
