import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RunningMessengerSimulator, startMessengerSimulator } from './simulator.ts';

const options = { pageId: '555', pageName: 'Acme', appId: '9911', appSecret: 'secret', pageToken: 'token' };
const proof = createHmac('sha256', 'secret').update('token').digest('hex');
let simulator: RunningMessengerSimulator;
let door: Awaited<ReturnType<typeof openDoor>>;

/** Keeps every webhook and answers with the statuses told, then 200. */
async function openDoor(...statuses: number[]) {
  const got: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    got.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(statuses.shift() ?? 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { got, statuses, url, close: () => server.close() };
}

beforeEach(async () => {
  door = await openDoor();
  simulator = await startMessengerSimulator({ ...options, webhookUrl: door.url });
  simulator.addCustomer({ psid: '7712', name: 'Ida Berg' });
  simulator.addCustomer({ psid: '7713', name: 'Never Wrote' });
});
afterEach(async () => {
  door.close();
  await simulator.close();
});

const authorised = { access_token: 'token', appsecret_proof: proof };
async function call(method: string, path: string, body?: unknown, query: Record<string, string> = authorised) {
  const answer = await fetch(`${simulator.url}${path}?${new URLSearchParams(query)}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const json = (await answer.json()) as { error?: { code: number; error_subcode?: number } } & Record<string, unknown>;
  return { status: answer.status, json, error: json.error && [json.error.code, json.error.error_subcode] };
}
const says = (text = 'Hi') => simulator.customerSends('7712', { type: 'text', text });
const bodies = () => door.got.map(({ body }) => JSON.parse(body).entry[0].messaging[0]);

test('a webhook is signed over bytes that are escaped as Meta escapes them', async () => {
  await says('Grüße 👋 a/b');
  const { headers, body } = door.got[0]!;
  expect(body).toContain('Gr\\u00fc\\u00dfe \\ud83d\\udc4b a\\/b');
  expect(headers['x-hub-signature-256']).toBe(`sha256=${createHmac('sha256', 'secret').update(body).digest('hex')}`);
  expect(headers['x-hub-signature']).toBe(`sha1=${createHmac('sha1', 'secret').update(body).digest('hex')}`);
  expect(JSON.parse(body).object).toBe('page');
});

const send = { recipient: { id: '7712' }, messaging_type: 'RESPONSE', message: { text: 'Hello' } };
const attachment = (type: string, payload: object) => ({ ...send, message: { attachment: { type, payload } } });
const refusals: [string, object, [number, number?]][] = [
  ['no recipient', { ...send, recipient: {} }, [100]],
  ['two recipients', { ...send, recipient: { id: '7712', user_ref: 'u' } }, [100]],
  ['an unknown recipient', { ...send, recipient: { id: '1' } }, [100, 2018001]],
  ['one who never wrote', { ...send, recipient: { id: '7713' } }, [100, 2018001]],
  ['no message', { ...send, message: undefined }, [100]],
  ['no messaging type', { ...send, messaging_type: undefined }, [100]],
  ['a dead tag', { ...send, messaging_type: 'MESSAGE_TAG', tag: 'POST_PURCHASE_UPDATE' }, [100]],
  ['a tag that was not granted', { ...send, messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' }, [100]],
  ['2,001 characters', { ...send, message: { text: 'x'.repeat(2001) } }, [100]],
  ['an empty text', { ...send, message: { text: ' ' } }, [100]],
  ['metadata of 1,001 characters', { ...send, message: { text: 'a', metadata: 'x'.repeat(1001) } }, [100]],
  ['text and attachment', { ...send, message: { text: 'a', attachment: {} } }, [100]],
  ['neither text nor attachment', { ...send, message: {} }, [100]],
  ['an attachment of no known type', attachment('hologram', {}), [100]],
  ['an attachment id that is none', attachment('image', { attachment_id: '5' }), [100, 2018074]],
  ['an unknown sender action', { recipient: { id: '7712' }, sender_action: 'dance' }, [100]],
];
test.each(refusals)('a send is refused for %s', async (_name, body, expected) => {
  await says();
  const { status, error } = await call('POST', '/v26.0/555/messages', body);
  expect([status, error]).toEqual([400, expected.length === 1 ? [expected[0], undefined] : expected]);
  expect(simulator.threads()[0]!.bubbles).toHaveLength(1);
});

const strangers: [string, string, Record<string, string>, [number, number?]][] = [
  ['no token', '/v26.0/me', {}, [190, 467]],
  ['a wrong token', '/v26.0/me', { ...authorised, access_token: 'other' }, [190, 467]],
  ['no proof', '/v26.0/me', { access_token: 'token' }, [100]],
  ['a wrong proof', '/v26.0/me', { ...authorised, appsecret_proof: '00' }, [100]],
  ['another page', '/v26.0/556/conversations', authorised, [100, 33]],
  ['no version', '/graph/me', authorised, [2500]],
];
test.each(strangers)('a call is refused for %s', async (_name, path, query, expected) => {
  const { error } = await call('GET', path, undefined, query);
  expect(error).toEqual(expected.length === 1 ? [expected[0], undefined] : expected);
});

test('the blocked, the late and the expired are refused, sender actions too', async () => {
  await says();
  simulator.ageLastContact('7712', 25 * 3_600_000);
  expect((await call('POST', '/v26.0/555/messages', send)).error).toEqual([10, 2018278]);
  const typing = { recipient: { id: '7712' }, sender_action: 'typing_on' };
  expect((await call('POST', '/v26.0/555/messages', typing)).error).toEqual([10, 2018278]);
  simulator.block('7712', true);
  expect((await call('POST', '/v26.0/555/messages', send)).error).toEqual([551, 1545041]);
  simulator.expireToken(true);
  expect((await call('POST', '/v26.0/555/messages', send)).error).toEqual([190, 463]);
  simulator.expireToken(false);
  simulator.block('7712', false);
  await says('again');
  expect((await call('POST', '/v26.0/555/messages', send)).status).toBe(200);
});

async function upload(type: string, contentType: string, bytes = 'x') {
  const form = new FormData();
  form.set('message', JSON.stringify({ attachment: { type, payload: {} } }));
  form.set('filedata', new Blob([bytes], { type: contentType }), 'f.bin');
  const query = new URLSearchParams(authorised);
  const answer = await fetch(`${simulator.url}/v26.0/555/message_attachments?${query}`, { method: 'POST', body: form });
  return (await answer.json()) as { attachment_id?: string; error?: { code: number; error_subcode?: number } };
}

test('an upload has to be what it says it is', async () => {
  expect((await upload('image', 'application/pdf')).error).toMatchObject({ code: 100, error_subcode: 2018047 });
  expect((await upload('image', 'image/png', '')).error).toMatchObject({ code: 100, error_subcode: 2018047 });
  expect((await upload('image', 'image/png', 'x'.repeat(9_000_000))).error).toMatchObject({ error_subcode: 2018109 });
  expect((await upload('poem', 'text/plain')).error).toMatchObject({ code: 100 });
  expect((await call('POST', '/v26.0/555/message_attachments', { message: {} })).error).toEqual([100, undefined]);
});

test('what was uploaded is sent as the type it was uploaded as', async () => {
  await says();
  const { attachment_id: id } = await upload('image', 'image/png');
  const wrong = await call('POST', '/v26.0/555/messages', attachment('file', { attachment_id: id }));
  expect(wrong.error).toEqual([100, 2018047]);
  const right = await call('POST', '/v26.0/555/messages', attachment('image', { attachment_id: id }));
  expect(right.json).toEqual({ recipient_id: '7712', message_id: expect.stringMatching(/^m_/) });
  expect(simulator.threads()[0]!.bubbles[1]!.attachments).toMatchObject([{ type: 'image', name: 'f.bin', bytes: 1 }]);
});

test('a link to a file works as signed and not otherwise', async () => {
  const files = [{ name: 'ø.txt', contentType: 'text/plain', bytes: Buffer.from('file') }];
  await simulator.customerSends('7712', { type: 'file', files });
  const url: string = bodies()[0].message.attachments[0].payload.url;
  expect(await (await fetch(url)).text()).toBe('file');
  expect((await fetch(url.replace(/oh=./, 'oh=z'))).status).toBe(403);
  expect((await fetch(url.replace(/oe=\w+/, 'oe=5F000000'))).status).toBe(403);
});

test('a webhook that is not answered 200 comes again until it is', async () => {
  door.statuses.push(500, 503);
  await says();
  expect(simulator.webhooks.owed()).toBe(1);
  await until(() => simulator.webhooks.owed() === 0);
  expect(door.got).toHaveLength(3);
  expect(new Set(door.got.map(({ body }) => body)).size).toBe(1);
});

test('webhooks wait for a URL', async () => {
  await simulator.close();
  simulator = await startMessengerSimulator(options);
  simulator.addCustomer({ psid: '7712', name: 'Ida Berg' });
  await says();
  expect(simulator.webhooks.owed()).toBe(1);
  simulator.setWebhookUrl(door.url);
  await until(() => simulator.webhooks.owed() === 0);
  expect(bodies()).toMatchObject([{ message: { text: 'Hi' } }]);
});

test('copies and the wrong order, on demand', async () => {
  simulator.webhooks.copies = 2;
  simulator.webhooks.holdAndReverse = true;
  await says('one');
  await says('two');
  expect(door.got).toEqual([]);
  await simulator.webhooks.release();
  expect(bodies().map(({ message }) => message.text)).toEqual(['two', 'two', 'one', 'one']);
});

test('of a long thread only the newest twenty are told in full', async () => {
  for (let i = 1; i <= 22; i++) await says(`${i}`);
  const query = { ...authorised, user_id: '7712', fields: 'messages{id,message}' };
  const { json } = await call('GET', '/v26.0/555/conversations', undefined, query);
  const [conversation] = json['data'] as { messages: { data: { message?: string }[] } }[];
  expect(conversation!.messages.data.map(({ message }) => message)).toEqual([
    ...Array.from({ length: 20 }, (_, i) => `${22 - i}`),
    undefined,
    undefined,
  ]);
});

test('a profile has the fields asked for and no others', async () => {
  const { json } = await call('GET', '/v26.0/7712', undefined, { ...authorised, fields: 'first_name,locale' });
  expect(json).toEqual({ id: '7712', first_name: 'Ida', locale: 'en_US' });
  expect((await call('GET', '/v26.0/1', undefined)).error).toEqual([100, 33]);
});

test('listeners learn of changes, and reset forgets everything', async () => {
  let changes = 0;
  const stop = simulator.onChange(() => changes++);
  await says();
  expect(changes).toBeGreaterThan(0);
  simulator.webhooks.copies = 3;
  simulator.reset();
  expect([simulator.threads(), simulator.requests, simulator.webhooks.copies]).toEqual([[], [], 1]);
  stop();
  const before = changes;
  simulator.addCustomer({ psid: '7714', name: 'New' });
  expect(changes).toBe(before);
});

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 5_000;
  while (!condition() && Date.now() < end) await wait(10);
}

test('a ticked box is told without who ticked it; their next message says so, once', async () => {
  await simulator.customerTicksBox('7712', { ref: 'cart-991', userRef: 'uref-1' });
  await says();
  await says('again');
  const [box, first, second] = bodies();
  expect(box).toEqual({
    recipient: { id: '555' },
    timestamp: expect.any(Number),
    optin: { ref: 'cart-991', user_ref: 'uref-1' },
  });
  expect(first).toMatchObject({
    sender: { id: '7712' },
    prior_message: { source: 'checkbox_plugin', identifier: 'uref-1' },
  });
  expect(second).not.toHaveProperty('prior_message');
});
