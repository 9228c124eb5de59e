import { describe, expect, test } from 'vitest';
import { loudFrom, zonesOf } from './quiet-hours.ts';

const night = { from: 21 * 60, to: 8 * 60, exceptUrgent: false };
const siesta = { from: 12 * 60, to: 14 * 60, exceptUrgent: false };
const from = (zones: string[], at: string, quiet = night) =>
  loudFrom(quiet, zones, new Date(at))?.toISOString().slice(0, 16);

describe('when it is quiet nowhere', () => {
  const cases: [string, string[], string, string, typeof night?][] = [
    ['by day', ['Europe/Oslo'], '2026-01-05T12:00Z', '2026-01-05T12:00'],
    ['in the evening', ['Europe/Oslo'], '2026-01-05T20:00Z', '2026-01-06T07:00'],
    ['after midnight', ['Europe/Oslo'], '2026-01-05T01:30Z', '2026-01-05T07:00'],
    ['at the first moment of the night', ['UTC'], '2026-01-05T21:00Z', '2026-01-06T08:00'],
    ['at the first moment of the day', ['UTC'], '2026-01-05T08:00Z', '2026-01-05T08:00'],
    ['over noon', ['UTC'], '2026-01-05T13:00Z', '2026-01-05T14:00', siesta],
    ['in the night in which clocks go forward', ['Europe/Oslo'], '2026-03-29T00:30Z', '2026-03-29T06:00'],
    ['in the night in which they go back', ['Europe/Oslo'], '2026-10-25T00:30Z', '2026-10-25T07:00'],
    ['with half hours', ['Asia/Kathmandu'], '2026-01-05T16:00Z', '2026-01-06T02:15'],
    ['in either of two zones', ['America/New_York', 'America/Los_Angeles'], '2026-01-05T14:00Z', '2026-01-05T16:00'],
    [
      'evening in the east, morning in the west',
      ['America/New_York', 'America/Los_Angeles'],
      '2026-01-06T02:30Z',
      '2026-01-06T16:00',
    ],
  ];
  test.each(cases.map((each) => [each[0], each] as const))('%s', (_, [, zones, at, expected, quiet]) => {
    expect(from(zones, at, quiet)).toBe(expected);
  });

  test('somewhere it is always', () => {
    expect(
      from(['Pacific/Auckland', 'UTC'], '2026-01-05T12:00Z', { ...night, from: 9 * 60, to: 8 * 60 }),
    ).toBeUndefined();
  });
});

describe('where a customer may be', () => {
  test.each<[string, Parameters<typeof zonesOf>[0], string[]]>([
    ['what was named goes first', { zones: [undefined, 'Asia/Tokyo'], phone: '+4791234567' }, ['Asia/Tokyo']],
    ['what is no zone is passed over', { zones: ['Middle/Earth'], phone: '+4791234567' }, ['Europe/Oslo']],
    ['else the country of the phone', { zones: [], phone: '+33612345678', country: 'NO' }, ['Europe/Paris']],
    ['else that of the account', { zones: [], country: 'jp' }, ['Asia/Tokyo']],
    ['else the default', { zones: [] }, ['Europe/Rome']],
  ])('%s', (_, given, expected) => {
    expect(zonesOf(given, 'Europe/Rome')).toEqual(expected);
  });

  test('a country with several zones is all of them', () => {
    const zones = zonesOf({ zones: [], phone: '+12025550100' }, 'UTC');
    expect(zones).toEqual(expect.arrayContaining(['America/New_York', 'America/Los_Angeles', 'Pacific/Honolulu']));
  });
});
