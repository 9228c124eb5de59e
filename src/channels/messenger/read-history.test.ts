import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { conversationUser, type InboundEvent } from '../../domain/event.ts';
import type { Part } from '../../domain/part.ts';
import type { CustomerPart } from '../../sandbox/contract.ts';
import { type RunningMessengerSimulator, startMessengerSimulator } from '../../sandbox/messenger/simulator.ts';
import { localTools, platformAnswering } from '../shared/testing/platform.ts';
import { accountAt, eventsOf } from './fixtures/support.ts';
import { readHistory } from './read-history.ts';
import { checkSubscription, subscribe } from './subscription.ts';

// What Meta's history tells must be what its webhooks told: the same ids, the same words.

let simulator: RunningMessengerSimulator;
let account: ReturnType<typeof accountAt>;
let tools: ReturnType<typeof localTools>;
let told: InboundEvent[];
let door: ReturnType<typeof createServer>;
beforeEach(async () => {
  simulator = await startMessengerSimulator({
    pageId: '555',
    pageName: 'Acme',
    appId: '9911',
    appSecret: 'app-secret-1',
    pageToken: 'PAGE-TOKEN-1',
  });
  account = accountAt(simulator.url);
  tools = localTools();
  told = [];
  door = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    told.push(...eventsOf(Buffer.concat(chunks)));
    response.end();
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  simulator.setWebhookUrl(`http://127.0.0.1:${(door.address() as AddressInfo).port}/`);
  simulator.addCustomer({ psid: '7712', name: 'Ida' });
});
afterEach(async () => {
  tools.close();
  door.close();
  await simulator.close();
});

const longAgo = new Date(Date.now() - 3_600_000);
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
async function read(since: Date, page?: string) {
  const outcome = await readHistory(account, since, tools, page);
  if (outcome.result !== 'done') throw new Error(`not done: ${JSON.stringify(outcome)}`);
  return outcome.value;
}
async function readAll(since: Date): Promise<InboundEvent[]> {
  const events: InboundEvent[] = [];
  for (let page: string | undefined, more = true; more; ) {
    const next = await read(since, page);
    events.push(...next.events);
    page = next.next;
    more = page !== undefined;
  }
  return events;
}
const said = () => told.filter(({ type }) => type === 'message' || type === 'echo');
const inWholeSeconds = (at: Date) => Math.floor(at.getTime() / 1000);

/** Without what only says until when a link holds. */
const lasting = (part: Part): Part =>
  'url' in part && part.url ? { ...part, url: part.url.replace(/&oe=.*/, '') } : part;
const file = (name: string, contentType: string) => ({ name, contentType, bytes: Buffer.from(name) });
const kinds: [string, CustomerPart][] = [
  ['a text', { type: 'text', text: 'Bonjour 🙂' }],
  ['an image with words', { type: 'image', files: [file('a.png', 'image/png')], text: 'Look' }],
  ['two images', { type: 'image', files: [file('a.png', 'image/png'), file('b.png', 'image/png')] }],
  ['a video', { type: 'video', files: [file('a.mp4', 'video/mp4')] }],
  ['a voice note', { type: 'audio', files: [file('a.mp4', 'audio/mp4')] }],
  ['a file', { type: 'file', files: [file('a.pdf', 'application/pdf')] }],
  ['a shared link', { type: 'link', url: 'https://shop.example/p/1', title: 'A lamp' }],
];
test.each(kinds)('tells %s as its webhook did', async (_, part) => {
  await simulator.customerSends('7712', part);
  const [event] = await readAll(longAgo);
  const [webhook] = said() as Extract<InboundEvent, { type: 'message' }>[];
  expect(event).toMatchObject({ type: 'message', id: webhook!.id, to: '555', from: '7712', found: 'history' });
  expect(inWholeSeconds(event!.at)).toBe(inWholeSeconds(webhook!.at));
  const { parts } = event as typeof webhook & object;
  expect(parts.map(({ type }) => type)).toEqual(webhook!.parts.map(({ type }) => type));
  for (const [i, each] of webhook!.parts.entries()) expect(lasting(parts[i]!)).toMatchObject(lasting(each));
});

test('tells a sticker, a place and a button with what Meta shows of them', async () => {
  await simulator.customerSends('7712', { type: 'sticker', stickerId: '369239263222822' });
  await simulator.customerSends('7712', { type: 'location', latitude: 59.9, longitude: 10.7, title: 'Oslo' });
  await simulator.customerSends('7712', { type: 'postback', title: 'Buy', payload: 'BUY' });
  expect(await readAll(longAgo)).toMatchObject([
    { type: 'message', parts: [{ type: 'sticker', url: expect.any(String) }] },
    { type: 'message', parts: [{ type: 'link', title: 'Oslo', url: expect.any(String) }] },
    { type: 'message', parts: [{ type: 'text', text: 'Buy' }] },
  ]);
});

