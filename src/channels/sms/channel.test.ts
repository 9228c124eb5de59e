import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { InboundEvent } from '../../domain/event.ts';
import type { MediaPart } from '../../domain/part.ts';
import { makeDownload } from '../../kit/download.ts';
import { type SmsSimulator, startSmsSimulator } from '../../sandbox/sms/simulator.ts';
import type { SetupWish } from '../channel.ts';
import { localTools } from '../shared/testing/platform.ts';
import { sms } from './channel.ts';
import { accountAt, accountSid, ida, number, reply, serviceSid } from './fixtures/support.ts';

// The channel against the simulator: whatever one says, the other has to understand.

let simulator: SmsSimulator;
let account: ReturnType<typeof accountAt>;
let tools: ReturnType<typeof localTools>;
let door: Awaited<ReturnType<typeof openDoor>>;

/** Where webhooks arrive: verifies, reads and keeps them, like the service's door; and where published files are. */
async function openDoor() {
  const events: InboundEvent[] = [];
  const refused: string[] = [];
  let failures = 0;
  let publicUrl = '';
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.url?.startsWith('/media/'))
      return void response.writeHead(200, { 'content-type': 'image/png' }).end('png');
    if (failures-- > 0) return void response.writeHead(503).end();
    const url = `${publicUrl}${request.url}`;
    const query = Object.fromEntries(new URL(url).searchParams);
    const headers = request.headers as Record<string, string>;
    const verified = sms.verify({ method: 'POST', url, headers, query, body: Buffer.concat(chunks) }, account);
    if (verified === 'forged') return void response.writeHead(401).end(void refused.push(url));
    const received = sms.receive(verified, account);
    if ('malformed' in received) return void response.writeHead(400).end();
    events.push(...received.events);
    response.writeHead(200, { 'content-type': received.answer!.contentType }).end(received.answer!.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    events,
    refused,
    url: publicUrl,
    failNext: (times: number) => {
      failures = times;
    },
    close: () => server.close(),
  };
}

beforeEach(async () => {
  simulator = await startSmsSimulator({ accountSid, authToken: 'tw-token-1', number, serviceSid });
  account = accountAt(simulator.url, { messagingServiceSid: serviceSid });
  door = await openDoor();
  tools = localTools({
    publicUrl: door.url,
    publish: async ({ name }) => `${door.url}/media/${name}`,
    download: makeDownload({ allowedHosts: ['127.0.0.1'], maxBytes: 1_000_000, timeoutMs: 5_000 }),
  });
  simulator.addCustomer({ user: ida, name: 'Ida Berg' });
  await sms.provision!(wish(), account, tools);
});
afterEach(async () => {
  tools.close();
  door.close();
  await simulator.close();
});

const wish = (more: Partial<SetupWish> = {}): SetupWish => ({
  webhookUrl: `${door.url}/webhooks/sms/acme-sms`,
  remove: false,
  apply: true,
  ...more,
});
const says = (text: string) => simulator.customerSends(ida, { type: 'text', text });
const ofType = <T extends InboundEvent['type']>(type: T) =>
  door.events.filter((event): event is Extract<InboundEvent, { type: T }> => event.type === type);
const text = (words: string) => reply({ type: 'text', text: words });
const thread = () => simulator.threads()[0]!;
async function until(what: () => boolean): Promise<void> {
  for (let n = 0; n < 200 && !what(); n++) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(what()).toBe(true);
}

test('what the customer writes arrives as it was written', async () => {
  const sid = await says("Grüße 👋 it's a+b & c=d");
  expect(ofType('message')).toMatchObject([
    { id: sid, from: ida, to: serviceSid, parts: [{ type: 'text', text: "Grüße 👋 it's a+b & c=d" }] },
  ]);
});

test('files can be fetched, and the store never learns the credentials', async () => {
  const files = [{ name: 'a.txt', contentType: 'text/plain', bytes: Buffer.from('one') }];
  await simulator.customerSends(ida, { type: 'file', files, text: 'see' });
  const part = ofType('message')[0]!.parts.find(({ type }) => type === 'file') as { type: 'file'; url: string };
  const fetched = await sms.fetchMedia!(part, account, tools);
  expect(fetched).toMatchObject({ result: 'done', value: { contentType: 'text/plain' } });
  expect(fetched.result === 'done' && fetched.value.bytes.toString()).toBe('one');
  expect(await sms.fetchMedia!({ ...part, url: `${part.url}0` }, account, tools)).toMatchObject({
    result: 'never',
    why: /deleted/,
  });
  simulator.expireToken(true);
  expect(await sms.fetchMedia!(part, account, tools)).toMatchObject({ result: 'account-broken' });
  expect(await sms.fetchMedia!({ type: 'file' }, account, tools)).toMatchObject({ result: 'never' });
});

test('a file elsewhere is fetched without credentials', async () => {
  const fetched = await sms.fetchMedia!({ type: 'image', url: `${door.url}/media/a.png` }, account, tools);
  expect(fetched).toMatchObject({ result: 'done' });
});

