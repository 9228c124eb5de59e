import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { envelope, item, signed } from '../support/meta-webhook.ts';
import { metric } from '../support/metric.ts';
import { type Product, startProduct } from '../support/product.ts';
import { quietFor, until } from '../support/until.ts';

// Most of it is waiting, which on a busy machine takes its time.
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);

/** A platform's file server that can be told how to answer. */
const answers = new Map<string, (tries: number, response: ServerResponse) => void>();
const tries = new Map<string, number>();
let files: Server;
/** Files that come at once or never are sent to `patient`, whose texts wait for them however busy the machine is. */
let patient: Product;
let hasty: Product;
beforeAll(async () => {
  files = createServer((request, response) => {
    const path = request.url ?? '';
    tries.set(path, (tries.get(path) ?? 0) + 1);
    const answer = answers.get(path);
    if (answer) answer(tries.get(path)!, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((listening) => files.listen(0, '127.0.0.1', listening));
  const { port } = files.address() as AddressInfo;
  const media = { allowedHosts: [`127.0.0.1:${port}`], maxBytes: '100kb', retryFor: '4s' };
  [hasty, patient] = await Promise.all([
    startProduct({ media: { ...media, textWaits: '200ms' } }),
    startProduct({ media: { ...media, textWaits: '60s' } }),
  ]);
});
afterAll(async () => {
  await Promise.all([hasty?.stop(), patient?.stop()]);
  files?.close();
});

const linkTo = (path: string) => `http://127.0.0.1:${(files.address() as AddressInfo).port}${path}`;
const within = 90_000;
let psids = 0;

/** A customer of one of the two. */
function newCustomer(product: Product) {
  const psid = `80${psids++}`;
  product.messenger.addCustomer({ psid, name: `Customer ${psid}` });
  const tickets = () =>
    product.zendesk.tickets().filter(({ requester }) => requester.externalId === `messenger:acme-page:${psid}`);
  const comments = () => tickets().flatMap((ticket) => ticket.comments);
  return {
    tickets,
    comments,
    bodies: () => comments().map(({ body }) => body),
    attached: () => comments().flatMap(({ attachments }) => attachments.map(({ name }) => name)),
    sends: async (text: string, path?: string) => {
      const attachments = path ? { attachments: [{ type: 'image', payload: { url: linkTo(path) } }] } : {};
      const message = { mid: `m_${psid}_${text}`, text, ...attachments };
      const webhook = signed(envelope([item(psid, { message })]));
      // As platforms do: what was not taken is delivered again.
      await until('200', async () => (await fetch(`${product.url}/webhooks/messenger/acme-page`, webhook)).ok, within);
    },
  };
}

const ok =
  (bytes: Buffer, contentType = 'image/png') =>
  (_: number, response: ServerResponse) =>
    void response.writeHead(200, { 'content-type': contentType, 'content-length': bytes.length }).end(bytes);

/** Answers only when told to. */
function held(path: string): () => void {
  const waiting: ServerResponse[] = [];
  let released = false;
  answers.set(path, (n, response) => (released ? ok(png)(n, response) : void waiting.push(response)));
  return () => {
    released = true;
    for (const response of waiting.splice(0)) ok(png)(1, response);
  };
}

test('a file that comes at once is in the same comment as the text', async () => {
  const customer = newCustomer(patient);
  answers.set('/quick/photo.png', ok(png));
  await customer.sends('look', '/quick/photo.png');
  await until('a comment', () => customer.comments().length > 0, within);
  expect(customer.comments()).toEqual([
    expect.objectContaining({
      body: 'look\n🖼 Image (photo.png)',
      attachments: [expect.objectContaining({ name: 'photo.png' })],
    }),
  ]);
  expect(await metric(patient.url, 'passerelle_media_total', { outcome: 'stored' })).toBe(1);
  expect(await metric(patient.url, 'passerelle_media_stored_bytes_total')).toBe(png.length);
});

test('a file whose platform stumbles: the text goes at once, the file follows once, on the same ticket', async () => {
  const customer = newCustomer(patient);
  answers.set('/stumbles/a.png', (n, response) =>
    n < 3 ? void response.writeHead(503, { 'retry-after': '1' }).end() : ok(png)(n, response),
  );
  await customer.sends('see this', '/stumbles/a.png');
  await until('the text', () => customer.comments().length > 0, within);
  expect(customer.comments()[0]).toMatchObject({ body: 'see this\n🖼 Image: follows', attachments: [] });
  await until('the file', () => customer.attached().length > 0, within);
  expect(customer.tickets()).toHaveLength(1);
  const followUp = customer.comments()[1];
  expect(followUp).toMatchObject({ public: true, authorRole: 'end-user', attachments: [{ name: 'a.png' }] });
  expect(followUp!.body).toMatch(/^↪ Belongs to the message of \d{4}-\d\d-\d\d \d\d:\d\d UTC:\n🖼 Image \(a\.png\)$/);
  const told = () => patient.salesforce.records('Task').map((task) => String(task['Description']));
  await until('history', () => told().some((text) => text.includes('see this\n🖼 Image (a.png)')), within);
  await quietFor(300);
  expect(customer.attached()).toEqual(['a.png']);
  expect(tries.get('/stumbles/a.png')).toBe(3);
});

test('a slow file holds neither its text nor what is said meanwhile', async () => {
  const customer = newCustomer(hasty);
  const release = held('/slow/b.png');
  await customer.sends('first', '/slow/b.png');
  await until('the text', () => customer.comments().length > 0, within);
  await customer.sends('second');
  await until('the second', () => customer.comments().length > 1, within);
  release();
  await until('the file', () => customer.attached().length > 0, within);
  expect(customer.bodies()).toEqual(['first\n🖼 Image: follows', 'second', expect.stringMatching(/^↪ .*b\.png\)$/s)]);
});

test.each<['closed' | 'solved' | 'deleted', number, number]>([
  ['closed', 1, 2],
  ['solved', 0, 1],
  ['deleted', 1, 2],
])('a file that follows when its ticket is %s finds its way', async (status, index, tickets) => {
  const customer = newCustomer(hasty);
  const release = held(`/ended/${status}.png`);
  await customer.sends('first', `/ended/${status}.png`);
  const ticket = await until('a ticket', () => customer.tickets()[0], within);
  await until('the text', () => customer.comments().length > 0, within);
  hasty.zendesk.setStatus(ticket.id, status);
  release();
  await until('the file', () => customer.attached().length > 0, within);
  expect(customer.tickets()).toHaveLength(tickets);
  expect(customer.tickets()[index]!.comments.flatMap(({ attachments }) => attachments)).toHaveLength(1);
});

test('a file whose ticket has closed goes on the one that came after it', async () => {
  const customer = newCustomer(hasty);
  const release = held('/after/h.png');
  await customer.sends('first', '/after/h.png');
  const first = await until('a ticket', () => customer.tickets()[0], within);
  hasty.zendesk.setStatus(first.id, 'closed');
  await customer.sends('second');
  await until('another', () => customer.tickets()[1], within);
  release();
  await until('the file', () => customer.attached().length > 0, within);
  expect(customer.tickets().map(({ comments }) => comments.flatMap(({ attachments }) => attachments).length)).toEqual([
    0, 1,
  ]);
});

test.each<[string, string, (n: number, response: ServerResponse) => void, RegExp]>([
  [
    'is gone',
    '/gone/c.png',
    (_, response) => void response.writeHead(404).end(),
    /not attached, .+no longer works.+\nhttp:.+c\.png$/s,
  ],
  [
    'is too large',
    '/large/d.png',
    ok(Buffer.alloc(150_000)),
    /not attached, it has 146\.5 kB, more than the 100 kB that are fetched\nhttp/,
  ],
  [
    'is a page that claims to be a picture',
    '/page/e.png',
    ok(Buffer.from('<!doctype html><script>alert(1)</script>')),
    /🖼 Image \(e\.html\.unsafe\)\n⚠️ This file is not what it claims to be: it is a web page \(text\/html\)/,
  ],
  [
    'is a program that claims to be a picture',
    '/program/f.png',
    ok(Buffer.concat([Buffer.from('MZ'), Buffer.alloc(100)])),
    /🖼 Image \(f\.exe\.unsafe\)\n⚠️ .+a Windows program/,
  ],
  [
    'lies behind a redirect into the private network',
    '/redirect/g.png',
    (_, response) => void response.writeHead(302, { location: 'http://10.1.2.3/secret.png' }).end(),
    /not attached, its address is inside a private network$/,
  ],
])('a file that %s: the ticket says so with the text', async (_, path, answer, body) => {
  const customer = newCustomer(patient);
  answers.set(path, answer);
  await customer.sends('look', path);
  await until('a comment', () => customer.comments().length > 0, within);
  expect(customer.bodies()).toEqual([expect.stringMatching(body)]);
});

test('a file that is not to be had before the end of patience: said on the ticket, once', async () => {
  const customer = newCustomer(patient);
  answers.set('/never/h.png', (_, response) => void response.writeHead(500).end());
  await customer.sends('look', '/never/h.png');
  await until('the bad news', () => customer.comments().length > 1, within);
  expect(customer.bodies()).toEqual([
    'look\n🖼 Image: follows',
    expect.stringMatching(/🖼 Image: not attached, the server answered with status 500\nhttp.+h\.png$/),
  ]);
  expect(await metric(patient.url, 'passerelle_media_total', { outcome: 'later' })).toBeGreaterThan(0);
  expect(await metric(patient.url, 'passerelle_media_total', { outcome: 'never' })).toBeGreaterThan(0);
  expect(await metric(patient.url, 'passerelle_media_waiting')).toBe(0);
});
