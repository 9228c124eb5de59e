import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type LineSimulator, startLineSimulator } from './simulator.ts';

const ida = `U${'1'.repeat(32)}`;
const stranger = `U${'2'.repeat(32)}`;
const options = { channelSecret: 'secret', channelAccessToken: 'token', botUserId: `U${'b'.repeat(32)}`, name: 'Acme' };
let simulator: LineSimulator;
let door: Awaited<ReturnType<typeof openDoor>>;

interface Event {
  type: string;
  webhookEventId: string;
  replyToken?: string;
  deliveryContext: { isRedelivery: boolean };
  message?: { id: string } & Record<string, unknown>;
  [key: string]: unknown;
}

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
  simulator = await startLineSimulator({ ...options, webhookUrl: door.url });
  simulator.addCustomer({ user: ida, name: 'Ida Berg', locale: 'de' });
});
afterEach(async () => {
  door.close();
  await simulator.close();
});

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(`${simulator.url}${path}`, {
    method,
    headers: { authorization: 'Bearer token', 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const json = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
  return { status: answer.status, json, headers: answer.headers, text };
}
const push = (message: object, more: object = {}, headers: Record<string, string> = {}) =>
  call('POST', '/v2/bot/message/push', { to: ida, messages: [message], ...more }, headers);
const events = (): Event[] => door.got.flatMap(({ body }) => (JSON.parse(body) as { events: Event[] }).events);
const says = (text = 'Hi') => simulator.customerSends(ida, { type: 'text', text });
const bubbles = () => simulator.threads()[0]!.bubbles.filter(({ from }) => from === 'page');
const hello = { type: 'text', text: 'Hello' };

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 5_000;
  while (!condition() && Date.now() < end) await wait(10);
}

test('a webhook is signed over its bytes, names the bot, and has what LINE’s events have', async () => {
  const id = await says('Grüße 👋');
  const { headers, body } = door.got[0]!;
  expect(headers['x-line-signature']).toBe(createHmac('sha256', 'secret').update(body).digest('base64'));
  expect(JSON.parse(body)).toMatchObject({ destination: options.botUserId, events: [{ type: 'message' }] });
  expect(events()[0]).toMatchObject({
    mode: 'active',
    source: { type: 'user', userId: ida },
    deliveryContext: { isRedelivery: false },
    webhookEventId: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/),
    message: { id, type: 'text', text: 'Grüße 👋' },
  });
});

test('pictures sent together are events of one webhook', async () => {
  const file = { name: 'a.png', contentType: 'image/png', bytes: Buffer.from('a') };
  await simulator.customerSends(ida, { type: 'image', files: [file, file], text: 'Both' });
  expect(door.got).toHaveLength(1);
  expect(events().map(({ message }) => [message!['type'], message!['imageSet']])).toEqual([
    ['image', { id: 'set-2', index: 1, total: 2 }],
    ['image', { id: 'set-2', index: 2, total: 2 }],
    ['text', undefined],
  ]);
  await simulator.customerSends(ida, { type: 'location', latitude: 1, longitude: 2, title: 'Here' });
  // Only some kinds can be quoted.
  expect(events().map(({ message }) => 'quoteToken' in message!)).toEqual([true, true, true, false]);
  await expect(simulator.customerSends(ida, { type: 'link', url: 'x', title: 'y' })).rejects.toThrow(/as text/);
});

test('what is not answered 2xx comes again under the same id, and says so', async () => {
  door.statuses.push(500, 204);
  await says();
  await until(() => door.got.length === 2);
  expect(events().map(({ deliveryContext }) => deliveryContext.isRedelivery)).toEqual([false, true]);
  expect(new Set(events().map(({ webhookEventId }) => webhookEventId)).size).toBe(1);
  await until(() => simulator.webhooks.owed() === 0);
  expect(simulator.webhooks.owed()).toBe(0);
});

test('webhooks may come several times, or in the wrong order', async () => {
  simulator.webhooks.copies = 2;
  await says('one');
  expect(door.got).toHaveLength(2);
  simulator.webhooks.copies = 1;
  simulator.webhooks.holdAndReverse = true;
  await says('two');
  await says('three');
  await simulator.webhooks.release();
  expect(
    events()
      .slice(2)
      .map(({ message }) => message!['text']),
  ).toEqual(['three', 'two']);
});

