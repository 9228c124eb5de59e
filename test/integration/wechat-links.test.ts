import { afterAll, beforeAll, expect, test } from 'vitest';
import { wechat as sandbox } from '../../src/sandbox/wechat/sandbox.ts';
import type { WeChatSimulator } from '../../src/sandbox/wechat/simulator.ts';
import { factsOf } from '../../src/store/facts.ts';
import { type ChannelProduct, startChannelProduct } from '../support/channel-product.ts';
import { commandLine } from '../support/command-line.ts';
import { until } from '../support/until.ts';

/** WeChat's signed links are QR codes that WeChat makes, with the token as their scene. */

let product: ChannelProduct;
let wechat: WeChatSimulator;
let key: string;
beforeAll(async () => {
  product = await startChannelProduct(sandbox);
  wechat = product.platform as WeChatSimulator;
  const made = await commandLine(product.file, product.databaseUrl, [
    'keys',
    'create',
    '--name',
    'shop',
    '--scopes',
    'links',
  ]);
  key = made.out.trim();
});
afterAll(() => product?.stop());

async function link(customerId: string) {
  const response = await fetch(`${product.url}/v1/links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ customerId, expiresIn: '90d' }),
  });
  return { status: response.status, body: (await response.json()) as { links: { url: string }[]; detail: string } };
}

async function shopCustomerOf(user: string): Promise<string[]> {
  const row = await product.db
    .selectFrom('conversations')
    .select('customer')
    .where('platform_user', '=', user)
    .executeTakeFirst();
  const facts = row ? await factsOf(product.db, row.customer) : [];
  return facts.filter(({ kind }) => kind === 'shop-customer').map(({ value, evidence }) => `${value} ${evidence}`);
}

test.each([
  ['follows by it', 21, false],
  ['follows already', 22, true],
])('whoever scans the code and %s is that customer of the shop', async (_, n, follows) => {
  const user = sandbox.user(n);
  wechat.addCustomer({ user, name: 'Li' });
  if (!follows) await wechat.follows(user, false);
  const { status, body } = await link(`C-${n}`);
  expect(status).toBe(201);
  const [code] = body.links;
  expect(code?.url).toMatch(/^https:\/\/mp\.weixin\.qq\.com\/cgi-bin\/showqrcode\?ticket=/);
  await wechat.customerOpens!(user, code!.url);
  await until('who it is', async () => (await shopCustomerOf(user)).length > 0);
  expect(await shopCustomerOf(user)).toEqual([`C-${n} signed-link`]);
});

test('an account that may make no codes is told so, and gives no link', async () => {
  wechat.permit('/qrcode/create', false);
  const refused = await link('C-23');
  wechat.permit('/qrcode/create', true);
  expect(refused).toMatchObject({ status: 400, body: { detail: expect.stringMatching(/may not use that API/) } });
});
