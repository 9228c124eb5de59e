import { expect, test } from 'vitest';
import { isOpen, type OpeningHours, opensNext } from './opening-hours.ts';

const day = [
  [540, 720],
  [810, 1_080],
] as const;
const hours: OpeningHours = {
  timeZone: 'Europe/Paris',
  week: [day, day, day, day, day, [], []],
  days: new Map([
    ['12-25', []],
    ['2026-12-24', [[540, 600]]],
  ]),
};

test.each([
  ['a Monday at nine', '2026-01-12T08:00:00Z', true, '2026-01-12T12:30:00Z'],
  ['a minute before', '2026-01-12T07:59:00Z', false, '2026-01-12T08:00:00Z'],
  ['at lunch', '2026-01-12T11:00:00Z', false, '2026-01-12T12:30:00Z'],
  ['in summer time', '2026-07-13T07:00:00Z', true, '2026-07-13T11:30:00Z'],
  ['on Friday evening', '2026-01-16T17:00:00Z', false, '2026-01-19T08:00:00Z'],
  ['over the change of clocks', '2026-03-27T17:00:00Z', false, '2026-03-30T07:00:00Z'],
  ['on a day of its own', '2026-12-24T08:30:00Z', true, '2026-12-28T08:00:00Z'],
  ['at Christmas, every year', '2029-12-25T10:00:00Z', false, '2029-12-26T08:00:00Z'],
])('%s', (_, at, open, next) => {
  expect(isOpen(hours, new Date(at))).toBe(open);
  expect(opensNext(hours, new Date(at))).toEqual(new Date(next));
});

test('what never opens never does', () => {
  expect(opensNext({ timeZone: 'UTC', week: [], days: new Map() }, new Date(0))).toBeUndefined();
});
