import { afterAll, beforeAll, expect, test } from 'vitest';
import { factsOf } from '../../src/store/facts.ts';
import { deliver, item } from '../support/meta-webhook.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

const shopKey = 'a-key-of-the-shop-0123456789';
let product: Product;
beforeAll(async () => {
  product = await startProduct({ settings: { api: { keys: [{ name: 'shop', key: shopKey, scopes: ['links'] }] } } });
});
afterAll(() => product?.stop());

async function tokenFor(customerId: string): Promise<string> {
  const response = await fetch(`${product.url}/v1/links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${shopKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ customerId }),
  });
  return ((await response.json()) as { token: string }).token;
}

const hook = (...items: unknown[]) => deliver(product.url, items);
const message = (mid: string, more: object = {}) => ({ message: { mid, text: 'Hello' }, ...more });
const answers = (userRef: string) => ({ prior_message: { source: 'checkbox_plugin', identifier: userRef } });
/** A checkbox: no sender, only the page's own reference. */
const ticked = (userRef: string, ref: string) => {
  const { sender: _, ...nobody } = item('nobody', { optin: { ref, user_ref: userRef } });
  return nobody;
};

/** The shop's customers a platform user is known to be, and those no longer so. */
async function atShop(psid: string): Promise<{ stands: string[]; withdrawn: string[] }> {
  const rows = await product.db
    .selectFrom('conversations')
    .select('customer')
    .where('platform_user', '=', psid)
    .execute();
  const facts = rows[0] ? await factsOf(product.db, rows[0].customer) : [];
  const values = (all: typeof facts) => all.map(({ value }) => value);
  return {
    stands: values(facts.filter(({ withdrawn }) => !withdrawn)),
    withdrawn: values(facts.filter(({ withdrawn }) => withdrawn)),
  };
}
const known = (psid: string, customer: string) =>
  until(`${psid} as ${customer}`, async () => (await atShop(psid)).stands.includes(customer));
const said = (psid: string) =>
  until('said', () =>
    product.db
      .selectFrom('messages as m')
      .innerJoin('conversations as c', 'c.id', 'm.conversation')
      .select('m.id')
      .where('c.platform_user', '=', psid)
      .where('m.kind', '=', 'said')
      .executeTakeFirst(),
  );

test('the ref of a Send to Messenger button is a link like any other', async () => {
  await hook(item('500', { optin: { ref: await tokenFor('S-1') } }));
  await known('500', 'S-1');
});

test('a ticked box counts for whoever answers under its reference, and only for the first', async () => {
  await hook(ticked('uref-1', await tokenFor('S-2')));
  await hook(item('501', message('m_501', answers('uref-1'))));
  await known('501', 'S-2');
  await hook(item('502', message('m_502', answers('uref-1'))));
  await said('502');
  expect(await atShop('502')).toEqual({ stands: [], withdrawn: [] });
});

test('the answer may come before the tick', async () => {
  await hook(item('503', message('m_503', answers('uref-2'))));
  await said('503');
  await hook(ticked('uref-2', await tokenFor('S-3')));
  await known('503', 'S-3');
});

test('the token itself may be the reference', async () => {
  const token = await tokenFor('S-4');
  await hook(ticked(token, 'cart-9'));
  await hook(item('504', message('m_504', answers(token))));
  await known('504', 'S-4');
});

test('a linked account is evidence until it is unlinked; what else is known stays', async () => {
  await hook(item('505', { optin: { ref: await tokenFor('S-5') } }));
  await known('505', 'S-5');
  const linking = { status: 'linked', authorization_code: await tokenFor('S-6') };
  await hook(item('505', { account_linking: linking }));
  await known('505', 'S-6');
  await hook(item('505', { account_linking: { status: 'unlinked' } }, Date.now() + 1));
  await until('withdrawn', async () => (await atShop('505')).withdrawn.includes('S-6'));
  expect(await atShop('505')).toEqual({ stands: ['S-5'], withdrawn: ['S-6'] });
});

test('a code that is no token of ours links nobody to anybody', async () => {
  await hook(item('506', { account_linking: { status: 'linked', authorization_code: 'their-own-code' } }));
  await hook(item('506', message('m_506')));
  await said('506');
  expect(await atShop('506')).toEqual({ stands: [], withdrawn: [] });
});
