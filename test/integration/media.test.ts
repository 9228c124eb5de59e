import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { envelope, item, signed } from '../support/meta-webhook.ts';
import { metric } from '../support/metric.ts';
import { type Product, startProduct } from '../support/product.ts';
import { quietFor, until } from '../support/until.ts';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);

/** A platform's file server that can be told how to answer. */
const answers = new Map<string, (tries: number, response: ServerResponse) => void>();
const tries = new Map<string, number>();
let files: Server;
let product: Product;
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
  product = await startProduct({
    media: { allowedHosts: [`127.0.0.1:${port}`], maxBytes: '100kb', retryFor: '3s' },
  });
});
afterAll(async () => {
  await product?.stop();
  files?.close();
});

const linkTo = (path: string) => `http://127.0.0.1:${(files.address() as AddressInfo).port}${path}`;
const ticketsOf = (psid: string) =>
  product.zendesk.tickets().filter(({ requester }) => requester.externalId === `messenger:acme-page:${psid}`);
const commentsOf = (psid: string) => ticketsOf(psid).flatMap(({ comments }) => comments);
const attached = (psid: string) => commentsOf(psid).flatMap(({ attachments }) => attachments.map(({ name }) => name));

/** A customer's message with a file at this address. */
async function sends(psid: string, text: string, url: string): Promise<void> {
  if (!product.messenger.threads().some((thread) => thread.psid === psid))
    product.messenger.addCustomer({ psid, name: `Customer ${psid}` });
  const message = { mid: `m_${psid}_${text}`, text, attachments: [{ type: 'image', payload: { url } }] };
  const sent = await fetch(`${product.url}/webhooks/messenger/acme-page`, signed(envelope([item(psid, { message })])));
  expect(sent.status).toBe(200);
}

const ok =
  (bytes: Buffer, contentType = 'image/png') =>
  (_: number, response: ServerResponse) =>
    void response.writeHead(200, { 'content-type': contentType, 'content-length': bytes.length }).end(bytes);

/** Answers only when told to. */
function held(path: string): () => void {
  const waiting: ServerResponse[] = [];
  answers.set(path, (_, response) => void waiting.push(response));
  return () => {
    for (const response of waiting.splice(0)) ok(png)(1, response);
  };
}

test('a file that comes at once is in the same comment as the text', async () => {
  answers.set('/quick/photo.png', ok(png));
  await sends('1', 'look', linkTo('/quick/photo.png'));
  const [comment] = await until('a comment', () => commentsOf('1').length > 0 && commentsOf('1'));
  expect(comment).toMatchObject({ body: 'look\n🖼 Image (photo.png)', attachments: [{ name: 'photo.png' }] });
  expect(await metric(product.url, 'passerelle_media_total', { outcome: 'stored' })).toBe(1);
  expect(await metric(product.url, 'passerelle_media_stored_bytes_total')).toBe(png.length);
});

test('a file whose platform stumbles: the text goes at once, the file follows once, on the same ticket', async () => {
  answers.set('/stumbles/a.png', (n, response) =>
    n < 3 ? void response.writeHead(503, { 'retry-after': '1' }).end() : ok(png)(n, response),
  );
  const startedAt = Date.now();
  await sends('2', 'see this', linkTo('/stumbles/a.png'));
  await until('the text', () => commentsOf('2').length > 0);
  expect(Date.now() - startedAt).toBeLessThan(2_000);
  expect(commentsOf('2')[0]).toMatchObject({ body: 'see this\n🖼 Image: follows', attachments: [] });
  await sends('2', 'and this', linkTo('/quick/photo.png'));
  await until('the file', () => commentsOf('2').length > 2);
  expect(ticketsOf('2')).toHaveLength(1);
  const followUp = commentsOf('2').find(({ body }) => body.startsWith('↪ Belongs to'));
  expect(followUp).toMatchObject({ public: true, authorRole: 'end-user', attachments: [{ name: 'a.png' }] });
  expect(followUp!.body).toMatch(/^↪ Belongs to the message of \d{4}-\d\d-\d\d \d\d:\d\d UTC:\n🖼 Image \(a\.png\)$/);
  await quietFor(300);
  expect(attached('2').sort()).toEqual(['a.png', 'photo.png']);
  // Retry-After was kept to.
  expect(tries.get('/stumbles/a.png')).toBe(3);
  const told = () => product.salesforce.records('Task').map((task) => String(task['Description']));
  await until('history', () => told().some((text) => text.includes('see this\n🖼 Image (a.png)')));
});

test('a slow file does not hold the text either, nor what is said meanwhile', async () => {
  const release = held('/slow/b.png');
  await sends('3', 'first', linkTo('/slow/b.png'));
  await until('the text', () => commentsOf('3').length > 0);
  await sends('3', 'second', linkTo('/quick/photo.png'));
  await until('the second', () => commentsOf('3').length > 1);
  release();
  await until('the file', () => commentsOf('3').length > 2);
  expect(commentsOf('3').map(({ attachments }) => attachments.map(({ name }) => name))).toEqual([
    [],
    ['photo.png'],
    ['b.png'],
  ]);
});

test.each<['closed' | 'solved' | 'deleted', number, number]>([
  ['closed', 1, 2],
  ['solved', 0, 1],
  ['deleted', 1, 2],
])('a file that follows when its ticket is %s finds its way', async (status, index, tickets) => {
  const psid = `4-${status}`;
  const path = `/ended/${status}.png`;
  const release = held(path);
  await sends(psid, 'first', linkTo(path));
  const ticket = await until('a ticket', () => ticketsOf(psid)[0]);
  product.zendesk.setStatus(ticket.id, status);
  release();
  await until('the file', () => attached(psid).length > 0);
  const where = product.zendesk.tickets().filter(({ requester }) => requester.externalId?.endsWith(psid));
  expect(where).toHaveLength(tickets);
  expect(where[index]!.comments.flatMap(({ attachments }) => attachments)).toHaveLength(1);
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
  const psid = `5${path.replaceAll('/', '-')}`;
  answers.set(path, answer);
  await sends(psid, 'look', linkTo(path));
  await until('a comment', () => commentsOf(psid).length > 0);
  expect(commentsOf(psid).map((comment) => comment.body)).toEqual([expect.stringMatching(body)]);
});

test('a file that is nowhere to be had before the end of patience: said on the ticket, once', async () => {
  answers.set('/never/h.png', (_, response) => void response.writeHead(500).end());
  await sends('6', 'look', linkTo('/never/h.png'));
  await until('the bad news', () => commentsOf('6').length > 1, 20_000);
  expect(commentsOf('6').map(({ body }) => body)).toEqual([
    'look\n🖼 Image: follows',
    expect.stringMatching(/🖼 Image: not attached, the server answered with status 500\nhttp.+h\.png$/),
  ]);
  expect(await metric(product.url, 'passerelle_media_total', { outcome: 'later' })).toBeGreaterThan(0);
  expect(await metric(product.url, 'passerelle_media_total', { outcome: 'never' })).toBeGreaterThan(0);
  expect(await metric(product.url, 'passerelle_media_waiting')).toBe(0);
});
