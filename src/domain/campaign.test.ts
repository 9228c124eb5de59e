import fc from 'fast-check';
import { expect, test } from 'vitest';
import { campaignStates, dueBy, mayBecome, whyStop } from './campaign.ts';

const since = new Date('2026-03-01T09:00:00Z');
const after = (ms: number) => new Date(since.getTime() + ms);

test('however often and unevenly it is looked at, exactly as many are due as its rate says', () => {
  const looks = fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60_000 }),
      fc.integer({ min: 0, max: 1_000 }),
      looks,
      (perMinute, before, gaps) => {
        let at = 0;
        let released = before;
        for (const gap of gaps) {
          at += gap;
          const due = dueBy({ perMinute, since, before }, after(at));
          expect(due).toBeGreaterThanOrEqual(released);
          released = due;
        }
        expect(released - before).toBe(Math.floor((at * perMinute) / 60_000));
      },
    ),
  );
});

test('before its time nobody is due', () => {
  expect(dueBy({ perMinute: 600, since, before: 7 }, after(-10_000))).toBe(7);
});

test.each([
  ['too few were tried to tell', { sent: 5, failed: 90, optedOut: 5 }, undefined],
  ['all is well', { sent: 95, failed: 5, optedOut: 4 }, undefined],
  ['many failed', { sent: 70, failed: 30, optedOut: 0 }, '30 % failed, more than 20 %'],
  ['many opted out', { sent: 200, failed: 0, optedOut: 11 }, '5.5 % opted out, more than 5 %'],
  ['none was sent', { sent: 0, failed: 100, optedOut: 0 }, '100 % failed, more than 20 %'],
])('%s', (_, ended, why) => {
  expect(whyStop(ended, { optOuts: 0.05, failures: 0.2, after: 100 })).toBe(why);
});

test('what has ended stays ended, and only a draft or a paused one is scheduled without approval', () => {
  for (const to of campaignStates)
    for (const from of ['stopped', 'done'] as const) expect(mayBecome(from, to)).toBe(false);
  expect(campaignStates.filter((from) => mayBecome(from, 'scheduled'))).toEqual([
    'draft',
    'awaiting-approval',
    'paused',
  ]);
});
