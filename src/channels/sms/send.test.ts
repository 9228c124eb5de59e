import { afterEach, expect, test } from 'vitest';
import { seconds } from '../../domain/duration.ts';
import type { PlatformUserId } from '../../domain/ids.ts';
import type { Tools } from '../../kit/tools.ts';
import type { Outgoing } from '../channel.ts';
import { type Answer, localTools, platformAnswering } from '../shared/testing/platform.ts';
import { accountAt, accountSid, ida, number, reply, serviceSid } from './fixtures/support.ts';
import { send } from './send.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function sending(
  outgoing: Outgoing,
  answer: Answer,
  options: { account?: Record<string, unknown>; tools?: Partial<Tools> } = {},
) {
  const platform = await platformAnswering(answer);
  const tools = localTools({ publicUrl: 'https://chat.acme.example', ...options.tools });
  closing.push(platform.close, tools.close);
  const result = await send(outgoing, accountAt(platform.url, options.account), tools);
  return { result, calls: platform.calls, fields: new URLSearchParams(platform.calls[0]?.body) };
}

const text = reply({ type: 'text', text: 'Grüße 👋' });
const taken: Answer = { status: 201, body: { sid: 'SM1', status: 'queued' } };
const png: Outgoing['body'] = { type: 'file', name: 'a.png', contentType: 'image/png', bytes: Buffer.from('png') };

test('a text, as a form, with an address for what becomes of it', async () => {
  const { result, calls, fields } = await sending(text, taken);
  expect(result).toEqual({ result: 'sent', id: 'SM1' });
  expect(calls).toHaveLength(1);
  expect(calls[0]).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  expect(calls[0]!.url.pathname).toBe(`/2010-04-01/Accounts/${accountSid}/Messages.json`);
  expect(calls[0]!.headers.authorization).toBe(`Basic ${btoa(`${accountSid}:tw-token-1`)}`);
  expect(Object.fromEntries(fields)).toEqual({
    To: ida,
    From: number,
    Body: 'Grüße 👋',
    StatusCallback: 'https://chat.acme.example/webhooks/sms/acme-sms?marker=passerelle%3A1#rc=5&rp=5xx,ct,rt',
  });
});

test('by a messaging service, and without a public address', async () => {
  const account = { messagingServiceSid: serviceSid };
  const platform = await platformAnswering(taken);
  const tools = localTools();
  closing.push(platform.close, tools.close);
  await send(text, accountAt(platform.url, account), tools);
  const fields = Object.fromEntries(new URLSearchParams(platform.calls[0]!.body));
  expect(fields).toEqual({ To: ida, MessagingServiceSid: serviceSid, Body: 'Grüße 👋' });
});

test('choices are a numbered list', async () => {
  const choices = [
    { title: 'Blue', payload: 'B' },
    { title: 'Shop', url: 'https://shop.example' },
  ];
  const { fields } = await sending(reply({ type: 'text', text: 'Which?', choices }), taken);
  expect(fields.get('Body')).toBe('Which?\n1. Blue\nShop: https://shop.example');
});

test('a file, by a link that Twilio fetches', async () => {
  const publish = async ({ name }: { name: string }) => `https://chat.acme.example/media/x/${name}`;
  const { result, fields } = await sending(reply(png), taken, { tools: { publish } });
  expect(result.result).toBe('sent');
  expect(fields.get('MediaUrl')).toBe('https://chat.acme.example/media/x/a.png');
  expect(fields.has('Body')).toBe(false);
});

