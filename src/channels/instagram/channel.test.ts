import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hours } from '../../domain/duration.ts';
import type { InboundEvent } from '../../domain/event.ts';
import type { Marker, MessageId, PlatformUserId } from '../../domain/ids.ts';
import type { MediaPart } from '../../domain/part.ts';
import { memoryTokens } from '../../kit/shared-tokens.ts';
import { type RunningInstagramSimulator, startInstagramSimulator } from '../../sandbox/instagram/simulator.ts';
import type { Outgoing } from '../channel.ts';
import { localTools } from '../shared/testing/platform.ts';
import { instagram } from './channel.ts';
import { accountAt } from './fixtures/support.ts';

// The channel against the simulator: whatever one says, the other has to understand.

const ida = '5600000000000001' as PlatformUserId;
let simulator: RunningInstagramSimulator;
let account: ReturnType<typeof accountAt>;
let tools: ReturnType<typeof localTools>;
let door: Awaited<ReturnType<typeof openDoor>>;

/** Where webhooks arrive, like the service's door; and where files can be fetched. */
async function openDoor() {
  const events: InboundEvent[] = [];
  const files = new Map<string, { contentType: string; bytes: Buffer }>();
  const server = createServer(async (request, response) => {
    const file = files.get(request.url ?? '');
    if (file) return void response.writeHead(200, { 'content-type': file.contentType }).end(file.bytes);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = request.headers as Record<string, string>;
    const webhook = { method: 'POST', url: '', headers, query: {}, body: Buffer.concat(chunks) };
    const verified = instagram.verify(webhook, account);
    const received = verified === 'forged' ? undefined : instagram.receive(verified);
    if (received && 'events' in received) events.push(...received.events);
    response.writeHead(received && 'events' in received ? 200 : 401).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const publish = async (file: { name: string; contentType: string; bytes: Buffer }) => {
    files.set(`/media/${file.name}`, file);
    return `${url}/media/${file.name}`;
  };
  return { events, url, publish, close: () => server.close() };
}

async function start(login: 'instagram' | 'facebook' = 'instagram') {
  simulator = await startInstagramSimulator({
    accountId: '17841400000000555',
    username: 'acme.shop',
    token: 'IG-TOKEN-1',
    appSecret: 'app-secret-1',
    humanAgent: true,
    login,
  });
  account = accountAt(simulator.url, { login });
  door = await openDoor();
  tools = localTools({ publish: door.publish });
  simulator.setWebhookUrl(`${door.url}/`);
  simulator.addCustomer({ user: ida, name: 'Ida Berg' });
}
const stop = async () => {
  tools.close();
  door.close();
  await simulator.close();
};
beforeEach(() => start());
afterEach(stop);

const reply = (text: string, more: Partial<Outgoing> = {}): Outgoing => ({
  marker: 'reply:1' as Marker,
  to: ida,
  right: 'response',
  body: { type: 'text', text },
  ...more,
});
const says = (text: string) => simulator.customerSends(ida, { type: 'text', text });
const bubbles = () => simulator.threads()[0]!.bubbles;
const send = (outgoing: Outgoing) => instagram.send(outgoing, account, tools);
const ofType = <T extends InboundEvent['type']>(type: T) =>
  door.events.filter((event): event is Extract<InboundEvent, { type: T }> => event.type === type);

test('what the customer does arrives', async () => {
  const mid = await says('Grüße 👋 שלום a/b');
  await simulator.customerSends(ida, { type: 'text', text: 'Yes', quickReply: 'Y' }, { replyTo: mid });
  await simulator.customerSends(ida, { type: 'link', url: 'https://instagram.example/p/1', title: 'Coat' });
  await simulator.customerSends(ida, { type: 'postback', title: 'Where is it?', payload: 'WHERE' });
  await simulator.customerReacts(ida, mid, '❤');
  await simulator.customerUnsends(ida, mid);
  expect(ofType('message')).toMatchObject([
    { id: mid, from: ida, to: account.accountId, parts: [{ type: 'text', text: 'Grüße 👋 שלום a/b' }] },
    { replyTo: mid, parts: [{ text: 'Yes' }, { type: 'button', payload: 'Y' }] },
    { parts: [{ type: 'link', what: 'ig_post', url: 'https://instagram.example/p/1', title: 'Coat' }] },
  ]);
  expect(ofType('postback')).toMatchObject([{ from: ida, payload: 'WHERE' }]);
  expect(ofType('reaction')).toMatchObject([{ of: mid, emoji: '❤', action: 'react' }]);
  expect(ofType('unsend')).toMatchObject([{ of: mid, from: ida }]);
});

test('files the customer sends can be fetched, while their links last', async () => {
  const files = [{ name: 'one.txt', contentType: 'text/plain', bytes: Buffer.from('one') }];
  await simulator.customerSends(ida, { type: 'file', files });
  const part = ofType('message')[0]!.parts[0] as MediaPart;
  const fetched = await instagram.fetchMedia!(part, account, tools);
  expect(fetched.result === 'done' && fetched.value.bytes.toString()).toBe('one');
  const expired = { ...part, url: part.url!.replace(/oe=\w+/, 'oe=1') };
  expect(await instagram.fetchMedia!(expired, account, tools)).toMatchObject({
    result: 'never',
    why: expect.stringContaining('no longer works'),
  });
  expect(await instagram.fetchMedia!({ type: 'file' }, account, tools)).toMatchObject({ result: 'never' });
});

test('an answer appears once; its echo names neither the app nor our marker; then it is read', async () => {
  await says('Hi');
  const sent = await send(reply('Hello Ida'));
  const { mid } = bubbles()[1]!;
  expect(sent).toEqual({ result: 'sent', id: mid });
  await simulator.customerReads(ida);
  const echoes = ofType('echo');
  expect(echoes).toMatchObject([{ id: mid, user: ida, parts: [{ type: 'text', text: 'Hello Ida' }] }]);
  expect([echoes[0]!.appId, echoes[0]!.marker]).toEqual([undefined, undefined]);
  expect(ofType('receipt')).toMatchObject([{ state: 'read', from: ida, of: [mid] }]);
});

test('files go by link; what Instagram does not show goes as the link itself', async () => {
  await says('Invoice?');
  const pdf = {
    type: 'file',
    name: 'invoice.pdf',
    contentType: 'application/pdf',
    bytes: Buffer.from('%PDF'),
  } as const;
  expect(await send(reply('', { body: pdf }))).toMatchObject({ result: 'sent' });
  expect(await send(reply('', { body: { ...pdf, name: 'a.zip', contentType: 'application/zip' } }))).toMatchObject({
    result: 'sent',
  });
  expect(bubbles().slice(1)).toMatchObject([
    { attachments: [{ type: 'file', name: 'invoice.pdf', bytes: 4 }] },
    { text: `📎 a.zip\n${door.url}/media/a.zip` },
  ]);
});

test('by Facebook files are uploaded', async () => {
  await stop();
  await start('facebook');
  await says('Photo?');
  const body = { type: 'file', name: 'p.gif', contentType: 'image/gif', bytes: Buffer.from('GIF89a') } as const;
  expect(await send(reply('', { body }))).toMatchObject({ result: 'sent' });
  expect(bubbles()[1]!.attachments).toMatchObject([{ type: 'image', contentType: 'image/gif' }]);
  expect(await instagram.checkHealth!(account, tools)).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
});

test('the window: closed after a day, open to a person for a week', async () => {
  await says('Hi');
  simulator.ageLastContact(ida, hours(25));
  expect(await send(reply('late'))).toMatchObject({ result: 'never', code: '10/2534022' });
  expect(await send(reply('by hand', { right: 'human-agent' }))).toMatchObject({ result: 'sent' });
  simulator.ageLastContact(ida, hours(24 * 7));
  expect(await send(reply('too late', { right: 'human-agent' }))).toMatchObject({ result: 'never' });
  expect(bubbles().map(({ text, tag }) => [text, tag])).toEqual([
    ['Hi', undefined],
    ['by hand', 'HUMAN_AGENT'],
  ]);
});

describe('a comment', () => {
  const commented = async () => {
    await simulator.customerComments(ida, 'Do you ship to Oslo?');
    return ofType('message')[0]!;
  };
  test('is public, names its author, and is answered once in private', async () => {
    const comment = await commented();
    expect(comment).toMatchObject({ from: ida, profile: { name: 'ida.berg' }, public: { what: 'comment' } });
    const answerToken = comment.answerToken!.token;
    expect(await send(reply('We do', { answerToken }))).toEqual({ result: 'sent', id: bubbles()[0]!.mid });
    expect(await send(reply('And to Bergen', { answerToken }))).toMatchObject({ result: 'never', code: '100/2534014' });
    expect(bubbles().map(({ text }) => text)).toEqual(['We do']);
  });
  test('once its author wrote in the chat, further answers go there', async () => {
    const answerToken = (await commented()).answerToken!.token;
    await send(reply('We do', { answerToken }));
    await says('And to Bergen?');
    expect(await send(reply('Yes', { answerToken }))).toMatchObject({ result: 'sent' });
    expect(bubbles().map(({ text }) => text)).toEqual(['We do', 'And to Bergen?', 'Yes']);
  });
  test('gives no profile before there is a chat', async () => {
    await commented();
    expect(await instagram.fetchProfile!(ida, account, tools)).toEqual({ result: 'done', value: {} });
  });
});

const bytes = (n: number) => 'é'.repeat(n / 2);
const refusals: [string, () => void, Partial<Outgoing>, object][] = [
  ['blocked', () => simulator.block(ida, true), {}, { result: 'never', code: '551/1545041' }],
  ['an expired token', () => simulator.expireToken(true), {}, { result: 'account-broken' }],
  ['an unknown customer', () => {}, { to: '1' as PlatformUserId }, { result: 'never', code: '100/2534014' }],
  ['1,002 bytes', () => {}, { body: { type: 'text', text: bytes(1002) } }, { result: 'never' }],
  ['a quote of nothing', () => {}, { replyTo: 'none' as MessageId }, { result: 'never', code: '100' }],
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
  expect(await send(reply('Hello', more))).toMatchObject(expected);
  expect(bubbles()).toHaveLength(1);
});

test('1,000 bytes are shown', async () => {
  await says('Hi');
  expect(await send(reply(bytes(1000)))).toMatchObject({ result: 'sent' });
});

test.each(['timeout-after', 'reset-after', '500-after'] as const)(
  '%s: unsure, and looking it up finds it',
  async (kind) => {
    await says('Hi');
    const since = new Date();
    simulator.inject({ kind, times: 1, delayMs: 100, path: '/messages' });
    expect(await send(reply('Hello Ida'))).toMatchObject({ result: 'unsure' });
    const sought = { marker: 'reply:1' as Marker, to: ida, since };
    const found = await instagram.lookUpSent!({ ...sought, text: 'Hello Ida' }, account, tools);
    expect(found).toEqual({ result: 'done', value: bubbles()[1]!.mid });
    const clock = { ...tools.clock, now: () => new Date(Date.now() + 60_000) };
    const other = await instagram.lookUpSent!({ ...sought, text: 'Never said' }, account, { ...tools, clock });
    expect(other).toEqual({ result: 'done', value: undefined });
  },
);

test('the history tells what no webhook did, with the same ids', async () => {
  simulator.unsubscribe();
  const mid = await says('Anybody there?');
  const answered = await simulator.inboxReplies(ida, 'From the app');
  expect(door.events).toEqual([]);
  const read = await instagram.readHistory!(account, new Date(Date.now() - 60_000), tools);
  expect(read.result === 'done' && read.value.events).toMatchObject([
    { type: 'message', id: mid, from: ida, to: account.accountId, found: 'history' },
    { type: 'echo', id: answered, user: ida, found: 'history' },
  ]);
});

test('the profile and its picture', async () => {
  await says('Hi');
  const profile = await instagram.fetchProfile!(ida, account, tools);
  expect(profile).toMatchObject({ result: 'done', value: { name: 'Ida Berg' } });
  const url = profile.result === 'done' ? profile.value.pictureUrl! : '';
  expect(await tools.download(url)).toMatchObject({ result: 'done', value: { contentType: 'image/png' } });
  expect(await instagram.fetchProfile!('1' as PlatformUserId, account, tools)).toEqual({ result: 'done', value: {} });
});

test('typing and seen are shown, and fail in silence', async () => {
  await says('Hi');
  await instagram.showTyping!(ida, account, tools);
  await instagram.markSeen!(ida, account, tools);
  expect(simulator.threads()[0]).toMatchObject({ typing: true, seen: true });
  simulator.expireToken(true);
  await expect(instagram.showTyping!(ida, account, tools)).resolves.toBeUndefined();
});

describe('setting up', () => {
  const wish = { webhookUrl: 'https://chat.acme.example/webhooks/instagram/acme-insta', remove: false, apply: true };
  test('the simulator passes the health check; an expired token and a token of another account do not', async () => {
    expect(await instagram.checkHealth!(account, tools)).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
    const other = { ...account, accountId: '17841400000000999' };
    expect(await instagram.checkHealth!(other, tools)).toMatchObject([{ ok: false, fix: expect.any(String) }]);
    simulator.expireToken(true);
    expect(await instagram.checkHealth!(account, tools)).toMatchObject([{ ok: false, fix: expect.any(String) }]);
  });
  test('a lost subscription is found, and made again', async () => {
    simulator.unsubscribe();
    expect(await instagram.checkSubscription!(account, tools)).toMatchObject({ value: { ok: false } });
    expect(await instagram.subscribe!(account, tools)).toEqual({ result: 'done', value: true });
    expect(await instagram.checkSubscription!(account, tools)).toEqual({ result: 'done', value: { ok: true } });
    simulator.unsubscribe();
    simulator.permitSubscribing(false);
    expect(await instagram.subscribe!(account, tools)).toMatchObject({ result: 'account-broken' });
  });
  test('provisioning compares, applies, is idempotent, and can be taken back', async () => {
    simulator.unsubscribe();
    const change = [{ what: 'webhook subscription', now: 'none' }];
    expect(await instagram.provision!({ ...wish, apply: false }, account, tools)).toMatchObject({ value: change });
    expect(await instagram.provision!(wish, account, tools)).toMatchObject({ value: change });
    expect(await instagram.provision!(wish, account, tools)).toEqual({ result: 'done', value: [] });
    const removed = await instagram.provision!({ ...wish, remove: true }, account, tools);
    expect(removed).toMatchObject({ value: [{ wanted: 'none' }] });
    expect(await instagram.provision!({ ...wish, remove: true }, account, tools)).toEqual({
      result: 'done',
      value: [],
    });
  });
});

test('a token is renewed at the platform, and what came of it is taken there', async () => {
  await says('Hi');
  let now = Date.now();
  const renewing = { ...tools, tokens: memoryTokens(() => new Date(now)) };
  expect(await instagram.send(reply('with the first'), account, renewing)).toMatchObject({ result: 'sent' });
  now += 2 * 24 * hours(1);
  expect(await instagram.send(reply('with the second'), account, renewing)).toMatchObject({ result: 'sent' });
  expect(simulator.requests.filter(({ path }) => path === '/refresh_access_token')).toMatchObject([{ status: 200 }]);
});
