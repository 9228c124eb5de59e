import { afterEach, expect, test } from 'vitest';
import { days, hours } from '../../domain/duration.ts';
import { memoryTokens } from '../../kit/shared-tokens.ts';
import { type Answer, localTools, platformAnswering } from '../shared/testing/platform.ts';
import { callInstagram } from './access.ts';
import { accountAt } from './fixtures/support.ts';

const closing: { close(): unknown }[] = [];
afterEach(async () => {
  for (const open of closing.splice(0)) await open.close();
});

const ok: Answer = { status: 200, body: { id: '1' } };
const fresh: Answer = { status: 200, body: { access_token: 'IG-TOKEN-2', expires_in: 60 * 86_400 } };
const tooYoung: Answer = { status: 400, body: { error: { message: 'secret IG-TOKEN-1', code: 100 } } };

/** Makes a call after each of these times, and tells which calls came with which token. */
async function calling(waits: number[], answers: Answer[], more: Record<string, unknown> = {}) {
  const platform = await platformAnswering(...answers);
  let now = Date.UTC(2026, 10, 1);
  const tools = localTools({ tokens: memoryTokens(() => new Date(now)) });
  closing.push(platform, tools);
  const account = accountAt(platform.url, more);
  for (const wait of waits) {
    now += wait;
    await callInstagram({ method: 'GET', path: '/me' }, account, tools);
  }
  return platform.calls.map(({ url }) => [url.pathname, url.searchParams.get('access_token')]);
}

test('the configured token serves for a day, then is renewed; what came of it serves for a month', async () => {
  expect(await calling([0, hours(23), hours(2), days(29)], [ok, ok, fresh, ok, ok])).toEqual([
    ['/v26.0/me', 'IG-TOKEN-1'],
    ['/v26.0/me', 'IG-TOKEN-1'],
    ['/refresh_access_token', 'IG-TOKEN-1'],
    ['/v26.0/me', 'IG-TOKEN-2'],
    ['/v26.0/me', 'IG-TOKEN-2'],
  ]);
});

test('at half of its life a renewed token is renewed by itself', async () => {
  expect((await calling([0, days(2), days(31)], [ok, fresh, ok, fresh, ok])).slice(3)).toEqual([
    ['/refresh_access_token', 'IG-TOKEN-2'],
    ['/v26.0/me', 'IG-TOKEN-2'],
  ]);
});

test.each([[tooYoung], ['hang up'], [{ status: 200, body: {} }]] as [Answer][])(
  'a renewal that fails (%j) leaves the token as it is, and is tried again after hours',
  async (failure) => {
    expect((await calling([0, days(2), hours(1), hours(6)], [ok, failure, ok, ok, fresh, ok])).slice(1)).toEqual([
      ['/refresh_access_token', 'IG-TOKEN-1'],
      ['/v26.0/me', 'IG-TOKEN-1'],
      ['/v26.0/me', 'IG-TOKEN-1'],
      ['/refresh_access_token', 'IG-TOKEN-1'],
      ['/v26.0/me', 'IG-TOKEN-2'],
    ]);
  },
);

test('the token of a page is used as it is, with the proof of the app secret', async () => {
  const platform = await platformAnswering(ok);
  const tools = localTools();
  closing.push(platform, tools);
  await callInstagram({ method: 'GET', path: '/me' }, accountAt(platform.url, { login: 'facebook' }), tools);
  expect(Object.fromEntries(platform.calls[0]!.url.searchParams)).toEqual({
    access_token: 'IG-TOKEN-1',
    appsecret_proof: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});