test('an answer is delivered, and told so with its marker', async () => {
  const sent = await sms.send(text('Your parcel left.'), account, tools);
  await until(() => ofType('receipt').some(({ state }) => state === 'delivered'));
  expect(thread().bubbles).toMatchObject([{ from: 'page', text: 'Your parcel left.', delivered: true }]);
  const id = sent.result === 'sent' ? sent.id : '';
  expect(ofType('receipt')).toMatchObject([
    { state: 'sent', of: [id], marker: 'passerelle:1', from: ida, to: serviceSid },
    { state: 'delivered', of: [id], marker: 'passerelle:1' },
  ]);
  expect(door.refused).toEqual([]);
});

test('a file is fetched from the link and arrives', async () => {
  await sms.send(
    reply({ type: 'file', name: 'a.png', contentType: 'image/png', bytes: Buffer.from('png') }),
    account,
    tools,
  );
  await until(() => thread().bubbles[0]?.delivered === true);
  expect(thread().bubbles).toMatchObject([{ attachments: [{ name: 'a.png', contentType: 'image/png', bytes: 3 }] }]);
});

test('a phone out of reach is told with the reason', async () => {
  simulator.unreachable(ida, 30003);
  await sms.send(text('Hello'), account, tools);
  await until(() => ofType('receipt').some(({ state }) => state === 'failed'));
  expect(ofType('receipt').at(-1)).toMatchObject({ why: /cannot be reached/ });
});

test('STOP ends messages until START', async () => {
  await says('STOP');
  expect(await sms.send(text('Hello'), account, tools)).toMatchObject({ result: 'never', code: '21610' });
  await says('START');
  expect(await sms.send(text('Hello'), account, tools)).toMatchObject({ result: 'sent' });
  expect(door.events.map(({ type }) => type).slice(0, 4)).toEqual(['message', 'opt-out', 'message', 'opt-in']);
});

test('an answer whose call was cut short is found again; one that never came is absent', async () => {
  simulator.inject({ kind: 'reset-after', method: 'POST', path: 'Messages', times: 1 });
  const since = new Date();
  expect(await sms.send(text('Lost?'), account, tools)).toMatchObject({ result: 'unsure' });
  const sought = { marker: reply({ type: 'text', text: '' }).marker, to: ida, since };
  const found = await sms.lookUpSent!({ ...sought, text: 'Lost?' }, account, tools);
  expect(found).toEqual({ result: 'done', value: thread().bubbles[0]!.mid });
  const later = { ...tools, clock: { ...tools.clock, now: () => new Date(Date.now() + 60_000) } };
  expect(await sms.lookUpSent!({ ...sought, text: 'Never' }, account, later)).toEqual({
    result: 'done',
    value: undefined,
  });
});

test('a webhook that was not taken comes again, because provision asked for it', async () => {
  door.failNext(2);
  await says('Hello?');
  await until(() => ofType('message').length === 1);
});

test('a wrong public address makes every signature wrong', async () => {
  simulator.setWebhookUrl(`${door.url.replace('127.0.0.1', 'localhost')}/webhooks/sms/acme-sms`);
  await says('Hello?');
  expect(door.refused).toHaveLength(1);
  expect(door.events).toEqual([]);
});