describe('a request is refused for', () => {
  const image = { type: 'image', originalContentUrl: 'https://f.example/a', previewImageUrl: 'https://f.example/b' };
  const postback = { type: 'postback', label: 'L', data: 'd' };
  const quick = (action: object, times = 1) => ({
    ...hello,
    quickReply: { items: Array(times).fill({ type: 'action', action }) },
  });
  const buttons = (more: object) => ({
    type: 'template',
    altText: 'a',
    template: { type: 'buttons', text: 't', actions: [postback], ...more },
  });
  const bodies: [string, object, string][] = [
    ['an empty text', { type: 'text', text: '' }, 'messages[0].text'],
    ['a blank text', { type: 'text', text: ' ' }, 'messages[0].text'],
    ['5,001 letters', { type: 'text', text: 'x'.repeat(5001) }, 'messages[0].text'],
    ['a text that is none', { type: 'text', text: 5 }, 'messages[0].text'],
    ['a kind there is not', { type: 'file' }, 'messages[0].type'],
    ['a field there is not', { ...hello, colour: 'red' }, 'messages[0]'],
    ['a picture without preview', { ...image, previewImageUrl: undefined }, 'messages[0].previewImageUrl'],
    ['a picture by http', { ...image, originalContentUrl: 'http://f.example/a' }, 'messages[0].originalContentUrl'],
    ['a sound without length', { type: 'audio', originalContentUrl: 'https://f.example/a' }, 'messages[0].duration'],
    ['a tracking id with a space', { ...image, type: 'video', trackingId: 'a b' }, 'messages[0].trackingId'],
    ['14 quick replies', quick(postback, 14), 'messages[0].quickReply.items'],
    ['a label of 21', quick({ ...postback, label: 'x'.repeat(21) }), 'messages[0].quickReply.items[0].action.label'],
    ['data of 301', quick({ ...postback, data: 'x'.repeat(301) }), 'messages[0].quickReply.items[0].action.data'],
    [
      'a link by mail',
      quick({ type: 'uri', label: 'L', uri: 'mailto:a' }),
      'messages[0].quickReply.items[0].action.uri',
    ],
    ['five buttons', buttons({ actions: Array(5).fill(postback) }), 'messages[0].template.actions'],
    ['buttons under 161 letters', buttons({ text: 'x'.repeat(161) }), 'messages[0].template.text'],
    [
      'buttons under 61 letters and a title',
      buttons({ title: 'T', text: 'x'.repeat(61) }),
      'messages[0].template.text',
    ],
  ];
  test.each(bodies)('%s', async (_name, message, property) => {
    const { status, json } = await push(message);
    expect([status, json['message']]).toEqual([400, 'The request body has 1 error(s)']);
    expect(json['details']).toMatchObject([{ property }]);
    expect(bubbles()).toEqual([]);
  });

  const others: [string, () => ReturnType<typeof call>, number, RegExp][] = [
    ['six messages', () => push(hello, { messages: Array(6).fill(hello) }), 400, /1 error/],
    ['no message', () => push(hello, { messages: [] }), 400, /1 error/],
    ['an id that is none', () => push(hello, { to: 'ida' }), 400, /'to'/],
    ['somebody unknown', () => push(hello, { to: stranger }), 400, /Failed to send messages/],
    ['a retry key that is no UUID', () => push(hello, {}, { 'x-line-retry-key': 'a' }), 400, /retry key/],
    ['another token', () => push(hello, {}, { authorization: 'Bearer other' }), 401, /Authentication failed/],
    ['no token', () => push(hello, {}, { authorization: '' }), 401, /Authentication failed/],
    ['a path there is not', () => call('POST', '/v2/bot/message/send', {}), 404, /Not found/],
    ['two megabytes', () => push({ ...hello, text: 'x'.repeat(2_200_000) }), 413, /Too Large/],
    [
      'a reply token there is not',
      () => call('POST', '/v2/bot/message/reply', { replyToken: 'x', messages: [hello] }),
      400,
      /^Invalid reply token$/,
    ],
    [
      'typing for 7 seconds',
      () => call('POST', '/v2/bot/chat/loading/start', { chatId: ida, loadingSeconds: 7 }),
      400,
      /1 error/,
    ],
    [
      'typing for a group',
      () => call('POST', '/v2/bot/chat/loading/start', { chatId: `C${'1'.repeat(32)}` }),
      400,
      /chat ID/,
    ],
    ['leaving a group it is not in', () => call('POST', `/v2/bot/group/C${'1'.repeat(32)}/leave`), 404, /Not found/],
    [
      'a webhook by http',
      () => call('PUT', '/v2/bot/channel/webhook/endpoint', { endpoint: 'http://a.example' }),
      400,
      /webhook/,
    ],
  ];
  test.each(others)('%s', async (_name, ask, status, message) => {
    const answer = await ask();
    expect(answer.status).toBe(status);
    expect(answer.json['message']).toMatch(message);
  });
});

