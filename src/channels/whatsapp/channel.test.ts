import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hours } from '../../domain/duration.ts';
import type { InboundEvent } from '../../domain/event.ts';
import type { Marker, MessageId, PlatformUserId } from '../../domain/ids.ts';
import type { MediaPart } from '../../domain/part.ts';
import { makeDownload } from '../../kit/download.ts';
import { startWhatsAppSimulator, type WhatsAppSimulator } from '../../sandbox/whatsapp/simulator.ts';
import { defaultTemplates } from '../../sandbox/whatsapp/templates.ts';
import type { Outgoing } from '../channel.ts';
import { localTools } from '../shared/testing/platform.ts';
import { whatsapp } from './channel.ts';
import { accountAt, business, number } from './fixtures/support.ts';

// The channel against the simulator: whatever one says, the other has to understand.

const ida = '4790011223' as PlatformUserId;
let simulator: WhatsAppSimulator;
let account: ReturnType<typeof accountAt>;
let tools: ReturnType<typeof localTools>;
let door: Awaited<ReturnType<typeof openDoor>>;

/** Where webhooks arrive: verifies, reads and keeps them, like the service's door. */
async function openDoor() {
  const events: InboundEvent[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = request.headers as Record<string, string>;
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const query = Object.fromEntries(url.searchParams);
    const webhook = { method: request.method ?? '', url: '', headers, query, body: Buffer.concat(chunks) };
    const greeting = whatsapp.greet!(webhook, [account]);
    if (greeting) return void response.writeHead(greeting.status).end(greeting.body);
    const verified = whatsapp.verify(webhook, account);
    const received = verified === 'forged' ? undefined : whatsapp.receive(verified);
    if (received && 'events' in received) events.push(...received.events);
    response.writeHead(received && 'events' in received ? 200 : 401).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { events, url, close: () => server.close() };
}

beforeEach(async () => {
  simulator = await startWhatsAppSimulator({
    phoneNumberId: number,
    businessAccountId: business,
    displayNumber: '4721999999',
    name: 'Acme',
    appId: '9911',
    appSecret: 'app-secret-1',
    token: 'TOKEN-1',
  });
  account = accountAt(simulator.url);
  const download = makeDownload({ allowedHosts: ['127.0.0.1'], maxBytes: 1_000_000, timeoutMs: 5_000 });
  door = await openDoor();
  tools = localTools({ download, publicUrl: door.url });
  simulator.setWebhookUrl(`${door.url}/webhooks/whatsapp`);
  simulator.addCustomer({ user: ida, name: 'Ida Berg' });
});
afterEach(async () => {
  tools.close();
  door.close();
  await simulator.close();
});

const reply = (text: string, more: Partial<Outgoing> = {}): Outgoing => ({
  marker: 'reply:1' as Marker,
  to: ida,
  right: 'response',
  body: { type: 'text', text },
  ...more,
});
const send = (outgoing: Outgoing) => whatsapp.send(outgoing, account, tools);
const says = (text: string) => simulator.customerSends(ida, { type: 'text', text });
const thread = () => simulator.threads()[0]!;

async function until<Value>(find: () => Value | undefined | false): Promise<Value> {
  for (const end = Date.now() + 3_000; Date.now() < end; ) {
    const found = find();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('it did not happen in time');
}
const receipt = (state: string) =>
  until(() => door.events.find((event) => event.type === 'receipt' && event.state === state));

test('Meta’s own example of a signature holds, and not for another body', () => {
  const body = Buffer.from(
    '{"object":"page","entry":[{"id":"1","time":1790000000000,"messaging":[{"sender":{"id":"77"},"recipient":{"id":"1"},"timestamp":1790000000000,"message":{"mid":"m_x","text":"Gr\\u00fc\\u00dfe"}}]}]}',
  );
  const signature = 'sha256=4de9018b548ef786967f511066dece7962772e5018af925113c15763eb935bde';
  const request = { method: 'POST', url: '', headers: { 'x-hub-signature-256': signature }, query: {}, body };
  expect(whatsapp.verify(request, account)).toBe(request);
  expect(whatsapp.verify({ ...request, body: Buffer.from(JSON.stringify(JSON.parse(String(body)))) }, account)).toBe(
    'forged',
  );
});

test('there and back: a message, its answer, and what becomes of it, told with the marker', async () => {
  const id = await says('Grüße 👋');
  expect(door.events).toMatchObject([{ type: 'message', id, from: ida, to: number, parts: [{ text: 'Grüße 👋' }] }]);
  const sent = await send(reply('Hello', { replyTo: id as MessageId }));
  expect(sent).toMatchObject({ result: 'sent' });
  expect(await receipt('delivered')).toMatchObject({ from: ida, marker: 'reply:1', of: [(sent as { id: string }).id] });
  await simulator.customerReads(ida);
  expect(await receipt('read')).toMatchObject({ marker: 'reply:1' });
  expect(thread().bubbles.at(-1)).toMatchObject({ text: 'Hello', replyTo: id, read: true });
});

test('a message whose answer got lost is told by its statuses', async () => {
  await says('Hi');
  simulator.inject({ kind: 'reset-after', method: 'POST', path: '/messages', times: 1 });
  expect(await send(reply('Hello'))).toMatchObject({ result: 'unsure' });
  expect(await receipt('sent')).toMatchObject({ marker: 'reply:1', of: [thread().bubbles.at(-1)!.mid] });
});

test('after a day only a template goes; a plain message is taken and fails later', async () => {
  await says('Hi');
  simulator.ageLastContact(ida, hours(25));
  expect(await send(reply('Hello'))).toMatchObject({ result: 'sent' });
  expect(await receipt('failed')).toMatchObject({ marker: 'reply:1', why: expect.stringMatching(/24 hours/) });
  const body: Outgoing['body'] = {
    type: 'template',
    name: 'order_update',
    language: 'en_US',
    parameters: ['Ida', 'NW-1'],
  };
  expect(await send(reply('', { right: 'template', body }))).toMatchObject({ result: 'sent' });
  expect(thread().bubbles.at(-1)).toMatchObject({
    text: 'Hello Ida, your order NW-1 is on its way.\nAcme',
    tag: 'TEMPLATE',
  });
});

test('the templates are listed over all pages, with what they want', async () => {
  const listed = await whatsapp.listTemplates!(account, tools);
  expect(listed).toMatchObject({
    value: expect.arrayContaining([
      expect.objectContaining({ name: 'order_update', language: 'en_US', parameters: 2, usable: true }),
      expect.objectContaining({ name: 'order_receipt', parameters: 2, header: 'document', usable: true }),
      expect.objectContaining({ name: 'hello', parameters: 0, usable: true }),
      expect.objectContaining({ name: 'order_shipped', language: 'en', usable: true }),
      expect.objectContaining({ name: 'spring_sale', parameters: 1, usable: 'PENDING' }),
    ]),
  });
  const named = ({ name, language }: { name: string; language: string }) => `${name} ${language}`;
  expect(listed.result === 'done' && listed.value.map(named)).toEqual(defaultTemplates().map(named));
});

test('buttons, lists, links and files are taken as they are sent', async () => {
  await says('Hi');
  const choices = [1, 2, 3, 4].map((n) => ({ title: `Choice ${n}`, payload: `C${n}` }));
  for (const some of [choices.slice(0, 3), choices, [{ title: 'See it', url: 'https://shop.example' }]])
    expect(await send(reply('Which?', { body: { type: 'text', text: 'Which?', choices: some } }))).toMatchObject({
      result: 'sent',
    });
  const file = {
    type: 'file',
    name: 'invoice.pdf',
    contentType: 'application/pdf',
    bytes: Buffer.from('%PDF'),
  } as const;
  expect(await send(reply('', { body: file }))).toMatchObject({ result: 'sent' });
  expect(thread().bubbles.at(-1)!.attachments).toMatchObject([{ type: 'file', name: 'invoice.pdf', bytes: 4 }]);
});

test('a file comes with the token, and no longer once WhatsApp has dropped it', async () => {
  const file = { name: 'note.txt', contentType: 'text/plain', bytes: Buffer.from('words') };
  await simulator.customerSends(ida, { type: 'file', files: [file] });
  const [message] = door.events;
  const part = (message as { parts: MediaPart[] }).parts[0]!;
  const fetched = await whatsapp.fetchMedia!(part, account, tools);
  expect(fetched).toMatchObject({ result: 'done', value: { contentType: 'text/plain', bytes: file.bytes } });
  simulator.expireToken(true);
  expect(await whatsapp.fetchMedia!(part, account, tools)).toMatchObject({ result: 'account-broken' });
  simulator.expireToken(false);
  simulator.expireFiles();
  expect(await whatsapp.fetchMedia!(part, account, tools)).toMatchObject({ result: 'never', code: 'gone' });
});

test('the token is shown to Meta alone', async () => {
  const elsewhere = { type: 'image', url: `${door.url}/steal` } as const;
  expect(await whatsapp.fetchMedia!(elsewhere, account, tools)).toMatchObject({ result: 'never' });
  expect(await whatsapp.fetchMedia!({ type: 'image' }, account, tools)).toMatchObject({ result: 'never' });
});

test('who takes a username is known, and written to, by another id', async () => {
  const scoped = simulator.hideNumber(ida) as PlatformUserId;
  await says('Hi');
  expect(door.events).toMatchObject([{ from: scoped, profile: { name: 'Ida Berg' } }]);
  expect(await send(reply('Hello', { to: scoped }))).toMatchObject({ result: 'sent' });
  expect(await receipt('delivered')).toMatchObject({ from: scoped });
});

test('a changed number, a withdrawn message, a reaction, an answer from the business app', async () => {
  const id = await says('Hi');
  await simulator.customerUnsends(ida, id);
  const again = await says('Hi again');
  await simulator.customerReacts(ida, again, '👍');
  await simulator.inboxReplies(ida, 'From my phone');
  await simulator.customerChangesNumber(ida, '4790099887');
  expect(door.events.slice(1)).toMatchObject([
    { type: 'unsend', of: id },
    { type: 'message', aliases: { 'business-scoped-id': expect.stringMatching(/^NO\./) } },
    { type: 'reaction', of: again, emoji: '👍' },
    { type: 'echo', user: ida, parts: [{ text: 'From my phone' }] },
    { type: 'identity', from: ida, now: '4790099887' },
  ]);
});

test('seen and typing name the latest message', async () => {
  const latest = (await says('Hi')) as MessageId;
  await whatsapp.markSeen!(ida, account, tools, latest);
  expect(thread()).toMatchObject({ seen: true, typing: false });
  await whatsapp.showTyping!(ida, account, tools, latest);
  expect(thread().typing).toBe(true);
  await whatsapp.showTyping!(ida, account, tools);
  expect(simulator.requests.filter(({ status }) => status !== 200)).toEqual([]);
});

test('a group is told where to write instead', async () => {
  const told = await whatsapp.declineGroup!({ chat: '120363418770915618@g.us' }, account, tools);
  expect(told).toEqual({ result: 'done', value: undefined });
});

const webhookUrl = () => `${door.url}/webhooks/whatsapp/acme-wa`;
const setUp = (more: { remove?: boolean; apply?: boolean } = {}) =>
  whatsapp.provision!({ webhookUrl: webhookUrl(), remove: false, apply: true, ...more }, account, tools);

test('the doctor finds all well, and says what is not', async () => {
  const findings = await whatsapp.checkHealth!(account, tools);
  expect(findings.filter(({ ok }) => !ok)).toEqual([]);
  expect(findings.map(({ what }) => what)).toContain('phone number 4721999999');
  simulator.unsubscribe();
  const wrong = (await whatsapp.checkHealth!(account, tools)).filter(({ ok }) => !ok);
  expect(wrong.map(({ what }) => what)).toEqual(['webhook subscription', 'webhook fields']);
  expect(wrong.every(({ fix }) => fix)).toBe(true);
  simulator.expireToken(true);
  const [dead] = await whatsapp.checkHealth!(account, tools);
  expect(dead).toMatchObject({ ok: false, what: 'access token and phone number', why: expect.stringMatching(/token/) });
});

test('it is set up once, only compared where that is wished, and taken away again', async () => {
  simulator.unsubscribe();
  const compared = await setUp({ apply: false });
  expect(compared).toMatchObject({
    value: [{ what: 'webhook fields' }, { what: 'webhook subscription' }, { what: 'webhook address' }],
  });
  expect(await setUp()).toEqual(compared);
  expect(await setUp()).toEqual({ result: 'done', value: [] });
  await says('Hi');
  expect(door.events).toMatchObject([{ type: 'message' }]);
  expect(await setUp({ remove: true })).toMatchObject({
    value: [{ what: 'webhook address', wanted: 'none of its own' }],
  });
  expect(await setUp({ remove: true })).toEqual({ result: 'done', value: [] });
});

test('a subscription that was taken away is seen, and made anew', async () => {
  const check = () => whatsapp.checkSubscription!(account, tools);
  expect(await check()).toEqual({ result: 'done', value: { ok: true } });
  simulator.unsubscribe();
  expect(await check()).toMatchObject({ value: { ok: false, fix: expect.stringContaining('subscribed_apps') } });
  expect(await whatsapp.subscribe!(account, tools)).toEqual({ result: 'done', value: true });
  expect(await check()).toMatchObject({ value: { ok: true } });
});

test('an address that does not answer the challenge is refused', async () => {
  const wish = { webhookUrl: 'http://127.0.0.1:9/none', remove: false, apply: true };
  expect(await whatsapp.provision!(wish, account, tools)).toMatchObject({ result: 'never', code: '2200' });
});
