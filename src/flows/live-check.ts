import { closest } from '../kit/closest.ts';
import type { ReadMapping } from './live-mapping.ts';
import type { MappingDesk } from './mapping-desk.ts';

/** What a check against the accounts themselves needs and gathers. */
export interface LiveCheck extends Pick<MappingDesk, 'helpdesks' | 'crms'> {
  read: Extract<ReadMapping, { ok: true }>;
  /** Notes a mistake at a place in the text. */
  wrong(path: PropertyKey[], problem: string, expected?: string): void;
  /** Notes an account that could not be asked. */
  unchecked(account: string, why: string): void;
}

/** What stands at a path of the mapping's text, as plain data. */
export const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((inner, key) => Object(inner)[key], value);

/** The entries under a path, with their own paths; of a list by their numbers. */
export function entriesAt(
  value: unknown,
  path: readonly PropertyKey[],
): [path: PropertyKey[], key: string, value: unknown][] {
  const holder = valueAt(value, path);
  const place = (key: string) => (Array.isArray(holder) ? Number(key) : key);
  return Object.entries(Object(holder)).map(([key, inner]) => [[...path, place(key)], key, inner]);
}

/** Without Liquid in it a value is known before anything is rendered. */
export const isFixed = (value: unknown): value is string | number | boolean =>
  typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && !/\{[{%]/.test(value));

/** The name that was meant, if one is near enough; else the first of those there are. */
export function nearest(name: string, known: readonly string[]): string {
  const meant = closest(name, known);
  if (meant !== undefined) return meant;
  return known.length > 12 ? `one of ${known.slice(0, 12).join(', ')}…` : `one of ${known.join(', ')}`;
}
