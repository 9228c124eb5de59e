import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RunningInstagramSimulator, startInstagramSimulator } from './simulator.ts';

const ida = '5600000000000001';
const options = { accountId: '17841400000000555', username: 'acme.shop', token: 'IG-TOKEN-1', appSecret: 'secret' };
let simulator: RunningInstagramSimulator;
beforeEach(async () => {
  simulator = await startInstagramSimulator(options);
  simulator.addCustomer({ user: ida, name: 'Ida Berg' });
  await simulator.customerSends(ida, { type: 'text', text: 'Hi' });
});
afterEach(() => simulator.close());

async function call(method: string, path: string, body?: object, token = options.token) {
  const url = new URL(path, simulator.url);
  url.searchParams.set('access_token', token);
  const init = body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {};
  const answer = await fetch(url, { method, ...init });
  const json = (await answer.json()) as { error?: { code: number; error_subcode?: number } };
  return { status: answer.status, json, code: json.error?.code, subcode: json.error?.error_subcode };
}
const post = (message: object, more: object = {}) =>
  call('POST', '/v26.0/me/messages', { recipient: { id: ida }, message, ...more });
const replies = (n: number, title = 'Yes') =>
  Array.from({ length: n }, () => ({ content_type: 'text', title, payload: 'Y' }));

type Refused = [string, () => ReturnType<typeof call>, number, number?];
const refused: Refused[] = [
  ['a key it does not know', () => post({ text: 'Hi', metadata: 'reply:1' }), 100],
  ['neither text nor attachment', () => post({}), 100],
  ['an empty text', () => post({ text: ' ' }), 100],
  ['1,001 bytes', () => post({ text: `${'é'.repeat(500)}x` }), 100, 2534038],
  ['14 quick replies', () => post({ text: 'Hi', quick_replies: replies(14) }), 100],
  ['a long quick reply', () => post({ text: 'Hi', quick_replies: replies(1, 'x'.repeat(21)) }), 100],
  ['a template of utility', () => post({ text: 'Hi' }, { messaging_type: 'UTILITY' }), 100],
  ['a tag of old', () => post({ text: 'Hi' }, { messaging_type: 'MESSAGE_TAG', tag: 'ACCOUNT_UPDATE' }), 100],
  ['a tag without the feature', () => post({ text: 'Hi' }, { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' }), 100],
  [
    'a file that cannot be fetched',
    () => post({ attachment: { type: 'image', payload: { url: `${simulator.url}/none` } } }),
    100,
    2018008,
  ],
  ['an attachment of no kind', () => post({ attachment: { type: 'zip', payload: { url: 'https://a.example' } } }), 100],
  [
    'an id nobody was given',
    () => post({ attachment: { type: 'image', payload: { attachment_id: '1' } } }),
    100,
    2018074,
  ],
  ['somebody who never wrote', () => post({ text: 'Hi' }, { recipient: { id: '1' } }), 100, 2534014],
  ['a comment nobody made', () => post({ text: 'Hi' }, { recipient: { comment_id: '1' } }), 10903],
  ['another account', () => call('POST', '/v26.0/123/messages', { message: { text: 'Hi' } }), 100, 33],
  [
    'an action it has not',
    () => call('POST', '/v26.0/me/messages', { recipient: { id: ida }, sender_action: 'x' }),
    100,
  ],
  ['an unknown token', () => call('GET', '/v26.0/me', undefined, 'other'), 190, 467],
  ['no version', () => call('GET', '/me/conversations'), 2500],
  ['another platform’s conversations', () => call('GET', '/v26.0/me/conversations?platform=messenger'), 100],
  ['an unknown field', () => call('POST', '/v26.0/me/subscribed_apps?subscribed_fields=feed'), 100],
  ['another grant', () => call('GET', '/refresh_access_token?grant_type=x'), 100],
];
test.each(refused)('%s is refused', async (...[, ask, code, subcode]: Refused) => {
  const answer = await ask();
  expect([answer.code, answer.subcode]).toEqual([code, subcode]);
  expect(simulator.threads()[0]!.bubbles).toHaveLength(1);
});

test('a page token wants the proof of the app secret', async () => {
  const page = await startInstagramSimulator({ ...options, login: 'facebook' });
  const ask = (proof: string) =>
    fetch(`${page.url}/v26.0/me?access_token=IG-TOKEN-1&appsecret_proof=${proof}`).then(({ status }) => status);
  const proof = createHmac('sha256', 'secret').update('IG-TOKEN-1').digest('hex');
  expect([await ask(''), await ask(proof)]).toEqual([400, 200]);
  await page.close();
});

test('a renewed token and the one before both serve', async () => {
  const renewed = await call('GET', '/refresh_access_token?grant_type=ig_refresh_token');
  const { access_token: token, expires_in: seconds } = renewed.json as { access_token?: string; expires_in?: number };
  expect(seconds).toBe(5_184_000);
  expect((await call('GET', '/v26.0/me', undefined, token)).status).toBe(200);
  expect((await call('GET', '/v26.0/me')).status).toBe(200);
});

test('a comment is answered once', async () => {
  const comment = await simulator.customerComments(ida, 'How much?');
  const answer = () => post({ text: '10' }, { recipient: { comment_id: comment } });
  expect((await answer()).status).toBe(200);
  expect((await answer()).code).toBe(10900);
});
