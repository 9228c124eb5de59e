import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct({
    channel: { humanAgent: false },
    helpdesk: { answerUntilField: 77 },
    mapping: { tickets: { fields: { custom_fields: [{ id: 12, value: 'from the mapping' }] } } },
  });
});
afterAll(() => product?.stop());

const fields = () => product.zendesk.tickets()[0]?.fields['custom_fields'];
const inWords = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
const dayAfter = (at: Date) => inWords(new Date(at.getTime() + 24 * 3_600_000));

test('the ticket says until when an answer reaches the customer; what they write next moves it', async () => {
  const { messenger } = product;
  messenger.addCustomer({ psid: '100', name: 'Ida' });
  const first = new Date(Date.now() - 3 * 3_600_000);
  await messenger.customerSends('100', { type: 'text', text: 'Hello' }, { at: first });
  await until('a ticket', () => product.zendesk.tickets()[0]);
  expect(fields()).toEqual([
    { id: 12, value: 'from the mapping' },
    { id: 77, value: dayAfter(first) },
  ]);
  const second = new Date(Date.now() - 3_600_000);
  await messenger.customerSends('100', { type: 'text', text: 'Are you there?' }, { at: second });
  await until('a second comment', () => product.zendesk.tickets()[0]!.comments.length === 2);
  expect(fields()).toEqual([
    { id: 12, value: 'from the mapping' },
    { id: 77, value: dayAfter(second) },
  ]);
});
