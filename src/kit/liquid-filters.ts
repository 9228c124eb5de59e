import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { DateTime, IANAZone } from 'luxon';
import { money } from './money.ts';

/** A filter of ours: what it makes of a value, and how it is explained. `gives` is what the example renders as. */
export interface LiquidFilter {
  run(value: unknown, ...args: unknown[]): string;
  what: string;
  example: string;
  gives: string;
}

const textOf = (value: unknown): string => (value === undefined || value === null ? '' : String(value));

/** A number that is none is left as it is: an agent can make more of it than of nothing. */
function phone(value: unknown, style: unknown): string {
  const number = parsePhoneNumberFromString(textOf(value));
  if (!number) return textOf(value);
  if (style === 'national') return number.formatNational();
  return style === 'e164' ? number.number : number.formatInternational();
}

/** A time that is none, and a zone that is none, leave the value as it is. */
function inZone(value: unknown, zone: unknown, format: unknown, locale: unknown): string {
  const at = DateTime.fromISO(textOf(value), { zone: 'utc' });
  const name = textOf(zone);
  if (!at.isValid || !IANAZone.isValidZone(name)) return textOf(value);
  const local = at.setZone(name).setLocale(typeof locale === 'string' ? locale : 'en');
  return local.toFormat(typeof format === 'string' ? format : 'yyyy-MM-dd HH:mm');
}

/** Cuts between letters as people see them, never within one. */
function shorten(value: unknown, most: unknown): string {
  const letters = [...new Intl.Segmenter('en').segment(textOf(value))].map(({ segment }) => segment);
  const length = Number(most) > 0 ? Number(most) : 50;
  return letters.length <= length ? letters.join('') : `${letters.slice(0, length - 1).join('')}…`;
}

const initials = (value: unknown): string =>
  textOf(value)
    .split(/\s+/)
    .map((word) => [...word][0] ?? '')
    .join('')
    .toUpperCase();

const digits = (value: unknown): string => textOf(value).replace(/\D+/g, '');

/** What is no whole number of minor units, and what has no currency, is left as it is. */
function inMoney(value: unknown, currency: unknown, language: unknown): string {
  const minor = Number(value);
  const of = textOf(currency);
  if (value === undefined || value === null || value === '' || !Number.isInteger(minor) || of === '')
    return textOf(value);
  return money(minor, of, typeof language === 'string' && language !== '' ? language : 'en');
}

/** A day as people of a language write it; what is no time is left as it is. */
function inDay(value: unknown, language: unknown, zone: unknown): string {
  const at = DateTime.fromISO(textOf(value), { zone: IANAZone.isValidZone(textOf(zone)) ? textOf(zone) : 'utc' });
  if (!at.isValid) return textOf(value);
  const locale = typeof language === 'string' && language !== '' ? language : 'en';
  return at.setLocale(locale).toLocaleString({ weekday: 'long', day: 'numeric', month: 'long' });
}

/** The filters beside Liquid's own (https://liquidjs.com/filters/overview.html). */
export const liquidFilters: Readonly<Record<string, LiquidFilter>> = {
  phone: {
    run: phone,
    what: 'A phone number as people write it: `international` (by default), `national` or `e164`.',
    example: '{{ "+33612345678" | phone: "national" }}',
    gives: '06 12 34 56 78',
  },
  in_zone: {
    run: inZone,
    what: 'A time in a time zone, in a form of [Luxon](https://moment.github.io/luxon/#/formatting?id=table-of-tokens), in a language.',
    example: '{{ "2026-07-14T08:30:00Z" | in_zone: "Europe/Paris", "cccc HH:mm", "fr" }}',
    gives: 'mardi 10:30',
  },
  shorten: {
    run: shorten,
    what: 'At most so many letters, the last of which is “…” where it was longer. Never cuts an emoji in two.',
    example: '{{ "Where is my order?" | shorten: 9 }}',
    gives: 'Where is…',
  },
  initials: {
    run: initials,
    what: 'The first letters of the words.',
    example: '{{ "Ana María" | initials }}',
    gives: 'AM',
  },
  money: {
    run: inMoney,
    what: 'An amount in minor units (cents, or whole yen) of a currency, as people of a language write it.',
    example: '{{ 12900 | money: "EUR", "fr" }}',
    gives: '129,00 €',
  },
  day: {
    run: inDay,
    what: 'The day of a time, as people of a language write it, in a time zone (UTC unless it is said).',
    example: '{{ "2026-07-14T08:30:00Z" | day: "fr", "Europe/Paris" }}',
    gives: 'mardi 14 juillet',
  },
  digits: {
    run: digits,
    what: 'The digits alone.',
    example: '{{ "A-12/34" | digits }}',
    gives: '1234',
  },
};
