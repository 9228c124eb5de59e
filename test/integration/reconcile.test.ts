import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product?.stop());

test('a callback that never came is found in the changes of the helpdesk, once', async () => {
  const { messenger, zendesk, db } = product;
  messenger.addCustomer({ psid: '100', name: 'Ida' });
  await messenger.customerSends('100', { type: 'text', text: 'Anybody there?' });
  const ticket = await until('a ticket', () => zendesk.tickets()[0]);
  zendesk.webhooks.lose = true;
  await zendesk.agentComments(ticket.id, { text: 'Here I am', public: true });
  const answers = () => messenger.threads()[0]!.bubbles.filter(({ from }) => from === 'page');
  await until('the answer', () => answers().length > 0, 90_000);
  expect(answers().map(({ text }) => text)).toEqual(['Here I am']);
  // Nothing called back: it was found by looking.
  expect(await db.selectFrom('events').select('key').where('type', '=', 'callback').execute()).toEqual([]);
  expect((await db.selectFrom('cursors').select('helpdesk').execute()).map(({ helpdesk }) => helpdesk)).toEqual([
    'acme-zendesk',
  ]);
}, 100_000);
