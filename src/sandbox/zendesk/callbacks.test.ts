import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hmacSha256 } from '../../kit/crypto.ts';
import { startZendeskSimulator, type ZendeskSandbox } from './simulator.ts';

let zendesk: ZendeskSandbox;
let server: Server;
let port: number;
let got: { headers: IncomingHttpHeaders; body: string }[];
/** Statuses to answer with, in order; 200 when there are no more, no answer for 0. */
let answers: { status: number; headers?: Record<string, string> }[];
let ticket: number;

const listen = (at = 0) => new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve));

beforeEach(async () => {
  got = [];
  answers = [];
  server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    got.push({ headers: request.headers, body });
    const { status, headers } = answers.shift() ?? { status: 200 };
    if (status > 0) response.writeHead(status, headers).end();
  });
  await listen();
  port = (server.address() as AddressInfo).port;
  zendesk = await startZendeskSimulator({
    clientId: 'c',
    clientSecret: 's',
    webhookSecret: 'webhook-secret',
    accessToken: 'fixed',
    webhookUrl: `http://127.0.0.1:${port}/webhooks/zendesk/acme`,
    callbackTimeoutMs: 200,
  });
  ticket = await newTicket();
});
afterEach(async () => {
  await zendesk.close();
  server.closeAllConnections();
  server.close();
});

async function newTicket(): Promise<number> {
  const answer = await fetch(`${zendesk.url}/api/v2/tickets.json`, {
    method: 'POST',
    headers: { authorization: 'Bearer fixed', 'content-type': 'application/json' },
    body: JSON.stringify({ ticket: { subject: 'S', comment: { body: 'Hello' } } }),
  });
  return ((await answer.json()) as { ticket: { id: number } }).ticket.id;
}

const agentSays = (isPublic = true) => zendesk.agentComments(ticket, { text: 'Hi', public: isPublic });

async function settled(): Promise<void> {
  const until = Date.now() + 8_000;
  while (zendesk.webhooks.owed() > 0) {
    if (Date.now() > until) throw new Error('callbacks are still owed');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test('an agent’s public answer calls back, signed', async () => {
  await agentSays();
  await settled();
  expect(got).toHaveLength(1);
  const { headers, body } = got[0]!;
  expect(body).toBe(`{"ticket_id":"${ticket}"}`);
  const timestamp = String(headers['x-zendesk-webhook-signature-timestamp']);
  expect(Math.abs(Date.now() - Date.parse(timestamp))).toBeLessThan(5_000);
  expect(headers['x-zendesk-webhook-signature']).toBe(hmacSha256('webhook-secret', timestamp, body).toString('base64'));
});

test('a private note, and a lost callback, call nobody', async () => {
  await agentSays(false);
  zendesk.webhooks.lose = true;
  await agentSays();
  await settled();
  expect(got).toEqual([]);
});

test('sends as many copies as told', async () => {
  zendesk.webhooks.copies = 3;
  await agentSays();
  await settled();
  expect(got).toHaveLength(3);
});

test.each([
  ['409, three times at most', [409, 409, 409, 409], {}, 3],
  ['503 with Retry-After', [503, 200], { 'retry-after': '0' }, 2],
  ['429 with Retry-After', [429, 200], { 'retry-after': '0' }, 2],
  ['503 without: not again', [503], {}, 1],
  ['503 with a long Retry-After: not again', [503], { 'retry-after': '60' }, 1],
  ['500: not again', [500], {}, 1],
  ['401: not again', [401], {}, 1],
  ['no answer in time', [0, 200], {}, 2],
])('tries again after %s', async (_it, statuses, headers, times) => {
  answers = statuses.map((status) => ({ status, headers }));
  await agentSays();
  await settled();
  expect(got).toHaveLength(times);
});

test('waits for a service that is not there yet', async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await agentSays();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(zendesk.webhooks.owed()).toBe(1);
  await listen(port);
  await settled();
  expect(got).toHaveLength(1);
});

test('gives up what is owed when reset', async () => {
  answers = [{ status: 503, headers: { 'retry-after': '30' } }];
  await agentSays();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(zendesk.webhooks.owed()).toBe(1);
  zendesk.reset();
  await settled();
  expect(got).toHaveLength(1);
});

test('calls the address it is given later', async () => {
  zendesk.setWebhookUrl(undefined);
  await agentSays();
  await settled();
  expect(got).toEqual([]);
  zendesk.setWebhookUrl(`http://127.0.0.1:${port}/`);
  await agentSays();
  await settled();
  expect(got).toHaveLength(1);
});
