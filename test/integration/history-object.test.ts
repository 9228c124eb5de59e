import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandLine } from '../support/command-line.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct({ mapping: { history: { shape: 'object' } }, channel: { helpdesk: undefined } });
});
afterAll(() => product?.stop());

test('an account without a helpdesk records each message as a custom object, once', async () => {
  const { messenger, salesforce, zendesk } = product;
  messenger.addCustomer({ psid: '100', name: 'Ida Berg' });
  messenger.webhooks.copies = 2;
  const mids = [];
  for (const text of ['one', 'two', 'three']) mids.push(await messenger.customerSends('100', { type: 'text', text }));
  const texts = () => salesforce.records('Passerelle_Message__c').map((record) => record['Text__c']);
  await until('three records', () => texts().length >= 3);
  expect([...texts()].sort()).toEqual(['one', 'three', 'two']);
  const [contact] = salesforce.records('Contact');
  expect(salesforce.records('Passerelle_Message__c')[0]).toMatchObject({
    Direction__c: 'in',
    Author__c: 'Ida Berg',
    Contact__c: contact?.Id,
  });
  expect(salesforce.records('Contact')).toHaveLength(1);
  expect(zendesk.tickets()).toEqual([]);
});

test('a file that is late is told with the message it belongs to', async () => {
  const { messenger, salesforce } = product;
  messenger.inject({ kind: '503', method: 'GET', path: '/late.txt', times: 2, retryAfter: 1 });
  const files = [{ name: 'late.txt', contentType: 'text/plain', bytes: Buffer.from('late') }];
  await messenger.customerSends('100', { type: 'file', files });
  const texts = () => salesforce.records('Passerelle_Message__c').map((record) => String(record['Text__c']));
  await until('the message', () => texts().some((text) => text.includes('follows')), 40_000);
  await until('the file', () => texts().includes('📎 File (late.txt)'), 40_000);
  expect(texts()).toHaveLength(4);
});

test('a message that is removed is taken out of its record, and nothing else', async () => {
  const { salesforce } = product;
  const { id } = await product.db
    .selectFrom('messages')
    .select('id')
    .where('parts', '@>', JSON.stringify([{ text: 'two' }]) as never)
    .executeTakeFirstOrThrow();
  await commandLine(product.file, product.databaseUrl, ['redact', '--message', String(id), '--yes']);
  const texts = () => salesforce.records('Passerelle_Message__c').map((record) => String(record['Text__c']));
  await until('it is gone', () => !texts().includes('two'));
  expect(texts().sort()).toEqual(['[Removed]', 'one', 'three', '📎 File (late.txt)'].sort());
});

test('a wrong link is cut: every record leaves the contact, none is added; undone, all are there again', async () => {
  const { salesforce } = product;
  const contact = salesforce.records('Contact')[0]?.Id;
  const links = (...args: string[]) => commandLine(product.file, product.databaseUrl, ['links', ...args]);
  const tied = () => salesforce.records('Passerelle_Message__c').map((record) => record['Contact__c'] ?? null);
  const before = tied();
  expect(new Set(before)).toEqual(new Set([contact]));
  const { customer } = JSON.parse((await links('show', 'user:100', '--json')).out) as { customer: number };
  const { out } = await links('cut', String(customer), 'acme-salesforce', '--why', 'somebody else');
  await until('no record of the contact', () => tied().every((id) => id === null));
  expect(tied()).toHaveLength(before.length);
  await links('undo', /act (\d+)/.exec(out)?.[1] ?? '');
  await until('all records of the contact', () => tied().every((id) => id === contact));
  expect(tied()).toHaveLength(before.length);
});
