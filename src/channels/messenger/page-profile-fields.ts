import { asList, asRecord, asRecords, asText } from '../shared/json.ts';
import type { MenuEntry, PageProfile } from './page-profile-schema.ts';

/** The parts of a field by what tells them apart: the language, the web site. */
export type Items = ReadonlyMap<string, unknown>;

export interface ProfileField {
  /** As Meta names it. */
  name: string;
  what: string;
  /** What is configured; undefined where nothing is, which leaves what there is. */
  wanted(profile: PageProfile): Items | undefined;
  /** What there is, from Meta's JSON. */
  read(json: unknown): Items;
  /** Meta's JSON again. */
  toJson(items: Items): unknown;
  /** One part in words. Equal words are equal parts. */
  words(item: unknown): string;
  /** Whether there may be parts for languages only beside one for all. */
  byLanguage: boolean;
}

const named = (shown: unknown, does: unknown) => `${asText(shown) ?? '?'} → ${asText(does) ?? '?'}`;

const perLocale = (json: unknown): Items =>
  new Map(
    asRecords(json).flatMap((each) => (asText(each['locale']) === undefined ? [] : [[asText(each['locale'])!, each]])),
  );

const listed = (items: Items): unknown => [...items.values()];

/** For everybody or by language, each as Meta wants it. */
function localized<Value>(
  value: Value | Record<string, Value> | undefined,
  isOne: (value: Value | Record<string, Value>) => value is Value,
  toItem: (value: Value) => object,
): Items | undefined {
  if (value === undefined) return undefined;
  const byLocale = isOne(value) ? { default: value } : value;
  return new Map(Object.entries(byLocale).map(([locale, each]) => [locale, { locale, ...toItem(each) }]));
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isList = <Value>(value: Value[] | Record<string, Value[]>): value is Value[] => Array.isArray(value);

const menuAction = ({ title, payload, url }: MenuEntry) =>
  url === undefined ? { type: 'postback', title, payload } : { type: 'web_url', title, url };

const actionsOf = (item: unknown) => asRecords(asRecord(item)?.['call_to_actions']);

/** The order is that in which Meta takes them: a menu needs the button. */
export const profileFields: readonly ProfileField[] = [
  {
    name: 'get_started',
    what: 'the button Get started',
    byLanguage: false,
    wanted: ({ getStarted }) => (getStarted === undefined ? undefined : new Map([['', { payload: getStarted }]])),
    read: (json) => new Map(asRecord(json) ? [['', json]] : []),
    toJson: (items) => items.get(''),
    words: (item) => asText(asRecord(item)?.['payload']) ?? '',
  },
  {
    name: 'greeting',
    what: 'the greeting',
    byLanguage: true,
    wanted: ({ greeting }) => localized(greeting, isText, (text) => ({ text })),
    read: perLocale,
    toJson: listed,
    words: (item) => asText(asRecord(item)?.['text']) ?? '',
  },
  {
    name: 'persistent_menu',
    what: 'the menu',
    byLanguage: true,
    wanted: ({ menu }) =>
      localized(menu, isList<MenuEntry>, (entries) => ({
        composer_input_disabled: false,
        call_to_actions: entries.map(menuAction),
      })),
    read: perLocale,
    toJson: listed,
    words: (item) =>
      actionsOf(item)
        .map(({ title, payload, url }) => named(title, payload ?? url))
        .join('; '),
  },
  {
    name: 'ice_breakers',
    what: 'the questions to begin with',
    byLanguage: true,
    wanted: ({ iceBreakers }) =>
      localized(iceBreakers, isList<{ question: string; payload: string }>, (questions) => ({
        call_to_actions: questions,
      })),
    // Set long ago they may stand there without a language.
    read: (json) =>
      asRecords(json).some(({ question }) => question !== undefined)
        ? new Map([['default', { locale: 'default', call_to_actions: json }]])
        : perLocale(json),
    toJson: listed,
    words: (item) =>
      actionsOf(item)
        .map(({ question, payload }) => named(question, payload))
        .join('; '),
  },
  {
    name: 'whitelisted_domains',
    what: 'the web sites that may show',
    byLanguage: false,
    wanted: ({ domains }) => domains && new Map(domains.map((domain) => [bare(domain), domain])),
    read: (json) => new Map(asList(json).map((domain) => [bare(String(domain)), domain])),
    toJson: listed,
    words: (item) => bare(String(item)),
  },
];

const bare = (domain: string) => domain.replace(/\/$/, '');
