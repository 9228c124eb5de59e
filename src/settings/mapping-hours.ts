import { IANAZone } from 'luxon';
import { z } from 'zod';

/** From and to in minutes of the day. */
type Span = readonly [from: number, to: number];

const expected = 'such as 09:00-12:30';

const span = z.string().transform((text, issues): Span => {
  const [, fromHour, fromMinute, toHour, toMinute] = /^(\d{2}):(\d{2})-(\d{2}):(\d{2})$/.exec(text.trim()) ?? [];
  const from = minuteOf(fromHour, fromMinute);
  const to = minuteOf(toHour, toMinute);
  const refuse = (message: string) => issues.addIssue({ code: 'custom', message, params: { expected } });
  if (from === undefined || to === undefined) refuse('not a span of hours');
  else if (to <= from) refuse('ends before it begins; over midnight, write two, on both days');
  return [from ?? 0, to ?? 0];
});

function minuteOf(hour: string | undefined, minute: string | undefined): number | undefined {
  const total = Number(hour) * 60 + Number(minute);
  return Number(minute) < 60 && total <= 1_440 ? total : undefined;
}

const day = z.array(span).max(12).default([]);

const date = z.string().refine(isDate, 'not a date such as 2026-12-24, or 12-25 for every year');

function isDate(text: string): boolean {
  const [, year = '2024', month, dayOfMonth] = /^(?:(\d{4})-)?(\d{2})-(\d{2})$/.exec(text) ?? [];
  const at = new Date(`${year}-${month}-${dayOfMonth}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(8, 10) === dayOfMonth;
}

/** When somebody answers; without it, always. */
export const openingHoursSchema = () =>
  z
    .strictObject({
      timeZone: z.string().refine((zone) => IANAZone.isValidZone(zone), 'not a time zone such as Europe/Paris'),
      monday: day,
      tuesday: day,
      wednesday: day,
      thursday: day,
      friday: day,
      saturday: day,
      sunday: day,
      holidays: z.array(date).max(500).default([]),
      special: z.record(date, day).default({}),
    })
    .transform(({ timeZone, holidays, special, ...days }) => ({
      timeZone,
      week: [days.monday, days.tuesday, days.wednesday, days.thursday, days.friday, days.saturday, days.sunday],
      days: new Map<string, readonly Span[]>([
        ...holidays.map((each): [string, readonly Span[]] => [each, []]),
        ...Object.entries(special),
      ]),
    }))
    .optional();
