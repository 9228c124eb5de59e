import type { z } from 'zod';
import type { ConfiguredAccount } from '../console/server/accounts/place.ts';
import type { SettingGroup } from '../console/wire/settings.ts';
import type { Account } from '../settings/accounts.ts';
import { layersOf } from '../settings/schema-walk.ts';
import type { Settings } from '../settings/settings.ts';
import { channels, crms, helpdesks } from './kinds.ts';

/** All accounts of the configuration, for people to look at: secrets are hidden. */
export function shownAccounts(settings: Settings): ConfiguredAccount[] {
  return [
    ...settings.channels.map((account): ConfiguredAccount => {
      const channel = channels.get(account.kind)!;
      return {
        ...headOf('channel', account, channel),
        channel,
        called: true,
        asHuman: channel.mayWriteAsHuman?.(account as never) ?? false,
      };
    }),
    ...settings.helpdesks.map((account) => ({
      ...headOf('helpdesk', account, helpdesks.get(account.kind)!),
      ...{ called: true, asHuman: false },
    })),
    ...settings.crms.map((account) => ({
      ...headOf('crm', account, crms.get(account.kind)!),
      ...{ called: false, asHuman: false },
    })),
  ];
}

function headOf(
  type: ConfiguredAccount['type'],
  account: Account,
  { label, account: schema }: { label: string; account: z.ZodType },
): Omit<ConfiguredAccount, 'called' | 'asHuman'> {
  const { id, kind, helpdesk, crm } = account;
  return {
    ...{ type, id, kind, label },
    ...(typeof helpdesk === 'string' && { helpdesk }),
    ...(typeof crm === 'string' && { crm }),
    settings: Object.entries(account).map(([name, value]) => ({
      ...{ name, value: shown(name, value) },
      about: fieldWords(schema, name) ?? null,
    })),
  };
}

/** What the schema says of a field. */
function fieldWords(schema: z.ZodType, name: string): string | undefined {
  for (const layer of layersOf(schema as never)) {
    const field = (layer as { shape?: Record<string, z.ZodType> }).shape?.[name];
    if (field) return field.description;
  }
  return undefined;
}

const notGroups = new Set(['channels', 'helpdesks', 'crms', 'file']);

/** The rest of the configuration, in its own words. */
export function shownSettings(settings: Settings): SettingGroup[] {
  const groups = Object.entries(settings).filter(([name]) => !notGroups.has(name));
  const file: SettingGroup = { name: 'configuration', settings: [{ name: 'file', value: settings.file }] };
  return [file, ...groups.map(([name, value]) => ({ name, settings: flat(name, value) }))].filter(
    (group) => group.settings.length > 0,
  );
}

/** `{ a: { b: 1 } }` becomes `a.b = 1`. Times carry their unit in their names here, but not in the configuration. */
function flat(name: string, value: unknown): SettingGroup['settings'] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return [{ name, value: value.map((each) => listed(each)).join(', ') || '–' }];
  const isGroup = typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  if (isGroup) return Object.entries(value).flatMap(([key, inner]) => flat(`${name}.${key}`, inner));
  return [{ name: name.replace(/Ms$/, ''), value: shown(name, value) }];
}

/** Of a list's entry what tells it from the others. */
function listed(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const { name, email, scopes } = value as Record<string, unknown>;
  if (typeof name === 'string') return Array.isArray(scopes) ? `${name} (${scopes.join(' ')})` : name;
  return typeof email === 'string' ? email : String(value);
}

const times: readonly [string, number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
];

/** A secret prints as such. */
function shown(name: string, value: unknown): string {
  if (typeof value !== 'number' || !/Ms$|(?:^|\.)every$/.test(name))
    return typeof value === 'object' && value !== null && !String(value).startsWith('[secret')
      ? JSON.stringify(value)
      : String(value);
  if (value === 0) return '0';
  const [unit, size] = times.find(([, each]) => value % each === 0) ?? ['ms', 1];
  return `${value / size}${unit}`;
}
