import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordConsent } from '../../src/store/consents.ts';
import { beginConversation, customerActed } from '../../src/store/conversations.ts';
import { commandLine } from '../support/command-line.ts';
import { type Product, startProduct } from '../support/product.ts';

let product: Product;
let customer: number;
const wrote = new Date(Date.now() - 30 * 3_600_000);
beforeAll(async () => {
  product = await startProduct();
  await product.stopService();
  customer = await product.db.transaction().execute(async (tx) => {
    const conversation = await beginConversation(tx, 'acme-page', '700');
    await customerActed(tx, conversation.id, wrote);
    const { id } = conversation.customer;
    const act = { customer: id, channel: 'messenger', purpose: 'marketing', at: wrote, by: 'customer' } as const;
    await recordConsent(tx, { ...act, act: 'granted', source: 'keyword', words: '=JOIN, "now"' });
    await recordConsent(tx, { ...act, act: 'revoked', purpose: '*', source: 'keyword', words: 'STOP', at: new Date() });
    return id;
  });
});
afterAll(() => product?.stop());

const run = (...args: string[]) => commandLine(product.file, product.databaseUrl, args);

test('shows what stands for a customer and every act that led there', async () => {
  const { code, out } = await run('consents', 'show', '--customer', '700');
  expect(code).toBe(0);
  expect(out).toMatch(/messenger +\* +revoked/);
  expect(out).toMatch(/messenger +marketing +granted +keyword +customer/);
  const shown = await run('consents', 'show', '--customer', String(customer), '--json');
  expect(JSON.parse(shown.out)).toMatchObject({ customer, states: [{ purpose: '*' }, { purpose: 'marketing' }] });
});

test('exports the proof as JSON and as CSV that no spreadsheet runs', async () => {
  const json = await run('consents', 'export', '--customer', '700');
  expect(JSON.parse(json.out)).toMatchObject([{ act: 'granted', words: '=JOIN, "now"' }, { act: 'revoked' }]);
  const csv = await run('consents', 'export', '--customer', '700', '--format', 'csv');
  const [head, first] = csv.out.split('\n');
  expect(head).toBe(
    'id,customer,channel,purpose,act,source,words,at,recordedAt,by,account,platformUser,event,requestId,ip',
  );
  expect(first).toContain(`"'=JOIN, ""now"""`);
});

test('says who nobody is', async () => {
  const { code, err } = await run('consents', 'show', '--customer', 'nobody');
  expect([code, err]).toEqual([2, expect.stringContaining('Nobody is known as nobody')]);
});

test('explains what the platform allows, by when the customer last wrote', async () => {
  const late = ['policy', 'explain', '--account', 'acme-page', '--purpose', 'order-updates'];
  const no = await run(...late, '--customer', '700');
  expect(no.code).toBe(1);
  expect(no.out).toMatch(/^No: the time is over .*\nInstead: an approved utility template\./);
  const yes = await run(...late, '--last-customer-at', '3h', '--json');
  expect(yes.code).toBe(0);
  expect(JSON.parse(yes.out)).toMatchObject({ may: true, right: 'response', by: [{ id: 'window' }] });
  const then = await run(...late, '--last-customer-at', '2026-03-01', '--at', '2026-04-01');
  expect(then.out).toMatch(/Yes, by the right response, until 2026-04-27.*\n.*tag-post-purchase-update/);
  const person = await run('policy', 'explain', '--channel', 'messenger', '--customer', '700', '--by-person');
  expect(person.out).toMatch(/Yes, by the right human-agent/);
  const germany = ['policy', 'explain', '--channel', 'messenger', '--form', 'marketing', '--purpose', 'marketing'];
  expect((await run(...germany, '--country', 'de')).out).toMatch(/no marketing messages|takes no marketing messages/);
});

test('an account that is none is told with those there are', async () => {
  const { code, err } = await run('policy', 'explain', '--account', 'nobody');
  expect([code, err]).toEqual([2, expect.stringContaining('acme-page (messenger)')]);
});

test('lists the rules that hold, and on demand those that did', async () => {
  const now = await run('policy', 'list', '--channel', 'messenger');
  expect(now.out).toMatch(/window +yes +anything for 24 hours/);
  expect(now.out).not.toContain('POST_PURCHASE_UPDATE');
  const all = await run('policy', 'list', '--all', '--channel', 'messenger', '--at', '2026-04-01');
  expect(all.out).toMatch(/tag-post-purchase-update +26 more days/);
  expect((await run('policy', 'list', '--channel', 'pigeon')).code).toBe(2);
});
