import { expect, test } from 'vitest';
import type { CheckReport } from '../flows/doctor/run-checks.ts';
import { makeHealthDetail } from './health-detail.ts';

const report = (what: string): CheckReport => ({ account: 'a', kind: 'k', findings: [{ ok: true, what }] });

test('answers at once with what is known, and asks again when that is ten minutes old and somebody wants to know', async () => {
  let now = new Date('2026-11-25T10:00:00Z');
  const waiting: ((reports: CheckReport[]) => void)[] = [];
  const look = () => new Promise<CheckReport[]>((resolve) => void waiting.push(resolve));
  const detail = makeHealthDetail(look, () => now);
  expect(detail()).toEqual({ checkedAt: null, checking: true, findings: [] });
  expect(detail().checking).toBe(true);
  expect(waiting).toHaveLength(1);
  waiting[0]!([report('first')]);
  await new Promise(setImmediate);
  const first = {
    checkedAt: '2026-11-25T10:00:00.000Z',
    findings: [{ account: 'a', kind: 'k', ok: true, what: 'first' }],
  };
  expect(detail()).toEqual({ ...first, checking: false });
  now = new Date('2026-11-25T10:09:59Z');
  expect(detail().checking).toBe(false);
  now = new Date('2026-11-25T10:10:00Z');
  expect(detail()).toEqual({ ...first, checking: true });
  waiting[1]!([report('second')]);
  await new Promise(setImmediate);
  expect(detail()).toMatchObject({ checkedAt: '2026-11-25T10:10:00.000Z', findings: [{ what: 'second' }] });
});

test('a look that fails leaves what was known, and is not repeated at once', async () => {
  let looks = 0;
  const detail = makeHealthDetail(
    async () => {
      looks += 1;
      throw new Error('gone');
    },
    () => new Date(),
  );
  detail();
  await new Promise(setImmediate);
  expect(detail()).toEqual({ checkedAt: null, checking: false, findings: [] });
  expect(looks).toBe(1);
});
