import { DateTime } from 'luxon';

/** From and to in minutes of the day. */
export type Span = readonly [from: number, to: number];

/** When somebody answers. */
export interface OpeningHours {
  /** As IANA names it: `Europe/Paris`. */
  timeZone: string;
  /** Monday first. */
  week: readonly (readonly Span[])[];
  /** Days that are not as their weekday, by `2026-12-24` or, every year, `12-25`; closed where the list is empty. */
  days: ReadonlyMap<string, readonly Span[]>;
}

/** Further on nobody looks for the next opening. */
const mostDays = 400;

export function isOpen(hours: OpeningHours, at: Date): boolean {
  const local = inZone(hours, at);
  const minute = local.hour * 60 + local.minute;
  return spansOf(hours, local).some(([from, to]) => minute >= from && minute < to);
}

/** When it opens next, after `at`; undefined if it never does. */
export function opensNext(hours: OpeningHours, at: Date): Date | undefined {
  const today = inZone(hours, at).startOf('day');
  for (let ahead = 0; ahead < mostDays; ahead++) {
    const day = today.plus({ days: ahead });
    const opening = spansOf(hours, day)
      .map(([from]) => day.set({ hour: Math.floor(from / 60), minute: from % 60 }).toJSDate())
      .filter((opens) => opens > at)
      .sort((a, b) => a.getTime() - b.getTime())[0];
    if (opening) return opening;
  }
  return undefined;
}

const inZone = ({ timeZone }: OpeningHours, at: Date): DateTime => DateTime.fromJSDate(at, { zone: timeZone });

/** A day with its year goes before one of every year. */
function spansOf({ week, days }: OpeningHours, day: DateTime): readonly Span[] {
  return days.get(day.toFormat('yyyy-MM-dd')) ?? days.get(day.toFormat('MM-dd')) ?? week[day.weekday - 1] ?? [];
}