describe.each([
  ['a messaging service', () => accountAt(simulator.url, { messagingServiceSid: serviceSid }), 'service'],
  ['a number', () => accountAt(simulator.url), 'number'],
] as const)('%s', (_name, accountNow, which) => {
  beforeEach(async () => {
    account = accountNow();
    await sms.provision!(wish(), account, tools);
  });
  const bad = async () => (await sms.checkHealth!(account, tools)).filter(({ ok }) => !ok);
  const urlNow = () => simulator.setup()[which].url;

  test('is set up, once, and all is well then', async () => {
    simulator.setWebhookUrl('');
    expect(await bad()).toMatchObject([{ what: 'webhook address', why: /nowhere/, fix: /provision/ }]);
    const changes = [{ what: 'webhook address', now: 'nothing', wanted: `${wish().webhookUrl}#rc=5&rp=5xx,ct,rt` }];
    expect(await sms.provision!(wish({ apply: false }), account, tools)).toEqual({ result: 'done', value: changes });
    expect(urlNow()).toBe('');
    expect(await sms.provision!(wish(), account, tools)).toEqual({ result: 'done', value: changes });
    expect(await sms.provision!(wish(), account, tools)).toEqual({ result: 'done', value: [] });
    expect(await bad()).toEqual([]);
  });

  test('only its own address is taken away', async () => {
    simulator.setWebhookUrl('https://other.example/sms');
    expect(await sms.provision!(wish({ remove: true }), account, tools)).toEqual({ result: 'done', value: [] });
    await sms.provision!(wish(), account, tools);
    expect(await sms.provision!(wish({ remove: true }), account, tools)).toMatchObject({
      value: [{ wanted: 'nothing' }],
    });
    expect(urlNow()).toBe('');
  });

  test('an address that differs from the public one is found', async () => {
    simulator.setWebhookUrl(wish().webhookUrl.replace('127.0.0.1', 'chat.acme.example'));
    expect(await bad()).toMatchObject([{ what: 'webhook address', why: /signatures/, fix: /publicUrl/ }]);
  });

  test('an address without retries is found', async () => {
    simulator.setWebhookUrl(wish().webhookUrl);
    expect(await bad()).toMatchObject([{ what: 'webhook retries', fix: /#rc=5/ }]);
  });

  test('it is watched whether messages still come here', async () => {
    expect(await sms.checkSubscription!(account, tools)).toEqual({ result: 'done', value: { ok: true } });
    simulator.setWebhookUrl('');
    const lost = { ok: false, why: expect.stringMatching(/nowhere/), fix: expect.stringMatching(/provision/) };
    expect(await sms.checkSubscription!(account, tools)).toEqual({ result: 'done', value: lost });
  });

  test('what no webhook told is in the history, under the same ids', async () => {
    await says('Told');
    const [told] = door.events.splice(0);
    simulator.setWebhookUrl('');
    const files = [{ name: 'a.txt', contentType: 'text/plain', bytes: Buffer.from('one') }];
    const sid = await simulator.customerSends(ida, { type: 'file', files, text: 'Not told' });
    await says('STOP');
    const since = new Date(Date.now() - 60_000);
    const read = await sms.readHistory!(account, since, tools);
    const events = read.result === 'done' ? read.value.events : [];
    expect(events).toMatchObject([
      { type: 'message', id: told!.id, to: told!.to, from: ida, parts: [{ text: 'Told' }], found: 'history' },
      { type: 'message', id: sid, parts: [{ text: 'Not told' }, { type: 'file' }] },
      { type: 'message', parts: [{ text: 'STOP' }] },
      { type: 'opt-out', from: ida, found: 'history' },
    ]);
    const part = (events[1] as { parts: MediaPart[] }).parts[1]!;
    expect(await sms.fetchMedia!(part, account, tools)).toMatchObject({ result: 'done' });
    expect(await sms.readHistory!(account, new Date(Date.now() + 60_000), tools)).toMatchObject({
      value: { events: [] },
    });
    simulator.expireToken(true);
    expect(await sms.readHistory!(account, since, tools)).toMatchObject({ result: 'account-broken' });
  });

  test('what we sent is not in it', async () => {
    await sms.send(text('Ours'), account, tools);
    expect(await sms.readHistory!(account, new Date(0), tools)).toMatchObject({ value: { events: [] } });
  });

  test('a long history comes in pages, and no further back than asked', async () => {
    simulator.setWebhookUrl('');
    const at = (minutes: number) => new Date(Date.now() - minutes * 60_000);
    for (let n = 0; n < 501; n++)
      await simulator.customerSends(ida, { type: 'text', text: `${n}` }, { at: at(501 - n) });
    const ids = async (since: Date) => {
      const all: string[] = [];
      let page: string | undefined;
      do {
        const read = await sms.readHistory!(account, since, tools, page);
        if (read.result !== 'done') throw new Error(read.why);
        all.unshift(...read.value.events.map((event) => (event as { parts: { text: string }[] }).parts[0]!.text));
        page = read.value.next;
      } while (page !== undefined);
      return all;
    };
    expect(await ids(at(24 * 60))).toEqual(Array.from({ length: 501 }, (_, n) => `${n}`));
    expect(await ids(at(2.5))).toEqual(['499', '500']);
  });

  test('without a public address nothing can be verified', async () => {
    const { publicUrl: _, ...without } = tools;
    const findings = await sms.checkHealth!(account, without);
    expect(findings.filter(({ ok }) => !ok)).toMatchObject([{ what: 'webhook address', fix: /publicUrl/ }]);
  });
});

describe('health', () => {
  const what = async (settings: Record<string, unknown> = {}) =>
    (await sms.checkHealth!(accountAt(simulator.url, settings), tools)).filter(({ ok }) => !ok);

  test('a dead token, and nothing else is asked', async () => {
    simulator.expireToken(true);
    expect(await what()).toMatchObject([{ what: 'credentials', why: /auth token/ }]);
  });
  test('a suspended account', async () => {
    simulator.setAccount({ suspended: true });
    expect(await what()).toMatchObject([{ what: 'credentials', why: /suspended/ }]);
  });
  test.each([
    ['a number', { from: '+12025559999' }],
    ['a short code', { from: '55512' }],
    ['a messaging service', { messagingServiceSid: `MG${'9'.repeat(32)}` }],
  ])("%s that is not the account's", async (_name, settings) => {
    expect(await what(settings)).toMatchObject([{ what: 'sender', why: /no such sender/ }]);
  });
  test('a name cannot be answered, which is no fault; a trial is none either', async () => {
    simulator.setAccount({ trial: true });
    expect(await what({ from: 'Acme' })).toEqual([]);
    expect(await sms.provision!(wish(), accountAt(simulator.url, { from: 'Acme' }), tools)).toEqual({
      result: 'done',
      value: [],
    });
  });
});
