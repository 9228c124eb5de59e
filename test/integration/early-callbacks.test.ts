import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Product, startProduct } from '../support/product.ts';
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
