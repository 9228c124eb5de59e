import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { InboundEvent } from '../../domain/event.ts';
import type { MessageId, PlatformUserId } from '../../domain/ids.ts';
import type { MediaPart } from '../../domain/part.ts';
import type { CustomerPart } from '../../sandbox/contract.ts';
import { startTelegramSimulator, type TelegramSimulator } from '../../sandbox/telegram/simulator.ts';
import type { SetupWish } from '../channel.ts';
import { localTools } from '../shared/testing/platform.ts';
import { telegram } from './channel.ts';
import { accountAt, botToken, ida, reply, secretToken } from './fixtures/support.ts';

// The channel against the simulator: whatever one says, the other has to understand.

let simulator: TelegramSimulator;
let account: ReturnType<typeof accountAt>;
let tools: ReturnType<typeof localTools>;
let door: Awaited<ReturnType<typeof openDoor>>;

/** Where webhooks arrive: verifies, reads and keeps them, like the service's door. */
async function openDoor() {
  const events: InboundEvent[] = [];
  let failures = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (failures-- > 0) return void response.writeHead(503).end();
    const headers = request.headers as Record<string, string>;
    const webhook = { method: 'POST', url: '', headers, query: {}, body: Buffer.concat(chunks) };
    const verified = telegram.verify(webhook, account);
    const received = verified === 'forged' ? undefined : telegram.receive(verified, account);
    if (!received || 'malformed' in received) return void response.writeHead(401).end();
    events.push(...received.events);
    response
      .writeHead(200, { 'content-type': received.answer?.contentType ?? 'text/plain' })
      .end(received.answer?.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    events,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    failNext: (times: number) => {
      failures = times;
    },
    close: () => server.close(),
  };
}

beforeEach(async () => {
  simulator = await startTelegramSimulator({ botToken, secretToken: '' });
  account = accountAt(simulator.url);
  door = await openDoor();
  tools = localTools({ publicUrl: door.url });
  simulator.addCustomer({ user: ida, name: 'Ida Berg', locale: 'nb' });
  await telegram.provision!(wish(), account, tools);
});
afterEach(async () => {
  tools.close();
  door.close();
  await simulator.close();
});

const wish = (more: Partial<SetupWish> = {}): SetupWish => ({
  webhookUrl: `${door.url}/webhooks/telegram/acme-telegram`,
  remove: false,
  apply: true,
  ...more,
});
const says = (text: string) => simulator.customerSends(ida, { type: 'text', text });
const text = (words: string, more = {}) => reply({ type: 'text', text: words }, more);
const thread = () => simulator.threads()[0]!;
const types = () => door.events.map(({ type }) => type);
async function until(what: () => boolean): Promise<void> {
  for (let n = 0; n < 200 && !what(); n++) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(what()).toBe(true);
}

test('what the customer says arrives as it was said, and can be answered with a quote', async () => {
  const mid = await says('Grüße 👋');
  expect(door.events).toMatchObject([
    { type: 'message', id: mid, from: ida, to: '4242', profile: { name: 'Ida Berg', locale: 'nb' } },
  ]);
  const sent = await telegram.send(text('Hello', { replyTo: mid as MessageId }), account, tools);
  expect(thread().bubbles[1]).toMatchObject({ from: 'page', text: 'Hello', replyTo: mid });
  expect(sent).toEqual({ result: 'sent', id: thread().bubbles[1]!.mid });
});

test('files of every kind come and go', async () => {
  const bytes = Buffer.from('bytes');
  const files = [{ name: 'a.txt', contentType: 'text/plain', bytes }];
  for (const type of ['image', 'video', 'audio', 'file'] as const)
    await simulator.customerSends(ida, { type, files } as CustomerPart);
  const parts = door.events.flatMap((event) => ('parts' in event ? event.parts : [])) as MediaPart[];
  expect(parts.map(({ type }) => type)).toEqual(['image', 'video', 'audio', 'file']);
  for (const part of [parts[1]!, parts[3]!]) {
    const fetched = await telegram.fetchMedia!(part, account, tools);
    expect(fetched.result === 'done' && fetched.value.bytes).toEqual(bytes);
  }
  const kinds = ['image/png', 'image/gif', 'video/mp4', 'audio/ogg', 'audio/mpeg', 'application/pdf'];
  for (const contentType of kinds)
    expect(
      await telegram.send(reply({ type: 'file', name: 'ä.bin', contentType, bytes }), account, tools),
    ).toMatchObject({ result: 'sent' });
  const shown = thread()
    .bubbles.slice(4)
    .flatMap(({ attachments }) => attachments);
  expect(shown.map(({ type }) => type)).toEqual(['photo', 'animation', 'video', 'voice', 'audio', 'document']);
  expect(shown[0]).toMatchObject({ name: 'ä.bin', bytes: 5 });
});

