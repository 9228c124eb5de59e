import { afterAll, beforeAll, expect, test } from 'vitest';
import { hmacSha256 } from '../../src/kit/crypto.ts';
import { type Product, startProduct, zendeskAccount } from '../support/product.ts';
import { until } from '../support/until.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
  product.zendesk.setRateLimit(1_000_000);
});
afterAll(() => product?.stop());

const ticketOf = (psid: string) =>
  product.zendesk.tickets().find(({ requester }) => requester.externalId === `messenger:acme-page:${psid}`);
const answersTo = (psid: string) =>
  product.messenger
    .threads()
    .find((thread) => thread.psid === psid)!
    .bubbles.filter(({ from }) => from === 'page')
    .map(({ text }) => text);
const readings = () =>
  product.zendesk.requests.filter(({ method, path }) => method === 'GET' && /\/tickets\/\d+\/comments/.test(path))
    .length;

test('an answer given before the ticket is known here is sent as soon as it is', async () => {
  product.messenger.addCustomer({ psid: '700', name: 'Early Bird' });
  product.zendesk.inject({ kind: 'timeout-after', method: 'POST', path: '/tickets', times: 1, delayMs: 3_000 });
  await product.messenger.customerSends('700', { type: 'text', text: 'Anybody there?' });
  const ticket = await until('a ticket', () => ticketOf('700'));
  await product.zendesk.agentComments(ticket.id, { text: 'Yes, at once', public: true });
  await until('the answer', () => answersTo('700').includes('Yes, at once'));
  expect(answersTo('700')).toEqual(['Yes, at once']);
});

test('a ticket about which nobody called is not read: that would cost a call for each', async () => {
  const before = readings();
  product.messenger.addCustomer({ psid: '701', name: 'Calm Customer' });
  await product.messenger.customerSends('701', { type: 'text', text: 'Hello' });
  const ticket = await until('a ticket', () => ticketOf('701'));
  await product.zendesk.agentComments(ticket.id, { text: 'Hello to you', public: true });
  await until('the answer', () => answersTo('701').length === 1);
  expect(readings() - before).toBe(1);
});

test('a call about a ticket of somebody else is remembered, once, and its job is done', async () => {
  const ticket = '987654321';
  const memory = () =>
    product.db.selectFrom('early_callbacks').select('came_at').where('ticket', '=', ticket).executeTakeFirst();
  await callAbout(ticket);
  const first = await until('the memory', memory);
  await callAbout(ticket);
  await until('the second call', async () => (await memory())!.came_at > first.came_at);
});

async function callAbout(ticket: string): Promise<void> {
  const body = `{"ticket_id":"${ticket}"}`;
  const at = new Date().toISOString();
  const { status } = await fetch(`${product.url}/webhooks/zendesk/acme-zendesk`, {
    method: 'POST',
    body,
    headers: {
      'Content-Type': 'application/json',
      'X-Zendesk-Webhook-Signature-Timestamp': at,
      'X-Zendesk-Webhook-Signature': hmacSha256(zendeskAccount.webhookSecret, at, body).toString('base64'),
    },
  });
  expect(status).toBe(200);
}
