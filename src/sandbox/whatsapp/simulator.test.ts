import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startWhatsAppSimulator, type WhatsAppSimulator } from './simulator.ts';

const options = {
  phoneNumberId: '1065',
  businessAccountId: '1022',
  displayNumber: '4721999999',
  name: 'Acme',
  appId: '9911',
  appSecret: 'secret',
  token: 'token',
};
const proof = createHmac('sha256', 'secret').update('token').digest('hex');
const ida = '4790011223';
let simulator: WhatsAppSimulator;
let door: Awaited<ReturnType<typeof openDoor>>;

/** Keeps every webhook and answers with the statuses told, then 200. */
async function openDoor() {
  const got: { headers: IncomingHttpHeaders; body: string }[] = [];
  const statuses: number[] = [];
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
  simulator = await startWhatsAppSimulator({ ...options, webhookUrl: door.url });
  simulator.addCustomer({ user: ida, name: 'Ida Berg' });
  await simulator.customerSends(ida, { type: 'text', text: 'Grüße 👋 a/b' });
});
afterEach(async () => {
  door.close();
  await simulator.close();
});

async function call(
  method: string,
  path: string,
  body?: unknown,
  { token = 'token', query = { appsecret_proof: proof } as Record<string, string> } = {},
) {
  const multipart = body instanceof FormData;
  const answer = await fetch(`${simulator.url}${path}?${new URLSearchParams(query)}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(multipart || !body ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: multipart ? body : JSON.stringify(body) }),
  });
  const json = (await answer.json()) as { error?: { code: number; error_subcode?: number } } & Record<string, unknown>;
  return { status: answer.status, json, error: json.error?.code };
}
type Value = { messages?: object[]; statuses?: Record<string, unknown>[]; contacts?: object[] };
const values = () => door.got.map(({ body }) => JSON.parse(body).entry[0].changes[0].value as Value);
const statuses = () => values().flatMap((value) => value.statuses ?? []);

async function until<Found>(find: () => Found | undefined | false): Promise<Found> {
  for (const end = Date.now() + 3_000; Date.now() < end; ) {
    const found = find();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('it did not happen in time');
}

test('a webhook is signed over bytes that are escaped as Meta escapes them', () => {
  const { headers, body } = door.got[0]!;
  expect(body).toContain('Gr\\u00fc\\u00dfe \\ud83d\\udc4b a\\/b');
  expect(headers['x-hub-signature-256']).toBe(`sha256=${createHmac('sha256', 'secret').update(body).digest('hex')}`);
  expect(values()[0]).toMatchObject({
    metadata: { phone_number_id: '1065' },
    contacts: [{ wa_id: ida, profile: { name: 'Ida Berg' } }],
    messages: [{ from: ida, type: 'text', timestamp: expect.stringMatching(/^\d{10}$/) }],
  });
});

const send = { messaging_product: 'whatsapp', to: ida, type: 'text', text: { body: 'Hello' } };
const interactive = (type: string, action: object, text = 'Which?') => ({
  ...send,
  type: 'interactive',
  interactive: { type, body: { text }, action },
});
const button = (id: string, title = id) => ({ type: 'reply', reply: { id, title } });
const rows = (n: number) => ({
  button: 'Open',
  sections: [{ rows: Array.from({ length: n }, (_, i) => ({ id: `${i}`, title: `${i}` })) }],
});
const template = (name: string, components: object[] = [], code = 'en_US') => ({
  ...send,
  type: 'template',
  template: { name, language: { code }, components },
});
const body = (...texts: string[]) => ({ type: 'body', parameters: texts.map((text) => ({ type: 'text', text })) });

const refusals: [string, object, number][] = [
  ['no product', { ...send, messaging_product: undefined }, 100],
  ['nobody', { ...send, to: undefined }, 131008],
  ['an id of nobody', { ...send, to: undefined, recipient: 'NO.1' }, 131063],
  ['an empty text', { ...send, text: { body: ' ' } }, 131008],
  ['4,097 characters', { ...send, text: { body: 'x'.repeat(4097) } }, 100],
  ['a marker of 513', { ...send, biz_opaque_callback_data: 'x'.repeat(513) }, 100],
  ['a type to come', { ...send, type: 'hologram' }, 100],
  ['a quote of nothing', { ...send, context: { message_id: 'wamid.none' } }, 131009],
  ['four buttons', interactive('button', { buttons: ['a', 'b', 'c', 'd'].map((id) => button(id)) }), 100],
  ['no button', interactive('button', { buttons: [] }), 100],
  ['a title of 21', interactive('button', { buttons: [button('a', 'x'.repeat(21))] }), 100],
  ['two of one title', interactive('button', { buttons: [button('a', 'x'), button('b', 'x')] }), 131009],
  ['1,025 characters over buttons', interactive('button', { buttons: [button('a')] }, 'x'.repeat(1025)), 100],
  ['eleven rows', interactive('list', rows(11)), 100],
  ['a list without a button', interactive('list', { ...rows(1), button: '' }), 100],
  [
    'a link that is none',
    interactive('cta_url', { name: 'cta_url', parameters: { display_text: 'x', url: 'x' } }),
    100,
  ],
  ['an unknown file', { ...send, type: 'image', image: { id: '1' } }, 131009],
  ['a caption under a sound', { ...send, type: 'audio', audio: { id: '1', caption: 'x' } }, 100],
  ['a template that is not there', template('none'), 132001],
  ['a template in another language', template('hello', [], 'de'), 132001],
  ['a template not approved', template('spring_sale', [body('x')]), 132001],
  ['too few parameters', template('order_update', [body('x')]), 132000],
  ['a header without its file', template('order_receipt', [body('x')]), 132012],
  ['a mark on nothing', { messaging_product: 'whatsapp', status: 'read', message_id: 'x' }, 131009],
];
test.each(refusals)('refused: %s', async (_name, given, code) => {
  expect(await call('POST', '/v26.0/1065/messages', given)).toMatchObject({ error: code });
  expect(simulator.threads()[0]!.bubbles).toHaveLength(1);
});

test('who calls must show the token and the proof, and name what there is', async () => {
  const path = '/v26.0/1065/messages';
  expect(await call('POST', path, send, { token: 'other' })).toMatchObject({ status: 401, error: 190 });
  expect(await call('POST', path, send, { query: {} })).toMatchObject({ error: 100 });
  expect(await call('POST', '/v26.0/1/messages', send)).toMatchObject({
    json: { error: { code: 100, error_subcode: 33 } },
  });
  expect(await call('POST', '/1065/messages', send)).toMatchObject({ error: 2500 });
  expect(await call('GET', '/v26.0/9911/subscriptions')).toMatchObject({ error: 15 });
});

test('what is taken is sent and delivered, with its marker', async () => {
  const { json } = await call('POST', '/v26.0/1065/messages', { ...send, biz_opaque_callback_data: 'm1' });
  expect(json).toMatchObject({
    contacts: [{ input: ida, wa_id: ida }],
    messages: [{ id: expect.stringMatching(/^wamid\./) }],
  });
  await until(() => statuses().length === 2);
  expect(statuses()).toMatchObject([
    { status: 'sent', recipient_id: ida, biz_opaque_callback_data: 'm1', pricing: { category: 'service' } },
    { status: 'delivered', biz_opaque_callback_data: 'm1' },
  ]);
});

const failures: [string, () => void, object, number][] = [
  ['who is not on WhatsApp', () => undefined, { ...send, to: '4790000000' }, 131026],
  ['who blocked the business', () => simulator.block(ida, true), send, 131026],
  ['who wrote too long ago', () => simulator.ageLastContact(ida, 25 * 3_600_000), send, 131047],
];
test.each(failures)('taken, and told later that it failed: to one %s', async (_name, prepare, given, code) => {
  prepare();
  expect((await call('POST', '/v26.0/1065/messages', given)).status).toBe(200);
  expect(await until(() => statuses()[0])).toMatchObject({ status: 'failed', errors: [{ code }] });
  expect(simulator.threads()[0]!.bubbles).toHaveLength(1);
});

test('more than 45 messages to one person within six seconds are too many', async () => {
  const answers = [];
  for (let n = 0; n < 46; n++) answers.push(await call('POST', '/v26.0/1065/messages', send));
  expect(answers.map(({ error }) => error)).toEqual([...Array(45).fill(undefined), 131056]);
});

test('a file is uploaded, read by its id, and fetched by a link that wants the token', async () => {
  const form = new FormData();
  form.append('messaging_product', 'whatsapp');
  form.append('type', 'image/png');
  form.append('file', new Blob(['bytes']), 'p.png');
  const { json } = await call('POST', '/v26.0/1065/media', form);
  const read = await call('GET', `/v26.0/${String(json['id'])}`);
  expect(read.json).toMatchObject({ mime_type: 'image/png', file_size: 5, messaging_product: 'whatsapp' });
  const url = String(read.json['url']);
  const get = (link: string, headers: Record<string, string> = {}) =>
    fetch(link, { headers }).then(({ status }) => status);
  const authorization = 'Bearer token';
  expect(await get(url)).toBe(401);
  expect(await get(url, { authorization })).toBe(200);
  expect(await get(url.replace(/ext=\d+/, 'ext=1'), { authorization })).toBe(404);
  const asVideo = { ...send, type: 'video', video: { id: json['id'] } };
  expect(await call('POST', '/v26.0/1065/messages', asVideo)).toMatchObject({ error: 131053 });
  expect(await call('POST', '/v26.0/1065/media', new FormData())).toMatchObject({ error: 100 });
});

test('what is not taken comes again, and nothing comes that was not subscribed to', async () => {
  door.statuses.push(500);
  await simulator.customerSends(ida, { type: 'text', text: 'again' });
  expect(simulator.webhooks.owed()).toBe(1);
  await until(() => simulator.webhooks.owed() === 0);
  expect(
    values()
      .slice(-2)
      .map(({ messages }) => messages),
  ).toMatchObject([[{ text: { body: 'again' } }], [{ text: { body: 'again' } }]]);
  await simulator.announce('account_update', { event: 'ACCOUNT_DELETED' });
  expect(JSON.parse(door.got.at(-1)!.body)).toMatchObject({
    entry: [{ id: '1022', changes: [{ field: 'account_update' }] }],
  });
  simulator.unsubscribe();
  const before = door.got.length;
  await simulator.customerSends(ida, { type: 'text', text: 'unheard' });
  expect(door.got).toHaveLength(before);
});
