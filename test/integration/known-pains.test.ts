import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startMessengerSimulator } from '../../src/sandbox/messenger/simulator.ts';
import { freshDatabase } from '../support/database.ts';
import { envelope, item, postPatiently, signed } from '../support/meta-webhook.ts';
import { metric } from '../support/metric.ts';
import { messengerAccount, type Product, startProduct } from '../support/product.ts';
import { quietFor, until as within } from '../support/until.ts';
import { prepareService } from './service-process.ts';

// What users of comparable systems suffer from, tried here. The whole list is in docs/reliability.md.

// Most of it is waiting, which on a busy machine takes its time.
const until: typeof within = (what, probe) => within(what, probe, 60_000);

/** How a platform's file server answers from its first try on; afterwards it serves the picture. */
const moods = new Map<string, ((response: ServerResponse) => void)[]>();
const png = Buffer.from('89504e470d0a1a0a', 'hex');
let files: Server;
let product: Product;
beforeAll(async () => {
  files = createServer((request, response) => {
    const mood = moods.get(request.url ?? '')?.shift();
    if (mood) mood(response);
    else serve(response);
  });
  await new Promise<void>((listening) => files.listen(0, '127.0.0.1', listening));
  product = await startProduct({ media: { textWaits: '100ms' } });
  product.zendesk.setRateLimit(1_000_000);
});
afterAll(async () => {
  await product?.stop();
  files?.closeAllConnections();
  files?.close();
});

const post = async (body: string) => {
  const answer = await postPatiently(`${product.url}/webhooks/messenger/acme-page`, signed(body));
  expect(answer.status).toBe(200);
};
const ticketsOf = (psid: string) =>
  product.zendesk.tickets().filter(({ requester }) => requester.externalId === `messenger:acme-page:${psid}`);
const commentsOf = (psid: string) => ticketsOf(psid).flatMap(({ comments }) => comments);
const wordsOn = (psid: string) => commentsOf(psid).flatMap(({ body }) => body.split(/\n+/));
const filesOn = (psid: string) => commentsOf(psid).flatMap(({ attachments }) => attachments.map(({ name }) => name));
const atRest = () =>
  until('nothing waits', async () => {
    const waiting = await metric(product.url, 'passerelle_backlog');
    return waiting + (await metric(product.url, 'passerelle_media_waiting')) === 0;
  });

const troubles: [string, string, ((response: ServerResponse) => void)[]][] = [
  ['answers 503', '301', [(response) => response.writeHead(503).end(), (response) => response.writeHead(503).end()]],
  ['breaks the connection', '302', [(response) => response.destroy()]],
  ['breaks off in the middle', '303', [half]],
  ['is slow', '304', [(response) => void setTimeout(() => serve(response), 1_500)]],
];
const serve = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'image/png' }).end(png);
function half(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'image/png', 'content-length': png.length });
  response.write(png.subarray(0, 4));
  setTimeout(() => response.destroy(), 50);
}
test.each(troubles)(
  'a webhook that is repeated while the file server %s: the words once, the file once',
  async (_, psid, mood) => {
    product.messenger.addCustomer({ psid, name: `Customer ${psid}` });
    moods.set(`/${psid}.png`, mood);
    const url = `http://127.0.0.1:${(files.address() as AddressInfo).port}/${psid}.png`;
    const attachments = [{ type: 'image', payload: { url } }];
    const body = envelope([item(psid, { message: { mid: `m_${psid}`, text: `look ${psid}`, attachments } })]);
    await post(body);
    await quietFor(200);
    await post(body);
    await until('the file', () => filesOn(psid).length > 0);
    await post(body);
    await atRest();
    expect(filesOn(psid)).toEqual([`${psid}.png`]);
    expect(wordsOn(psid).filter((line) => line === `look ${psid}`)).toHaveLength(1);
    expect(ticketsOf(psid)).toHaveLength(1);
  },
);

