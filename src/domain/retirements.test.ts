import { expect, test } from 'vitest';
import { retirementFindings, retirements } from './retirements.ts';

const table = [
  { api: 'Bird API', version: 'v2.0', andBelow: true as const, on: '2026-06-01' },
  { api: 'Bird API', version: 'v3.0', on: '2027-06-01' },
];
const now = new Date('2026-11-25T12:00:00Z');
const at = (version: string, on = now) =>
  retirementFindings([{ api: 'Bird API', version, setting: 'apiVersion' }], on, table);

test.each([
  ['ended', 'v2.0', now, { ok: false, why: 'it ended on 2026-06-01', fix: expect.stringContaining('apiVersion') }],
  ['older than what ended', 'v1.5', now, { ok: false }],
  ['ends in half a year or more', 'v3.0', now, { ok: true, why: 'until 2027-06-01' }],
  ['ends soon', 'v3.0', new Date('2027-04-01'), { ok: true, warning: true, why: 'it ends on 2027-06-01, in 61 days' }],
  ['ends today', 'v3.0', new Date('2027-06-01'), { ok: false }],
])('%s', (_, version, on, expected) => {
  expect(at(version, on)).toMatchObject([expected]);
});

test('what goes on, and what is another platform’s, gives no finding', () => {
  expect(at('v4.0')).toEqual([]);
  expect(retirementFindings([{ api: 'Fish API', version: 'v2.0', setting: 'x' }], now, table)).toEqual([]);
});

test('the table has real days', () => {
  for (const { on } of retirements) expect(new Date(on).toISOString().slice(0, 10)).toBe(on);
});