test('an album is a message for each file', async () => {
  const file = (name: string) => ({ name, contentType: 'image/png', bytes: Buffer.from(name) });
  await simulator.customerSends(ida, { type: 'image', files: [file('a.png'), file('b.png')], text: 'both' });
  expect(door.events).toMatchObject([
    { type: 'message', parts: [{ type: 'text', text: 'both' }, { type: 'image' }] },
    { type: 'message', parts: [{ type: 'image' }] },
  ]);
});

test.each([['a file larger than 20 MB', 20_000_001, 'never', /20 MB/]])(
  '%s cannot be fetched',
  async (_name, size, result, why) => {
    const files = [{ name: 'a.bin', contentType: 'video/mp4', bytes: Buffer.alloc(size) }];
    await simulator.customerSends(ida, { type: 'video', files });
    const [part] = (door.events[0] as { parts: MediaPart[] }).parts;
    expect(await telegram.fetchMedia!(part!, account, tools)).toMatchObject({
      result,
      why: expect.stringMatching(why),
    });
  },
);

test('a file that is gone, one without an id, and a revoked token', async () => {
  const fetched = (part: MediaPart) => telegram.fetchMedia!(part, account, tools);
  expect(await fetched({ type: 'image', mediaId: 'nope' })).toMatchObject({ result: 'never', why: /no longer/ });
  expect(await fetched({ type: 'image' })).toMatchObject({ result: 'never' });
  simulator.expireToken(true);
  expect(await fetched({ type: 'image', mediaId: 'nope' })).toMatchObject({ result: 'account-broken' });
});

test('a tapped choice comes back with its words, and no longer waits', async () => {
  await says('Hi');
  const choices = [{ title: 'Blue', payload: 'B' }];
  await telegram.send(reply({ type: 'text', text: 'Which?', choices }), account, tools);
  await simulator.customerSends(ida, { type: 'postback', title: 'ignored', payload: 'B' });
  expect(door.events[1]).toMatchObject({ type: 'postback', payload: 'B', parts: [{ type: 'button', title: 'Blue' }] });
  await until(() => simulator.waitingTaps(ida).length === 0);
});

test('edits, reactions and blocks are told', async () => {
  const mid = await says('Helo');
  await simulator.customerEdits(ida, mid, 'Hello');
  await simulator.customerReacts(ida, mid, '👍');
  await simulator.block(ida, true);
  expect(await telegram.send(text('Hi'), account, tools)).toMatchObject({ result: 'never', why: /blocked/ });
  await simulator.block(ida, false);
  expect(await telegram.send(text('Hi'), account, tools)).toMatchObject({ result: 'sent' });
  expect(types()).toEqual(['message', 'edit', 'reaction', 'opt-out', 'opt-in']);
  expect(door.events[1]).toMatchObject({ of: mid, parts: [{ text: 'Hello' }] });
});

test('nobody can be written to who never wrote', async () => {
  expect(await telegram.send(text('Hi'), account, tools)).toMatchObject({ result: 'never', why: /never wrote/ });
  const stranger = { ...text('Hi'), to: '1' as PlatformUserId };
  expect(await telegram.send(stranger, account, tools)).toMatchObject({ result: 'never', why: /no chat/ });
});

test('typing shows until the answer', async () => {
  await says('Hi');
  await telegram.showTyping!(ida, account, tools);
  expect(thread().typing).toBe(true);
  await telegram.send(text('Hello'), account, tools);
  expect(thread().typing).toBe(false);
});