test('tells what was typed in the inbox as an echo', async () => {
  await simulator.customerSends('7712', { type: 'text', text: 'Hello' });
  const mid = await simulator.inboxReplies('7712', 'Hello yourself');
  const [, echo] = await readAll(longAgo);
  expect(echo).toMatchObject({ type: 'echo', id: mid, from: '555', user: '7712', found: 'history' });
  expect(said().map(({ id }) => id)).toContain(mid);
});

test('gives pages, latest change first, and stops where nothing newer follows', async () => {
  for (let i = 0; i < 45; i++) {
    simulator.addCustomer({ psid: `8${i}`, name: `Customer ${i}` });
    await simulator.customerSends(`8${i}`, { type: 'text', text: `${i}` }, { at: minutesAgo(45 - i) });
  }
  const first = await read(longAgo);
  expect(first.events.map((event) => conversationUser(event))).toEqual(
    Array.from({ length: 20 }, (_, i) => `8${44 - i}`),
  );
  expect(first.changedAt!.getTime()).toBe(first.events.at(-1)!.at.getTime());
  expect(await readAll(longAgo)).toHaveLength(45);
  const late = await read(minutesAgo(10.5));
  expect([late.events.length, late.next]).toEqual([10, undefined]);
  const none = await read(new Date());
  expect([none.events, none.next]).toEqual([[], undefined]);
});

test('tells which messages Meta no longer shows, and that there are more than were asked for', async () => {
  for (let i = 0; i < 62; i++) await simulator.customerSends('7712', { type: 'text', text: `${i}` });
  const events = await readAll(longAgo);
  expect(events.map(({ type }) => type)).toEqual([...Array(41).fill('missed'), ...Array(20).fill('message')]);
  expect(events[0]!.id).toBe(`before ${said()[2]!.id}`);
  expect(events.slice(1).map(({ id }) => id)).toEqual(
    said()
      .map(({ id }) => id)
      .slice(2),
  );
  expect(new Set(events.map((event) => conversationUser(event)))).toEqual(new Set(['7712']));
});

test('a place in the list that is no longer valid is refused for good', async () => {
  expect(await readHistory(account, longAgo, tools, 'nonsense')).toMatchObject({ result: 'never' });
});

test('a version of the API without a field is asked without it', async () => {
  const unknown = { status: 400, body: { error: { message: '(#100) Tried accessing nonexisting field', code: 100 } } };
  const platform = await platformAnswering(unknown, { status: 200, body: { data: [] } });
  expect(await readHistory(accountAt(platform.url), longAgo, tools)).toEqual({ result: 'done', value: { events: [] } });
  expect(platform.calls.map(({ url }) => url.searchParams.get('fields')!.includes('sticker'))).toEqual([true, false]);
  await platform.close();
});

test('subscribes to what is needed and keeps what there was; without the permission says so', async () => {
  expect(await checkSubscription(account, tools)).toEqual({ result: 'done', value: { ok: true } });
  simulator.unsubscribe('messages');
  expect(await checkSubscription(account, tools)).toMatchObject({
    value: { ok: false, why: 'The page does not send: messages.' },
  });
  simulator.permitSubscribing(false);
  expect(await subscribe(account, tools)).toMatchObject({
    result: 'account-broken',
    why: expect.stringContaining('permission'),
  });
  simulator.permitSubscribing(true);
  simulator.unsubscribe();
  expect(await subscribe(account, tools)).toEqual({ result: 'done', value: true });
  expect(await checkSubscription(account, tools)).toEqual({ result: 'done', value: { ok: true } });
  await simulator.customerSends('7712', { type: 'text', text: 'Hello' });
  expect(said()).toHaveLength(1);
});

test('after so many failures in a row the page unsubscribes the app, and what is owed is never told', async () => {
  simulator.setWebhookUrl('http://127.0.0.1:9/');
  simulator.webhooks.unsubscribeAfter = 2;
  await simulator.customerSends('7712', { type: 'text', text: 'one' });
  expect(await checkSubscription(account, tools)).toMatchObject({ value: { ok: true } });
  await simulator.customerSends('7712', { type: 'text', text: 'two' });
  expect(await checkSubscription(account, tools)).toMatchObject({ value: { ok: false } });
  expect(simulator.webhooks.owed()).toBe(0);
});
