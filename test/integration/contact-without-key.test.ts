import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Product, startProduct } from '../support/product.ts';
import { quietFor, until } from '../support/until.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct({ mapping: { contacts: { externalIdField: 'none' } } });
});
afterAll(() => product?.stop());

test('without a key, a contact whose creation was not answered is not created again: a person is asked', async () => {
  const { messenger, salesforce, zendesk } = product;
  messenger.addCustomer({ psid: '100', name: 'Ida Berg' });
  salesforce.inject({ kind: 'reset-after', method: 'POST', path: '/sobjects/Contact', times: 1 });
  await messenger.customerSends('100', { type: 'text', text: 'Hello' });
  await until('the history', () => salesforce.records('Task').length > 0);
  await messenger.customerSends('100', { type: 'text', text: 'Hello again' });
  await until('both', () => String(salesforce.records('Task')[0]?.['Description']).includes('Hello again'));
  await quietFor(300);
  expect(salesforce.records('Contact')).toHaveLength(1);
  expect(salesforce.records('Contact')[0]?.['Passerelle_Key__c'] ?? null).toBeNull();
  const notes = () => zendesk.tickets()[0]!.comments.filter((comment) => !comment.public);
  await until('the note', () => notes().length === 1);
}, 30_000);
