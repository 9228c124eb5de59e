import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { salesforceAccount } from '../crms/salesforce/account.ts';
import type { HttpAnswer, NoAnswer } from '../kit/http.ts';
import { startTestOrg, type TestOrg } from '../sandbox/salesforce/org-for-tests.ts';
import { keepToken } from './token.ts';

let org: TestOrg;
beforeAll(async () => {
  org = await startTestOrg();
});
beforeEach(() => org.simulator.reset());
afterAll(() => org.close());

const login = (settings: Record<string, unknown>, tools = org.tools) =>
  keepToken(salesforceAccount.parse(settings), tools).current();

test('logs in with client credentials', async () => {
  expect(await login(org.settings)).toEqual({
    result: 'done',
    value: {
      accessToken: expect.stringMatching(/^00D/),
      instanceUrl: org.simulator.url,
      userId: expect.stringMatching(/^005\w{15}$/),
    },
  });
});

test('logs in with a signed assertion; the key may come on one line or from a file', async () => {
  const { privateKey, ...rest } = org.jwtSettings;
  const file = join(await mkdtemp(join(tmpdir(), 'key-')), 'key.pem');
  const account = { ...rest, privateKeyFile: file };
  expect(await login(account)).toMatchObject({
    result: 'account-broken',
    why: expect.stringContaining('cannot be read'),
  });
  await writeFile(file, privateKey);
  expect(await login(account)).toMatchObject({ result: 'done' });
  expect(await login(org.jwtSettings)).toMatchObject({ result: 'done' });
  expect(await login({ ...rest, privateKey: privateKey.replaceAll('\n', '\\n') })).toMatchObject({ result: 'done' });
});

test('the configured instance wins over the one the login tells', async () => {
  const outcome = await login({ ...org.settings, instanceUrl: 'https://proxy.acme.example/' });
  expect(outcome).toMatchObject({ value: { instanceUrl: 'https://proxy.acme.example' } });
});

const wrong: [string, Record<string, unknown>, RegExp][] = [
  ['another client', { clientId: 'other' }, /client identifier invalid; clientId is not/],
  ['another user', { username: 'other@acme.example' }, /hasn't approved/],
  ['a key that is none', { privateKey: 'none' }, /not an RSA key/],
];
test.each(wrong)('a login that cannot work breaks the account: %s', async (_, change, why) => {
  const outcome = await login({ ...org.jwtSettings, ...change });
  expect(outcome).toMatchObject({ result: 'account-broken', why: expect.stringMatching(why) });
});

test('the simulated org refuses an assertion made by a clock that is wrong', async () => {
  const clock = { ...org.tools.clock, now: () => new Date(Date.now() + 600_000) };
  expect(await login(org.jwtSettings, { ...org.tools, clock })).toMatchObject({ result: 'account-broken' });
});

test('a wrong client secret is named and never shown', async () => {
  const outcome = await login({ ...org.settings, clientSecret: 'guessed' });
  expect(outcome).toMatchObject({ result: 'account-broken', why: expect.stringContaining('clientSecret is wrong') });
  expect(JSON.stringify(outcome)).not.toContain('guessed');
});

const answered = (status: number, body: string): HttpAnswer => ({
  answered: true,
  status,
  headers: {},
  bytes: Buffer.from(body),
  text: () => body,
  json: () => (body.startsWith('{') ? (JSON.parse(body) as unknown) : undefined),
});

const endings: [string, HttpAnswer | NoAnswer, string][] = [
  ['no answer', { answered: false, sent: 'maybe', why: 'no answer' }, 'later'],
  ['out of order', answered(503, '<html>'), 'later'],
  ['too often', answered(429, ''), 'later'],
  ['unavailable', answered(400, '{"error":"temporarily_unavailable"}'), 'later'],
  ['locked out', answered(400, '{"error":"invalid_grant","error_description":"user is locked"}'), 'account-broken'],
  ['another site', answered(404, '<html>'), 'account-broken'],
  ['sent elsewhere', answered(302, ''), 'account-broken'],
  ['without an instance', answered(200, '{"access_token":"x"}'), 'account-broken'],
];
test.each(endings)('a login that ends with %s', async (_, ending, result) => {
  const http = { request: async () => ending };
  expect(await login(org.settings, { ...org.tools, http })).toMatchObject({ result });
});
