import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product?.stop());

test('a customer writes: a ticket with who they are and what they said, and a line of Salesforce history', async () => {
  const { messenger, zendesk, salesforce } = product;
  messenger.addCustomer({ psid: '7712', name: 'Ida Berg' });
  await messenger.customerSends('7712', { type: 'text', text: 'Do you ship to Oslo? 🚚' });
  const ticket = await until('a ticket', () => zendesk.tickets()[0]);
  expect(ticket.requester).toMatchObject({ name: 'Ida Berg', externalId: 'messenger:acme-page:7712' });
  expect(ticket.comments).toHaveLength(1);
  expect(ticket.comments[0]).toMatchObject({
    body: 'Do you ship to Oslo? 🚚',
    public: true,
    authorId: ticket.requester.id,
  });
  const task = await until('a task', () => salesforce.records('Task')[0]);
  expect(task['Description']).toContain('Do you ship to Oslo? 🚚');
  expect(salesforce.records('Contact')).toHaveLength(1);
});

test("an agent's public reply arrives in the chat, a private note does not", async () => {
  const { messenger, zendesk } = product;
  const [ticket] = zendesk.tickets();
  await zendesk.agentComments(ticket!.id, { text: 'internal', public: false });
  await zendesk.agentComments(ticket!.id, { html: '<p>Yes, <b>within two days</b>.</p>', public: true });
  const bubble = await until('a bubble', () => messenger.threads()[0]?.bubbles.find(({ from }) => from === 'page'));
  expect(bubble.text).toContain('within two days');
  expect(messenger.threads()[0]?.bubbles.map(({ text }) => text)).not.toContain('internal');
});
