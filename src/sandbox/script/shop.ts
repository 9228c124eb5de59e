import { shopKey } from '../demo/account-data.ts';
import { get } from './api.ts';
import type { Stage } from './scene.ts';

/** What the shop asks of the service, by its API. */
export const shopAsks = (stage: Stage, method: 'GET' | 'POST', path: string, body?: unknown) =>
  get(stage, shopKey, method, path, body);

/** The product that is in every order of the scenes, by its sku. */
export const hat = 'WOOL-HAT';

const order = (number: string) => ({
  ...{ number, url: `https://shop.example/orders/${number}`, currency: 'EUR', paymentMethod: 'Visa 4242' },
  lines: [{ sku: hat, title: 'Wool hat', subtitle: 'Size M', quantity: 2, price: 4_950 }],
  ...{ subtotal: 9_900, shipping: 950, total: 10_850 },
  shippingAddress: { name: 'Ida Berg', street1: 'Storgata 1', city: 'Oslo', postalCode: '0155', country: 'NO' },
  tracking: { number: 'PN123456', carrier: 'PostNord', url: 'https://track.example/PN123456' },
});

/** The shop's name for the customer of a scene, and the number of their order. */
export const shopNames = ({ customer }: Stage) => ({
  customerId: `shop-${customer.user}`,
  number: `NW-${customer.user}`,
});

/** The link of the shop's page with the box ticked: who opens it is that customer, and agrees to this. */
export async function opensLink(
  stage: Stage,
  consent = { purpose: 'order-updates', words: 'Tell me on Messenger where my order is' },
): Promise<void> {
  const { channel, customer } = stage;
  const { customerId } = shopNames(stage);
  const asked = { customerId, account: channel.account, consents: [consent] };
  const { links } = (await shopAsks(stage, 'POST', '/v1/links', asked)) as { links: { url: string }[] };
  await channel.simulator.customerOpens!(customer.user, links[0]!.url);
}

/** Tells what happened to the customer's order; returns the number of the notice. */
export async function tellOrder(stage: Stage, type: string, details?: object): Promise<number> {
  const { customerId, number } = shopNames(stage);
  const event = { id: `${type}-${number}`, type, occurredAt: new Date().toISOString(), language: 'en', ...details };
  const told = await shopAsks(stage, 'POST', '/v1/orders/events', {
    events: [{ ...event, customer: { customerId }, order: order(number) }],
  });
  const [result] = told['results'] as { result: string; notice?: number }[];
  if (result?.notice === undefined) throw new Error(`${type} was not taken: ${JSON.stringify(told)}`);
  return result.notice;
}

/** What became of a notice. */
export async function noticeOf(stage: Stage, id: number): Promise<{ state: string; reason: string }> {
  const notice = await shopAsks(stage, 'GET', `/v1/notices/${id}`);
  return { state: String(notice['state']), reason: String(notice['reason'] ?? '') };
}