const publish = async () => 'https://chat.acme.example/media/x';
const never: [string, Outgoing, RegExp, { account?: Record<string, unknown>; tools?: Partial<Tools> }][] = [
  ['a file without a public address', reply(png), /server\.publicUrl/, {}],
  ['a file by a sender that is a name', reply(png), /name/, { account: { from: 'Acme' }, tools: { publish } }],
  ['an empty file', reply({ ...png, bytes: Buffer.alloc(0) }), /empty/, { tools: { publish } }],
  ['a picture that is too large', reply({ ...png, bytes: Buffer.alloc(5_000_001) }), /5000 kB/, { tools: { publish } }],
  [
    'another file that is too large',
    reply({ ...png, contentType: 'application/pdf', bytes: Buffer.alloc(500_001) }),
    /500 kB/,
    { tools: { publish } },
  ],
  ['a template', reply({ type: 'template', name: 'a', language: 'en', parameters: [] }), /template/, {}],
  ['to somebody without a number', { ...text, to: 'whatsapp:+12025550123' as PlatformUserId }, /phone number/, {}],
  [
    'choices that make a text too long',
    reply({ type: 'text', text: 'a'.repeat(1599), choices: [{ title: 'b', payload: 'b' }] }),
    /too long/,
    {},
  ],
];
test.each(never)('never: %s, and Twilio is not asked', async (_name, outgoing, why, options) => {
  const { result, calls } = await sending(outgoing, taken, options);
  expect(result).toMatchObject({ result: 'never', why: expect.stringMatching(why) });
  expect(calls).toEqual([]);
});

const refusal = (code: number, status = 400, headers = {}): Answer => ({ status, headers, body: { code, status } });
const endings: [string, Answer, Record<string, unknown>][] = [
  ['opted out', refusal(21610), { result: 'never', code: '21610', why: expect.stringMatching(/STOP/) }],
  ['no such number', refusal(21211), { result: 'never', code: '21211' }],
  ['a landline', refusal(21614), { result: 'never' }],
  ['a country not allowed', refusal(21408), { result: 'never', why: expect.stringMatching(/Geo permissions/) }],
  ['sender and number do not fit', refusal(21612), { result: 'never' }],
  ["a sender that is not the account's", refusal(21659), { result: 'account-broken' }],
  ['a dead token', refusal(20003, 401), { result: 'account-broken', why: expect.stringMatching(/auth token.*20003/) }],
  ['an address for callbacks it does not take', refusal(21609), { result: 'account-broken' }],
  ['too fast', refusal(20429, 429, { 'retry-after': '7' }), { result: 'later', after: seconds(7) }],
  ['a full queue', refusal(21611), { result: 'later' }],
  ['a code of WhatsApp', refusal(63_999), { result: 'never' }],
  ['a code not known', refusal(29_999), { result: 'never', code: '29999' }],
  ['an internal error', refusal(20500, 500), { result: 'unsure' }],
  ['a front end', { status: 502, body: 'Bad gateway' }, { result: 'unsure' }],
  ['a proxy that refuses', { status: 403, body: 'no' }, { result: 'never', code: 'http 403' }],
  [
    '429 without a body',
    { status: 429, body: '', headers: { 'retry-after': '3' } },
    { result: 'later', after: seconds(3) },
  ],
  ['a connection that breaks', 'hang up', { result: 'unsure' }],
  ['an answer that is no JSON', { status: 201, body: 'ok' }, { result: 'unsure' }],
  ['an answer without an id', { status: 201, body: {} }, { result: 'unsure' }],
  [
    'a message made only to fail',
    { status: 201, body: { sid: 'SM1', status: 'failed', error_code: 30005 } },
    { result: 'never', code: '30005' },
  ],
];
test.each(endings)('%s', async (_name, answer, ending) => {
  const { result } = await sending(text, answer);
  expect(result).toMatchObject(ending);
  expect(JSON.stringify(result)).not.toMatch(/Grüße|2025550123|tw-token/);
});

test('nobody there: it surely was not sent', async () => {
  const platform = await platformAnswering();
  await platform.close();
  const tools = localTools();
  closing.push(tools.close);
  expect(await send(text, accountAt(platform.url), tools)).toMatchObject({ result: 'later' });
});

test('what was sent is logged with what it costs, and without a word of it', async () => {
  const lines: unknown[] = [];
  const note = (event: string, fields?: object) => void lines.push({ event, ...fields });
  await sending(text, taken, { tools: { log: { debug: note, info: note, warn: note, error: note } } });
  expect(lines).toEqual([{ event: 'sms.sent', account: 'acme-sms', encoding: 'UCS-2', segments: 1 }]);
});
