import { afterEach, beforeEach, expect, test } from 'vitest';
import { type SmsSimulator, startSmsSimulator } from './simulator.ts';

// The simulator by itself: it refuses what Twilio refuses, with Twilio's own words.

const accountSid = `AC${'1'.repeat(32)}`;
const serviceSid = `MG${'2'.repeat(32)}`;
const number = '+12025550100';
const ida = '+12025550123';
const login = { authorization: `Basic ${btoa(`${accountSid}:token`)}` };
let simulator: SmsSimulator;

beforeEach(async () => {
  simulator = await startSmsSimulator({ accountSid, authToken: 'token', number, serviceSid });
  simulator.addCustomer({ user: ida, name: 'Ida Berg' });
});
afterEach(() => simulator.close());

const call = async (path: string, fields?: [string, string][], headers: Record<string, string> = login) => {
  const body = fields && new URLSearchParams(fields);
  const answer = await fetch(`${simulator.url}${path}`, { headers, ...(body ? { method: 'POST', body } : {}) });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
const messages = `/2010-04-01/Accounts/${accountSid}/Messages.json`;
const good = { To: ida, From: number, Body: 'Hello' };
const create = (fields: Record<string, string>, more: [string, string][] = []) =>
  call(messages, [...Object.entries(fields), ...more]);

test('a message is taken and shown on the phone', async () => {
  const { status, body } = await create(good);
  expect(status).toBe(201);
  expect(body).toMatchObject({ status: 'queued', to: ida, from: number, num_segments: '1', error_code: null });
  expect(simulator.threads()[0]!.bubbles).toMatchObject([{ mid: body['sid'], text: 'Hello', from: 'page' }]);
  expect((await call(`/2010-04-01/Accounts/${accountSid}/Messages/${body['sid']}.json`)).body).toMatchObject({
    body: 'Hello',
  });
});

const link = 'https://files.example/a';
const refused: [string, Record<string, string>, number, [string, string][]?][] = [
  ['nobody to send to', { From: number, Body: 'a' }, 21604],
  ['no sender', { To: ida, Body: 'a' }, 21603],
  ['a number that is none', { ...good, To: '12025550123' }, 21211],
  ["a sender that is not the account's", { ...good, From: '+12025559999' }, 21659],
  ['a service it does not have', { To: ida, Body: 'a', MessagingServiceSid: `MG${'3'.repeat(32)}` }, 21705],
  ['nothing to send', { To: ida, From: number }, 21602],
  ['a text that is too long', { ...good, Body: 'a'.repeat(1601) }, 21617],
  ['a link that is none', { ...good, MediaUrl: 'file:///etc/passwd' }, 21620],
  ['too many files', good, 21623, Array.from({ length: 11 }, () => ['MediaUrl', link] as [string, string])],
  ['an address for callbacks that is none', { ...good, StatusCallback: 'nowhere' }, 21609],
  ['a host with an underscore', { ...good, StatusCallback: 'https://a_b.example/c' }, 21609],
];
test.each(refused)('refused: %s', async (_name, fields, code, more = []) => {
  const { status, body } = await create(fields, more);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(body).toMatchObject({ code, status, more_info: `https://www.twilio.com/docs/errors/${code}` });
  expect(simulator.threads()[0]!.bubbles).toEqual([]);
});

test('refused: without credentials, with wrong ones, another account', async () => {
  expect(await call(messages, undefined, {})).toMatchObject({ status: 401, body: { code: 20003 } });
  const wrong = { authorization: `Basic ${btoa(`${accountSid}:other`)}` };
  expect(await call(messages, undefined, wrong)).toMatchObject({ status: 401, body: { code: 20003 } });
  expect(await call(messages.replaceAll('1'.repeat(32), '4'.repeat(32)))).toMatchObject({
    status: 404,
    body: { code: 20404 },
  });
});

test('refused: opted out, a landline, a suspended account, a stranger on trial', async () => {
  await simulator.customerSends(ida, { type: 'text', text: 'stop' });
  expect((await create(good)).body).toMatchObject({ code: 21610 });
  expect(simulator.threads()[0]!.blocked).toBe(true);
  await simulator.customerSends(ida, { type: 'text', text: 'start' });
  simulator.landline(ida);
  expect((await create(good)).body).toMatchObject({ code: 21614 });
  simulator.setAccount({ trial: true });
  expect((await create({ ...good, To: '+12025557777' })).body).toMatchObject({ code: 21608 });
  simulator.setAccount({ suspended: true });
  expect((await create(good)).body).toMatchObject({ code: 10001 });
});

test('the list is newest first, by number, in pages', async () => {
  for (const Body of ['one', 'two', 'three']) await create({ ...good, Body });
  const { body } = await call(`${messages}?To=${encodeURIComponent(ida)}&PageSize=2`);
  expect(body).toMatchObject({ messages: [{ body: 'three' }, { body: 'two' }], page_size: 2 });
  expect(body['next_page_uri']).toContain('Page=1');
  expect((await call(`${messages}?To=${encodeURIComponent('+12025550000')}`)).body).toMatchObject({ messages: [] });
});

test('faults come in its own words', async () => {
  simulator.inject({ kind: '429', times: 1, retryAfter: 2 });
  expect(await create(good)).toMatchObject({ status: 429, body: { code: 20429 } });
  simulator.inject({ kind: '500-after', times: 1 });
  expect(await create(good)).toMatchObject({ status: 500, body: { code: 20500 } });
  expect(simulator.threads()[0]!.bubbles).toHaveLength(1);
});

test('a customer cannot send what an SMS cannot hold', async () => {
  await expect(simulator.customerSends(ida, { type: 'sticker', stickerId: '1' })).rejects.toThrow('sticker');
});

test('webhooks are held and reversed, copied and owed', async () => {
  simulator.setWebhookUrl('http://127.0.0.1:9/nowhere');
  simulator.webhooks.holdAndReverse = true;
  await simulator.customerSends(ida, { type: 'text', text: 'one' });
  expect(simulator.webhooks.owed()).toBe(0);
  simulator.webhooks.holdAndReverse = false;
  await simulator.webhooks.release();
  expect(simulator.webhooks.owed()).toBe(1);
  simulator.reset();
  expect(simulator.webhooks.owed()).toBe(0);
});