test('what is not JSON is refused as LINE does', async () => {
  const headers = { authorization: 'Bearer token', 'content-type': 'application/json' };
  const answer = await fetch(`${simulator.url}/v2/bot/message/push`, { method: 'POST', headers, body: '{"to":' });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ message: expect.stringContaining('could not be parsed') });
});

test('under a retry key a push is taken once; then LINE names the one it took', async () => {
  const key = randomUUID();
  const first = await push(hello, {}, { 'x-line-retry-key': key });
  const again = await push(hello, {}, { 'x-line-retry-key': key });
  expect([first.status, again.status]).toEqual([200, 409]);
  expect(again.headers.get('x-line-accepted-request-id')).toBe(first.headers.get('x-line-request-id'));
  expect(again.json['sentMessages']).toEqual(first.json['sentMessages']);
  expect(bubbles()).toHaveLength(1);
});

test('a reply token is good for one answer within a minute, and takes no retry key', async () => {
  await says();
  await says();
  const [first, second] = events().map(({ replyToken }) => replyToken);
  const reply = (replyToken: unknown, headers = {}) =>
    call('POST', '/v2/bot/message/reply', { replyToken, messages: [hello] }, headers);
  expect((await reply(first, { 'x-line-retry-key': randomUUID() })).status).toBe(400);
  expect((await reply(first)).status).toBe(200);
  expect((await reply(first)).json['message']).toBe('Invalid reply token');
  simulator.ageLastContact(ida, 61_000);
  expect((await reply(second)).json['message']).toBe('Invalid reply token');
  expect(bubbles().map(({ tag }) => tag)).toEqual(['reply']);
});

test('pushes count, replies do not; at the month’s end of messages a push is refused', async () => {
  simulator.setQuota({ limit: 1, used: 0 });
  await says();
  await call('POST', '/v2/bot/message/reply', { replyToken: events()[0]!.replyToken, messages: [hello] });
  expect((await push(hello)).status).toBe(200);
  expect(await push(hello)).toMatchObject({ status: 429, json: { message: 'You have reached your monthly limit.' } });
  expect((await call('GET', '/v2/bot/message/quota')).json).toEqual({ type: 'limited', value: 1 });
  expect((await call('GET', '/v2/bot/message/quota/consumption')).json).toEqual({ totalUsage: 1 });
});

test('who blocked the account is pushed to in vain, and unknown to it', async () => {
  await simulator.block(ida, true);
  expect(events().at(-1)).toMatchObject({ type: 'unfollow' });
  expect(events().at(-1)).not.toHaveProperty('replyToken');
  expect((await push(hello)).status).toBe(200);
  expect(bubbles()).toEqual([]);
  expect((await call('GET', `/v2/bot/profile/${ida}`)).status).toBe(404);
  await simulator.block(ida, false);
  expect(events().at(-1)).toMatchObject({ type: 'follow', follow: { isUnblocked: true } });
  expect((await call('GET', `/v2/bot/profile/${ida}`)).json).toMatchObject({ displayName: 'Ida Berg', language: 'de' });
});

