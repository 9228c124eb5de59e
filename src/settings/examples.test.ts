import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { z } from 'zod';
import * as channels from '../channels/registry.ts';
import * as crms from '../crms/registry.ts';
import type { MappingContext } from '../domain/mapping.ts';
import * as helpdesks from '../helpdesks/registry.ts';
import { readMapping } from './mapping.ts';
import { mappingSchema } from './mapping-schema.ts';
import { describeMistake, type Mistake } from './mistake.ts';
import { settingsSchema } from './schema.ts';
import { keysOf, schemasAt } from './schema-walk.ts';
import { readSettings } from './settings.ts';

const config = join(import.meta.dirname, '../../config');
const settingsFile = join(config, 'example.passerelle.yaml');
const mappingFile = join(config, 'example.mapping.yaml');
const exampleOf = (file: string) => readFileSync(file, 'utf8');

type Kind = { kind: string; account: z.ZodType };
const byKind = (registry: Readonly<Record<string, Kind>>) =>
  Object.fromEntries(Object.values(registry).map(({ kind, account }) => [kind, account]));
const kinds = { channels: byKind(channels), helpdesks: byKind(helpdesks), crms: byKind(crms) };

const variablesIn = (text: string) => [...text.matchAll(/\$\{([A-Z_]+)\}/g)].map(([, name = '']) => name);

const url = 'https://acme.example.com';
const required: Record<string, string> = { ZENDESK_URL: url, SALESFORCE_LOGIN_URL: url, MESSENGER_PAGE_ID: '555' };
/** Every variable that has no default, set to something. */
const env = Object.fromEntries(
  variablesIn(exampleOf(settingsFile)).map((name) => [name, required[name] ?? `value-of-${name}`]),
);

const told = (mistakes: Mistake[]) => mistakes.map(describeMistake).join('\n');

test('the example configuration has no mistake once its variables are set', () => {
  const read = readSettings({ path: settingsFile, env, kinds, home: config });
  expect(read.ok ? '' : told(read.mistakes)).toBe('');
  expect(read).toMatchObject({
    settings: {
      channels: [{ id: 'acme-page', pageId: '555' }],
      helpdesks: [{ id: 'acme-zendesk', url }],
      crms: [{ id: 'acme-salesforce' }],
    },
  });
});

test('without them every one is named', () => {
  const read = readSettings({ path: settingsFile, env: {}, kinds, home: config });
  const mistakes = read.ok ? '' : told(read.mistakes);
  const notSet = [...mistakes.matchAll(/the environment variable (\w+) is not set/g)].map(([, name]) => name);
  const withoutComments = exampleOf(settingsFile).replace(/^ *#.*$/gm, '');
  expect(notSet).toEqual(variablesIn(withoutComments));
});

/** `server`, `server.port`…: what a schema's objects and lists of objects may hold. */
function keysWithin(schema: z.core.$ZodType): string[] {
  return keysOf(schema).flatMap((key) => {
    const inner = schemasAt(schema, [key])[0];
    const item = schemasAt(schema, [key, 0])[0];
    return [key, ...(inner ? keysWithin(inner) : []), ...(item ? keysWithin(item) : [])];
  });
}

/** A kind may have its example in its own README instead. */
const isShown = ([kind]: [string, z.ZodType]) => exampleOf(settingsFile).includes(`kind: ${kind}\n`);
const shown = Object.values(kinds).flatMap((ofSection) => Object.entries(ofSection).filter(isShown));
const accountKeys = shown.flatMap(([, schema]) => keysWithin(schema));

test('the example shows accounts of these kinds', () => {
  expect(shown.map(([kind]) => kind)).toEqual(expect.arrayContaining(['messenger', 'zendesk', 'salesforce']));
});

test.each([...new Set([...keysWithin(settingsSchema), ...accountKeys])])('the example shows %s', (key) => {
  expect(exampleOf(settingsFile)).toMatch(new RegExp(`[\\s{]${key}:`));
});

test.each(keysWithin(mappingSchema()))('the example mapping shows %s', (key) => {
  expect(exampleOf(mappingFile)).toMatch(new RegExp(`[\\s{]${key}:`));
});

test('the example mapping says the defaults', () => {
  const example = readMapping({ path: mappingFile, env: {} });
  const byDefault = readMapping({ path: join(config, 'none.yaml'), env: {} });
  if (!example.ok || !byDefault.ok) throw new Error(example.ok ? 'no defaults' : told(example.mistakes));
  const { source: _, ...shown } = example.mapping;
  const { source: __, ...defaults } = byDefault.mapping;
  expect(rendered(shown)).toEqual(rendered(defaults));
});

const context: Required<MappingContext> = {
  channel: { id: 'acme-page', kind: 'messenger', label: 'Messenger' },
  customer: { name: 'Ana', firstName: 'Ana', email: 'ana@example.com', phone: '+15550100', platformUserId: '77' },
  conversation: { id: '5' },
  order: { number: 'NW-1', state: 'shipped', shop: 'shop', updatedAt: '2026-01-31T09:00:00.000Z' },
  ticket: { id: '31' },
  contact: { id: '003A' },
  message: { id: '9', text: 'Hello', at: '2026-01-31T09:00:00.000Z', direction: 'in', author: 'Ana' },
  email: 'ana@example.com',
  code: '123456',
  reason: 'blocked',
  purpose: 'marketing',
  referral: { ref: 'summer' },
  language: 'en',
  hours: { open: true, timeZone: 'UTC' },
  file: { name: 'a.mov', reason: 'too large' },
};

/** The same with every function replaced by what it makes of the context. */
function rendered(value: unknown): unknown {
  if (typeof value === 'function') return value(context);
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rendered(inner)]));
}
