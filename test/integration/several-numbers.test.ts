import { afterAll, beforeAll, expect, test } from 'vitest';
import { signed } from '../support/meta-webhook.ts';
import { metric } from '../support/metric.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

// One app and one business account with two phone numbers: one webhook address for all.

const business = '102200000000001';
const numberOf = (n: number) => `10650000000000${n}`;
const account = (n: number) => ({
  id: `acme-wa-${n}`,
  kind: 'whatsapp',
  phoneNumberId: numberOf(n),
  businessAccountId: business,
  token: 'WHATSAPP-TOKEN-1',
  appSecret: 'app-secret-1',
  verifyToken: 'verify-1',
  apiUrl: 'http://127.0.0.1:9',
  helpdesk: 'acme-zendesk',
});

let product: Product;
beforeAll(async () => {
  product = await startProduct({ settings: { channels: [account(1), account(2)] } });
});
afterAll(() => product?.stop());

const deliver = (field: string, value: object) => {
  const body = { object: 'whatsapp_business_account', entry: [{ id: business, changes: [{ field, value }] }] };
  return fetch(`${product.url}/webhooks/whatsapp`, signed(JSON.stringify(body)));
};
const said = (n: number, id: string, text: string) => ({
  metadata: { phone_number_id: numberOf(n) },
  contacts: [{ profile: { name: 'Ida Berg' }, wa_id: '4790011223' }],
  messages: [{ from: '4790011223', id, timestamp: '1790000000', type: 'text', text: { body: text } }],
});
const ready = async () => (await fetch(`${product.url}/health/ready`)).text();

test('a message goes to the account whose number it names, and the same person is another conversation there', async () => {
  expect((await deliver('messages', said(2, 'wamid.1', 'to the second'))).status).toBe(200);
  expect((await deliver('messages', said(1, 'wamid.2', 'to the first'))).status).toBe(200);
  const requesters = () => product.zendesk.tickets().map(({ requester }) => requester.externalId);
  await until('both tickets', () => requesters().length === 2);
  expect(requesters().sort()).toEqual(['whatsapp:acme-wa-1:4790011223', 'whatsapp:acme-wa-2:4790011223']);
});

test('a number nobody configured is kept as unrouted', async () => {
  expect((await deliver('messages', said(3, 'wamid.3', 'to nobody'))).status).toBe(200);
  expect(await metric(product.url, 'passerelle_events_total', { channel: 'whatsapp', outcome: 'unrouted' })).toBe(1);
});

test('a block of the business account is seen, and goes when it is lifted', async () => {
  const news = (state: string) => ({ event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: state } });
  expect((await deliver('account_update', news('DISABLE'))).status).toBe(200);
  await until('the block', async () => (await ready()).includes('channel:acme-wa-1'));
  expect((await deliver('account_update', news('REINSTATE'))).status).toBe(200);
  await until('its end', async () => !(await ready()).includes('channel:acme-wa-1'));
});
