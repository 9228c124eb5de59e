import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hours } from '../../domain/duration.ts';
import type { InboundEvent } from '../../domain/event.ts';
import type { Marker, MessageId, PlatformUserId } from '../../domain/ids.ts';
import { type RunningMessengerSimulator, startMessengerSimulator } from '../../sandbox/messenger/simulator.ts';
import type { Outgoing } from '../channel.ts';
import { localTools } from '../shared/testing/platform.ts';
import { messenger } from './channel.ts';
import { accountAt } from './fixtures/support.ts';

// The channel against the simulator: whatever one says, the other has to understand.

const ida = '77120000000000001' as PlatformUserId;
let simulator: RunningMessengerSimulator;
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
    const webhook = { method: 'POST', url: '', headers, query: {}, body: Buffer.concat(chunks) };
    const verified = messenger.verify(webhook, account);
    const received = verified === 'forged' ? undefined : messenger.receive(verified);
    if (received && 'events' in received) events.push(...received.events);
    response.writeHead(received && 'events' in received ? 200 : 401).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { events, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => server.close() };
}

beforeEach(async () => {
  simulator = await startMessengerSimulator({
    pageId: '555',
    pageName: 'Acme',
    appId: '9911',
    appSecret: 'app-secret-1',
    pageToken: 'PAGE-TOKEN-1',
    humanAgent: true,
  });
  account = accountAt(simulator.url);
  tools = localTools();
  door = await openDoor();
  simulator.setWebhookUrl(door.url);
  simulator.addCustomer({ psid: ida, name: 'Ida Berg', locale: 'nb_NO' });
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
const says = (text: string) => simulator.customerSends(ida, { type: 'text', text });
const bubbles = () => simulator.threads()[0]!.bubbles;
const ofType = <T extends InboundEvent['type']>(type: T) =>
  door.events.filter((event): event is Extract<InboundEvent, { type: T }> => event.type === type);

test('what the customer says arrives as it was said', async () => {
  const mid = await says('Grüße 👋 שלום a/b');
  await simulator.customerSends(ida, { type: 'text', text: 'Yes', quickReply: 'Y' }, { replyTo: mid });
  await simulator.customerSends(ida, { type: 'sticker', stickerId: '369239263222822' });
  await simulator.customerSends(ida, { type: 'location', latitude: 59.9, longitude: 10.7, title: 'Harbour' });
  await simulator.customerSends(ida, { type: 'link', url: 'https://shop.example/c?a=1', title: 'Coat' });
  expect(ofType('message')).toMatchObject([
    { id: mid, from: ida, to: '555', parts: [{ type: 'text', text: 'Grüße 👋 שלום a/b' }] },
    {
      replyTo: mid,
      parts: [
        { type: 'text', text: 'Yes' },
        { type: 'button', payload: 'Y' },
      ],
    },
    { parts: [{ type: 'sticker', stickerId: '369239263222822' }] },
    { parts: [{ type: 'location', latitude: 59.9, longitude: 10.7, title: 'Harbour' }] },
    { parts: [{ type: 'link', what: 'fallback', url: 'https://shop.example/c?a=1', title: 'Coat' }] },
  ]);
});

test('a tap, a reaction and reading arrive too', async () => {
  const mid = await simulator.customerSends(ida, { type: 'postback', title: 'Start', payload: 'START' });
  const sent = await messenger.send(reply('Hello'), account, tools);
  await simulator.customerReacts(ida, mid, '❤');
  await simulator.customerReads(ida);
  expect(ofType('postback')).toMatchObject([{ id: mid, from: ida, payload: 'START' }]);
  expect(ofType('reaction')).toMatchObject([{ of: mid, emoji: '❤', action: 'react', name: 'love' }]);
  expect(ofType('receipt').filter((receipt) => receipt.state === 'read')).toHaveLength(1);
  expect(sent).toMatchObject({ result: 'sent', id: bubbles()[1]!.mid });
  expect(bubbles()[1]!.read).toBe(true);
});

test('files the customer sends can be fetched', async () => {
  const files = ['one', 'two'].map((name) => ({
    name: `${name}.txt`,
    contentType: 'text/plain',
    bytes: Buffer.from(name),
  }));
  await simulator.customerSends(ida, { type: 'file', files, text: 'both' });
  const [message] = ofType('message');
  const media = message!.parts.flatMap((part) => (part.type === 'file' ? [part] : []));
  const fetched = await Promise.all(media.map((part) => messenger.fetchMedia!(part, account, tools)));
  expect(fetched.map((file) => file.result === 'done' && file.value.bytes.toString())).toEqual(['one', 'two']);
});

test('an answer appears once, its echo comes before the call returns, then the delivery', async () => {
  await says('Hi');
  const sent = await messenger.send(reply('Hello Ida'), account, tools);
  expect(bubbles().slice(1)).toMatchObject([{ from: 'page', text: 'Hello Ida', metadata: 'reply:1' }]);
  expect(ofType('echo')).toMatchObject([
    {
      id: bubbles()[1]!.mid,
      user: ida,
      appId: '9911',
      marker: 'reply:1',
      parts: [{ type: 'text', text: 'Hello Ida' }],
    },
  ]);
  expect(sent).toEqual({ result: 'sent', id: bubbles()[1]!.mid });
  await until(() => ofType('receipt').length > 0);
  expect(ofType('receipt')).toMatchObject([{ state: 'delivered', from: ida, of: [bubbles()[1]!.mid] }]);
});

test('a file arrives as it is', async () => {
  await says('Invoice?');
  const bytes = Buffer.from('%PDF-1.7 …');
  const body = { type: 'file', name: 'faktura "øre".pdf', contentType: 'application/pdf', bytes } as const;
  expect(await messenger.send(reply('', { body }), account, tools)).toMatchObject({ result: 'sent' });
  const [attachment] = bubbles()[1]!.attachments;
  expect(attachment).toMatchObject({ type: 'file', contentType: 'application/pdf', bytes: bytes.length });
  const shown = await fetch(attachment!.url!);
  expect(Buffer.from(await shown.arrayBuffer())).toEqual(bytes);
});

test('the window: closed after a day, open to a person for a week', async () => {
  await says('Hi');
  simulator.ageLastContact(ida, hours(25));
  expect(await messenger.send(reply('late'), account, tools)).toMatchObject({ result: 'never', code: '10/2018278' });
  expect(await messenger.send(reply('by hand', { right: 'human-agent' }), account, tools)).toMatchObject({
    result: 'sent',
  });
  simulator.ageLastContact(ida, hours(24 * 7));
  expect(await messenger.send(reply('too late', { right: 'human-agent' }), account, tools)).toMatchObject({
    result: 'never',
  });
  expect(bubbles().map((bubble) => [bubble.text, bubble.tag])).toEqual([
    ['Hi', undefined],
    ['by hand', 'HUMAN_AGENT'],
  ]);
});

const refusals: [string, () => void, Partial<Outgoing>, object][] = [
  ['blocked', () => simulator.block(ida, true), {}, { result: 'never', code: '551/1545041' }],
  ['an expired token', () => simulator.expireToken(true), {}, { result: 'account-broken' }],
  ['an unknown customer', () => {}, { to: '1' as PlatformUserId }, { result: 'never', code: '100/2018001' }],
  ['a text too long', () => {}, { body: { type: 'text', text: 'x'.repeat(2001) } }, { result: 'never', code: '100' }],
  ['a marker too long', () => {}, { marker: 'x'.repeat(1001) as Marker }, { result: 'never', code: '100' }],
  ['a quote of nothing', () => {}, { replyTo: 'm_none' as MessageId }, { result: 'never', code: '100' }],
  [
    'a limit',
    () => simulator.inject({ kind: '429', times: 1, retryAfter: 60 }),
    {},
    { result: 'later', after: 60_000 },
  ],
  ['an error', () => simulator.inject({ kind: '500', times: 1 }), {}, { result: 'later' }],
  ['a pause of the service', () => simulator.inject({ kind: '503', times: 1 }), {}, { result: 'later' }],
  ['a lost connection', () => simulator.inject({ kind: 'reset-before', times: 1 }), {}, { result: 'unsure' }],
];
test.each(refusals)('%s: nothing is shown', async (_name, arrange, more, expected) => {
  await says('Hi');
  arrange();
  expect(await messenger.send(reply('Hello', more), account, tools)).toMatchObject(expected);
  expect(bubbles()).toHaveLength(1);
});

test.each(['timeout-after', 'reset-after', '500-after'] as const)(
  '%s: unsure, and looking it up finds it',
  async (kind) => {
    await says('Hi');
    const since = new Date();
    simulator.inject({ kind, times: 1, delayMs: 100, path: '/messages' });
    expect(await messenger.send(reply('Hello Ida'), account, tools)).toMatchObject({ result: 'unsure' });
    const sought = { marker: 'reply:1' as Marker, to: ida, since };
    const found = await messenger.lookUpSent!({ ...sought, text: 'Hello Ida' }, account, tools);
    expect(found).toEqual({ result: 'done', value: bubbles()[1]!.mid });
    const clock = { ...tools.clock, now: () => new Date(Date.now() + 60_000) };
    const other = await messenger.lookUpSent!({ ...sought, text: 'Never said' }, account, { ...tools, clock });
    expect(other).toEqual({ result: 'done', value: undefined });
  },
);

test('the profile and its picture', async () => {
  const profile = await messenger.fetchProfile!(ida, account, tools);
  expect(profile).toMatchObject({ result: 'done', value: { name: 'Ida Berg', firstName: 'Ida', locale: 'nb_NO' } });
  const url = profile.result === 'done' ? profile.value.pictureUrl! : '';
  expect(await tools.download(url)).toMatchObject({ result: 'done', value: { contentType: 'image/png' } });
  expect(await messenger.fetchProfile!('1' as PlatformUserId, account, tools)).toEqual({ result: 'done', value: {} });
});

test('typing and seen are shown, and fail in silence', async () => {
  await says('Hi');
  await messenger.showTyping!(ida, account, tools);
  await messenger.markSeen!(ida, account, tools);
  expect(simulator.threads()[0]).toMatchObject({ typing: true, seen: true });
  simulator.expireToken(true);
  await expect(messenger.showTyping!(ida, account, tools)).resolves.toBeUndefined();
});

test('what a person types in the inbox is an echo of another app', async () => {
  await says('Hi');
  const mid = await simulator.inboxReplies(ida, 'From the inbox');
  expect(ofType('echo')).toMatchObject([{ id: mid, user: ida, appId: '263902037430900' }]);
  expect(ofType('echo')[0]).not.toHaveProperty('marker');
});

test('the simulator passes the health check, and an expired token does not', async () => {
  const findings = await messenger.checkHealth!(account, tools);
  expect(findings).toHaveLength(6);
  expect(findings.filter(({ ok }) => !ok)).toEqual([]);
  simulator.expireToken(true);
  expect(await messenger.checkHealth!(account, tools)).toMatchObject([{ ok: false }]);
});

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 5_000;
  while (!condition() && Date.now() < end) await tools.clock.sleep(10);
}