test('a group is told once and left', async () => {
  await simulator.addToGroup('-100', ida, 'Hello bot');
  expect(new Set(door.events.map(({ type, id }) => `${type} ${id}`))).toEqual(new Set(['group -100']));
  const said = simulator.groups().get('-100')!;
  expect(await telegram.declineGroup!({ chat: '-100' }, account, tools)).toEqual({ result: 'done', value: undefined });
  expect(said).toEqual([expect.stringMatching(/private chats only/)]);
  expect([...simulator.groups()]).toEqual([]);
  expect(await telegram.declineGroup!({ chat: '-100' }, account, tools)).toMatchObject({ result: 'done' });
  simulator.expireToken(true);
  expect(await telegram.declineGroup!({ chat: '-100' }, account, tools)).toMatchObject({ result: 'account-broken' });
});

test('what was not taken comes again', async () => {
  door.failNext(2);
  await says('Hello?');
  expect(simulator.webhooks.owed()).toBe(1);
  await until(() => door.events.length === 1);
});

describe('set up', () => {
  const bad = async () => (await telegram.checkHealth!(account, tools)).filter(({ ok }) => !ok);

  test('once, and all is well then', async () => {
    await fetch(`${simulator.url}/bot${botToken}/deleteWebhook`, { method: 'POST' });
    expect(await bad()).toMatchObject([{ what: 'webhook address', why: /nowhere/, fix: /provision/ }]);
    const wanted = await telegram.provision!(wish({ apply: false }), account, tools);
    expect(wanted).toMatchObject({ value: [{ what: 'webhook address', now: 'nothing' }, { what: 'updates' }] });
    expect(simulator.setup().webhook.url).toBe('');
    expect(await telegram.provision!(wish(), account, tools)).toEqual(wanted);
    expect(simulator.setup()).toMatchObject({
      webhook: { url: wish().webhookUrl, secretToken },
      commands: [{ command: 'start' }],
    });
    expect(await telegram.provision!(wish(), account, tools)).toEqual({ result: 'done', value: [] });
    expect(await bad()).toEqual([]);
  });

  test('a new secret reaches Telegram', async () => {
    account = accountAt(simulator.url, { secretToken: 'another' });
    await says('Hello');
    expect(door.events).toEqual([]);
    expect(await bad()).toMatchObject([{ what: 'delivery', why: /401/, fix: /secretToken/ }]);
    await telegram.provision!(wish(), account, tools);
    await until(() => door.events.length === 1);
  });

  test('only its own address is taken away', async () => {
    simulator.setWebhookUrl('https://other.example/tg');
    expect(await bad()).toMatchObject([{ what: 'webhook address', why: /other\.example/ }]);
    expect(await telegram.provision!(wish({ remove: true }), account, tools)).toEqual({ result: 'done', value: [] });
    await telegram.provision!(wish(), account, tools);
    expect(await telegram.provision!(wish({ remove: true }), account, tools)).toMatchObject({
      value: [{ wanted: 'nothing' }],
    });
    expect(simulator.setup().webhook.url).toBe('');
  });

  test('it is watched whether updates still come here', async () => {
    expect(await telegram.checkSubscription!(account, tools)).toEqual({ result: 'done', value: { ok: true } });
    simulator.setWebhookUrl('');
    const lost = { ok: false, why: expect.stringMatching(/nowhere/), fix: expect.stringMatching(/provision/) };
    expect(await telegram.checkSubscription!(account, tools)).toEqual({ result: 'done', value: lost });
    simulator.expireToken(true);
    expect(await telegram.checkSubscription!(account, tools)).toMatchObject({ result: 'account-broken' });
  });

  test('a menu of its own is left alone', async () => {
    const commands = [{ command: 'help', description: 'Help' }];
    const headers = { 'content-type': 'application/json' };
    await fetch(`${simulator.url}/bot${botToken}/setMyCommands`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ commands }),
    });
    await telegram.provision!(wish(), account, tools);
    expect(simulator.setup().commands).toEqual(commands);
  });

  test('a revoked token is found, and nothing else asked', async () => {
    simulator.expireToken(true);
    expect(await telegram.checkHealth!(account, tools)).toMatchObject([
      { ok: false, what: 'bot token', fix: /BotFather/ },
    ]);
    expect(await telegram.provision!(wish(), account, tools)).toMatchObject({ result: 'account-broken' });
  });

  test('a service that does not know its address is found', async () => {
    const { publicUrl: _, ...without } = tools;
    const findings = (await telegram.checkHealth!(account, without)).filter(({ ok }) => !ok);
    expect(findings).toMatchObject([{ what: 'webhook address', fix: /publicUrl/ }]);
  });
});