test('ten first messages at the same time, each by a webhook of its own: one ticket, one contact, one line of history', async () => {
  const psid = '310';
  product.messenger.addCustomer({ psid, name: 'All At Once' });
  const at = Date.now();
  const texts = Array.from({ length: 10 }, (_, i) => `first ${i}`);
  await Promise.all(
    texts.map((text, i) => post(envelope([item(psid, { message: { mid: `m_310_${i}`, text } }, at + i)]))),
  );
  await until('all of them', () => wordsOn(psid).filter((line) => line.startsWith('first')).length === 10);
  await atRest();
  expect(ticketsOf(psid)).toHaveLength(1);
  const about = product.salesforce.records('Task').filter((task) => String(task['Description']).includes('first 0'));
  expect(about).toHaveLength(1);
  expect(
    product.salesforce.records('Contact').filter((contact) => String(contact['LastName']).includes('Once')),
  ).toHaveLength(1);
});

test('one webhook with every kind of event in it, some broken: each customer is heard, and as many are counted as came', async () => {
  for (const psid of ['320', '321', '322']) product.messenger.addCustomer({ psid, name: `Customer ${psid}` });
  const page = { id: '555', time: Date.now() };
  const entry = [
    { ...page, messaging: [item('320', 'I am the first'), { delivery: { watermark: 'nonsense' } }, null] },
    { ...page, messaging: [{ sender: { id: '321' }, timestamp: 'never', read: {} }, item('321', 'I am the second')] },
    { ...page, standby: [{ unknown: true }], messaging: [item('322', 'I am the last')] },
  ];
  const before = await metric(product.url, 'passerelle_events_total');
  await post(JSON.stringify({ object: 'page', entry }));
  for (const psid of ['320', '321', '322'])
    await until(psid, () => wordsOn(psid).some((line) => line.startsWith('I am')));
  expect((await metric(product.url, 'passerelle_events_total')) - before).toBe(7);
});

test('the platform takes back what it granted past the window: the agent is told why, nothing looks sent, the rest goes on', async () => {
  const strict = await startMessengerSimulator({ ...messengerAccount, humanAgent: false });
  const service = await startProduct({ channel: { apiUrl: strict.url, humanAgent: true } });
  try {
    strict.setWebhookUrl(`${service.url}/webhooks/messenger/acme-page`);
    for (const psid of ['350', '351']) strict.addCustomer({ psid, name: `Customer ${psid}` });
    const ticketOf = (psid: string) =>
      service.zendesk.tickets().find(({ requester }) => requester.externalId?.endsWith(`:${psid}`));
    const bubblesOf = (psid: string) =>
      strict
        .threads()
        .find((thread) => thread.psid === psid)!
        .bubbles.filter(({ from }) => from === 'page');
    await strict.customerSends('350', { type: 'text', text: 'hello' }, { at: new Date(Date.now() - 2 * 86_400_000) });
    await until('a ticket', () => ticketOf('350'));
    strict.ageLastContact('350', 2 * 86_400_000);
    await service.zendesk.agentComments(ticketOf('350')!.id, { text: 'late but granted', public: true });
    const note = await until('the reason', () => ticketOf('350')!.comments.find((comment) => !comment.public));
    expect(note.body).toMatch(/did not reach|waits/);
    expect(bubblesOf('350')).toEqual([]);
    await strict.customerSends('351', { type: 'text', text: 'hello' });
    await until('another ticket', () => ticketOf('351'));
    expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
  } finally {
    await service.stop();
    await strict.close();
  }
});

test('a service that took a conversation through fits into the memory the operator was told to plan', async () => {
  const database = await freshDatabase();
  const service = await prepareService({ databaseUrl: database.url });
  try {
    await service.start();
    service.messenger.addCustomer({ psid: '340', name: 'Small' });
    await service.messenger.customerSends('340', { type: 'text', text: 'hello' });
    await until('history', () => service.salesforce.records('Task')[0]);
    expect(await metric(service.url, 'process_resident_memory_bytes')).toBeLessThan(350 * 1024 ** 2);
  } finally {
    await service.close();
    await database.drop();
  }
});
