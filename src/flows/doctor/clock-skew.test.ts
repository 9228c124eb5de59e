import { expect, test } from 'vitest';
import { watchingClocks } from './clock-skew.ts';

const now = new Date('2026-11-25T12:00:00.500Z');

/** Platforms whose clocks are so many seconds ahead of ours. */
async function after(...seconds: (number | undefined)[]) {
  const dates = [...seconds];
  const { http, finding } = watchingClocks(
    {
      request: async () => {
        const ahead = dates.shift();
        const date = ahead === undefined ? {} : { date: new Date(now.getTime() + ahead * 1_000).toUTCString() };
        return {
          answered: true,
          status: 200,
          headers: date,
          bytes: Buffer.alloc(0),
          text: () => '',
          json: () => undefined,
        };
      },
    },
    { now: () => now },
  );
  for (const [i] of seconds.entries()) await http.request({ method: 'GET', url: `https://platform-${i}.example/` });
  return finding();
}

test.each([
  ['the same time', [0, 0], { ok: true }],
  ['a few seconds apart', [5], { ok: true }],
  ['a minute behind', [60, 61, 60], { ok: true, warning: true, why: 'it is 60 s behind what the platforms say' }],
  [
    'ten minutes ahead',
    [-600, -601],
    { ok: false, why: expect.stringContaining('s ahead of'), fix: expect.stringContaining('NTP') },
  ],
  ['one platform that is wrong itself', [0, 9_000, 1], { ok: true }],
  ['nobody tells the time', [undefined], { ok: true, what: expect.stringContaining('no platform told') }],
])('%s', async (_, seconds, expected) => {
  const finding = await after(...seconds);
  expect(finding).toMatchObject(expected);
  if (!('warning' in expected)) expect(finding.warning).toBeUndefined();
});
