import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandLine } from '../support/command-line.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

let product: Product;
let customer: number;
beforeAll(async () => {
  product = await startProduct();
  product.messenger.addCustomer({ psid: '7712', name: 'Ida Berg' });
  await product.messenger.customerSends('7712', { type: 'text', text: 'I am ida@example.com, +47 912 34 567' });
  const row = await until('the contact', () =>
    product.db.selectFrom('contact_links').select('customer').where('state', '=', 'linked').executeTakeFirst(),
  );
  customer = row.customer;
});
afterAll(() => product?.stop());

const show = (...args: string[]) => commandLine(product.file, product.databaseUrl, ['customer', 'show', ...args]);

test('shows who it is, every fact, the platforms and the contact, each with how it is known', async () => {
  const { code, out } = await show(String(customer));
  expect(code).toBe(0);
  expect(out).toMatch(new RegExp(`^Customer ${customer}: Ida Berg`));
  expect(out).toMatch(/email +ida@example\.com +stated +customer +\S+ +acme-page message:m_/);
  expect(out).toMatch(/phone +\+4791234567 +stated +customer/);
  expect(out).toMatch(/acme-page +7712 +wrote-here/);
  expect(out).toMatch(/acme-salesforce +linked +003\w+ +created by us/);
});

test.each([
  ['the platform user', ['7712']],
  ['the platform user on one account', ['7712', '--account', 'acme-page']],
  ['the e-mail, however it is written', ['IDA@Example.com']],
  ['the phone', ['+47 912 34 567']],
])('finds the customer by %s', async (_, args) => {
  const { code, out } = await show(...args, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ id: customer, facts: [{ kind: 'phone' }, { kind: 'email' }] });
});

test.each([[['nobody']], [['7712', '--account', 'acme-other']], [['ida@example.org']]])(
  '%j is nobody',
  async (args) => {
    expect((await show(...args)).code).toBe(1);
  },
);
