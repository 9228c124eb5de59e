import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js';
import { DateTime } from 'luxon';
import type { QuietHours } from './notice-rules.ts';

/** What may tell where a customer is, the surest first. */
export interface Whereabouts {
  /** Zones the platform or the shop named. */
  zones: readonly (string | undefined)[];
  /** E.164. */
  phone?: string | undefined;
  /** Where the account's customers are (ISO 3166). */
  country?: string | undefined;
}

/**
 * The time zones a customer may be in: the one that was named; else those of the country of their phone, all of them where it
 * has several; else the account's default.
 */
export function zonesOf({ zones, phone, country }: Whereabouts, byDefault: string): string[] {
  const named = zones.find((zone) => zone !== undefined && isTimeZone(zone));
  if (named) return [named];
  const home = phone === undefined ? undefined : parsePhoneNumberFromString(phone)?.country;
  const of = zonesOfCountry(home) ?? zonesOfCountry(country?.toUpperCase());
  return of ?? [byDefault];
}

export const isTimeZone = (name: string): boolean => DateTime.local({ zone: name }).isValid;

function zonesOfCountry(country: CountryCode | string | undefined): string[] | undefined {
  if (country === undefined || !/^[A-Z]{2}$/.test(country)) return undefined;
  const locale: HasZones = new Intl.Locale('und', { region: country });
  const zones = locale.getTimeZones?.() ?? [];
  return zones.length > 0 ? zones : undefined;
}

/** ECMA-402 has it; the compiler's library does not know yet. */
type HasZones = Intl.Locale & { getTimeZones?(): string[] | undefined };

/** Zones of one country lie within a day of each other; more ends of quiet hours than this never follow each other. */
const mostSteps = 40;

/**
 * When it is quiet in none of the zones, from `at` on: `at` itself where it is quiet in none now. Undefined where it is always
 * quiet somewhere.
 */
export function loudFrom(quiet: QuietHours, zones: readonly string[], at: Date): Date | undefined {
  let time: DateTime = DateTime.fromJSDate(at);
  for (let step = 0; step < mostSteps; step++) {
    const zone = zones.find((each) => isQuiet(quiet, time.setZone(each)));
    if (zone === undefined) return time.toJSDate();
    time = endOf(quiet, time.setZone(zone));
  }
  return undefined;
}

function isQuiet({ from, to }: QuietHours, local: DateTime): boolean {
  const minute = local.hour * 60 + local.minute;
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

/** Where clocks are put forward over it, the first moment after. */
function endOf({ to }: QuietHours, local: DateTime): DateTime {
  const today = local.set({ hour: Math.floor(to / 60), minute: to % 60, second: 0, millisecond: 0 });
  const end = today > local ? today : today.plus({ days: 1 });
  return end > local ? end : local.plus({ minutes: 15 });
}