test('content needs the token; a video is prepared first; what is withdrawn is gone', async () => {
  const file = { name: 'a.mp4', contentType: 'video/mp4', bytes: Buffer.from('film') };
  const id = await simulator.customerSends(ida, { type: 'video', files: [file] });
  const content = () => call('GET', `/v2/bot/message/${id}/content`);
  const state = async () => (await call('GET', `/v2/bot/message/${id}/content/transcoding`)).json['status'];
  simulator.prepares(id, 'processing');
  expect([await state(), (await content()).status]).toEqual(['processing', 202]);
  simulator.prepares(id, 'failed');
  expect([await state(), (await content()).status]).toEqual(['failed', 404]);
  simulator.prepares(id, 'succeeded');
  expect([await state(), (await content()).text]).toEqual(['succeeded', 'film']);
  expect((await fetch(`${simulator.url}/v2/bot/message/${id}/content`)).status).toBe(401);
  await simulator.customerUnsends!(ida, id);
  expect(events().at(-1)).toMatchObject({ type: 'unsend', unsend: { messageId: id } });
  expect((await content()).status).toBe(404);
});

test('a phone loads what it shows; a video with a tracking id tells that it was watched', async () => {
  const picture = `${simulator.url}/pictures/${ida}`;
  const video = { type: 'video', originalContentUrl: picture, previewImageUrl: picture, trackingId: 'reply:1' };
  await push(video);
  await until(() => bubbles()[0]?.attachments[0]?.bytes !== undefined);
  expect(bubbles()[0]!.attachments).toMatchObject([{ type: 'video', contentType: 'image/png' }]);
  await simulator.watchesVideo(ida, bubbles()[0]!.mid);
  expect(events().at(-1)).toMatchObject({ type: 'videoPlayComplete', videoPlayComplete: { trackingId: 'reply:1' } });
});

test('the webhook’s address can be set, tried with no events, and turned off', async () => {
  const endpoint = '/v2/bot/channel/webhook/endpoint';
  expect((await call('GET', endpoint)).json).toEqual({ endpoint: door.url, active: true });
  expect((await call('POST', '/v2/bot/channel/webhook/test', {})).json).toMatchObject({
    success: true,
    statusCode: 200,
  });
  expect(JSON.parse(door.got[0]!.body)).toEqual({ destination: options.botUserId, events: [] });
  door.statuses.push(401);
  expect((await call('POST', '/v2/bot/channel/webhook/test', {})).json).toMatchObject({
    success: false,
    statusCode: 401,
  });
  await call('PUT', endpoint, { endpoint: 'https://chat.acme.example/webhooks/line/a' });
  expect(simulator.endpoint()).toEqual({ url: 'https://chat.acme.example/webhooks/line/a', active: true });
  simulator.useWebhook(false);
  const before = door.got.length;
  simulator.webhooks.copies = 1;
  await says();
  expect(door.got).toHaveLength(before);
});

test('a group’s events come from the group, whose token answers there', async () => {
  const group = `C${'1'.repeat(32)}`;
  await simulator.joinsGroup(group);
  await simulator.saysInGroup(group, 'Anybody?');
  expect(events()).toMatchObject([{ type: 'join', source: { type: 'group', groupId: group } }, { type: 'message' }]);
  await call('POST', '/v2/bot/message/reply', { replyToken: events()[0]!.replyToken, messages: [hello] });
  expect(simulator.groups().get(group)).toEqual(['Hello']);
  expect((await call('POST', `/v2/bot/group/${group}/leave`)).status).toBe(200);
  expect(simulator.groups().has(group)).toBe(false);
});

test('faults are LINE’s own', async () => {
  simulator.inject({ kind: '429', times: 1, retryAfter: 3 });
  const limited = await push(hello);
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '3']);
  expect(limited.json['message']).toMatch(/rate limit/);
  simulator.inject({ kind: '500-after', times: 1 });
  expect((await push(hello)).status).toBe(500);
  expect(bubbles()).toHaveLength(1);
  simulator.expireToken(true);
  expect((await push(hello)).status).toBe(401);
});

test('reset forgets everything but where the webhook is', async () => {
  await says();
  simulator.reset();
  expect([simulator.threads(), simulator.requests, simulator.webhooks.owed()]).toEqual([[], [], 0]);
  expect(simulator.endpoint()).toEqual({ url: door.url, active: true });
});
