import { expect, test } from 'vitest';
import type { Finding } from '../../domain/finding.ts';
import { done } from '../../domain/outcome.ts';
import { type Check, runChecks } from './run-checks.ts';

const bad: Finding = { ok: false, what: 'lamp', why: 'it is dark' };
const check = (look: Check['look'], more: Partial<Check> = {}): Check => ({
  ...{ account: 'a', kind: 'k', name: 'the lamp', matters: 'Nobody sees.' },
  look,
  ...more,
});
const options = { timeoutMs: 50, fix: false };

test('one that hangs is a finding, and the others do not wait for it', async () => {
  const hanging = check(() => new Promise(() => undefined));
  const told: string[] = [];
  const reports = await runChecks([hanging, check(async () => [{ ok: true, what: 'door' }])], {
    ...options,
    onProgress: (n, of) => void told.push(`${n} of ${of}`),
  });
  expect(reports.map(({ findings }) => findings)).toEqual([
    [{ ok: false, what: 'the lamp', why: 'no answer within 0.05 s', fix: expect.any(String), matters: 'Nobody sees.' }],
    [{ ok: true, what: 'door' }],
  ]);
  expect(told).toEqual(['1 of 2', '2 of 2']);
});

test('one that throws is a finding without the words of what was thrown', async () => {
  const [report] = await runChecks([check(() => Promise.reject(new TypeError('Ida Berg')))], options);
  expect(report!.findings).toMatchObject([{ ok: false, what: 'the lamp', why: 'could not be looked at: TypeError' }]);
});

test('what matters is said with what is bad, once', async () => {
  const own = { ...bad, matters: 'It is night.' };
  const [report] = await runChecks([check(async () => [bad, own, { ok: true, what: 'door' }])], options);
  expect(report!.findings.map(({ matters }) => matters)).toEqual(['Nobody sees.', 'It is night.', undefined]);
});

test('with fix: mended and looked at again; without a way to mend, and where all is well, nothing is done', async () => {
  let lit = false;
  let tries = 0;
  const mend = {
    words: 'lit',
    run: async () => {
      tries += 1;
      lit = true;
      return done(undefined);
    },
  };
  const lamp = check(async () => [lit ? { ok: true, what: 'lamp' } : bad], { mend });
  expect((await runChecks([lamp], options))[0]!.findings).toMatchObject([bad]);
  expect(tries).toBe(0);
  const fixing = { ...options, fix: true };
  expect(await runChecks([lamp], fixing)).toEqual([
    { account: 'a', kind: 'k', findings: [{ ok: true, what: 'lamp' }], mended: 'lit' },
  ]);
  await runChecks([lamp], fixing);
  expect(tries).toBe(1);
  expect((await runChecks([check(async () => [bad])], fixing))[0]!.findings).toMatchObject([bad]);
});

test.each([
  ['refused', { run: async () => ({ result: 'never' as const, why: 'no bulb' }) }, 'no bulb'],
  ['hanging', { run: () => new Promise<never>(() => undefined) }, 'it took too long'],
  ['thrown', { run: () => Promise.reject(new RangeError('x')) }, 'RangeError'],
])('a mending that is %s is told beside what is still bad', async (_, run, why) => {
  const lamp = check(async () => [bad], { mend: { words: 'lit', ...run } });
  const [report] = await runChecks([lamp], { ...options, fix: true });
  expect(report!.findings).toMatchObject([bad, { ok: false, what: 'could not be mended (lit)', why }]);
});
