import type { Variables } from '../kit/template.ts';

interface Explained {
  what: string;
  example: string;
}

/** The events of orders (domain/order.ts; a test says that these are all). */
export const orderTexts: readonly string[] = [
  ...['order.confirmed', 'order.paid', 'order.preparing', 'order.shipped', 'order.out_for_delivery', 'order.delivered'],
  ...['order.delayed', 'order.cancelled', 'order.refunded', 'order.receipt', 'order.invoice', 'order.custom'],
];

const line = {
  title: 'Wool hat',
  subtitle: 'Size M',
  sku: 'HAT-M',
  quantity: 2,
  price: 4_950,
  sum: 9_900,
  url: 'https://shop.example/hat',
  pictureUrl: 'https://shop.example/hat.jpg',
};

/** What texts of orders may speak of; the reference is drawn from here. Amounts are in minor units, times as ISO 8601 in UTC. */
export const noticeVariables = {
  order: {
    number: { what: 'The order’s number.', example: 'NW-10077' },
    url: { what: 'Where the customer sees it.', example: 'https://shop.example/orders/NW-10077' },
    state: { what: 'What the latest event made of it.', example: 'shipped' },
    currency: { what: 'ISO 4217.', example: 'EUR' },
    total: { what: 'What it costs, in minor units.', example: '10850' },
    subtotal: { what: 'Of that, the goods.', example: '9900' },
    shipping: { what: 'Of that, the shipping.', example: '950' },
    tax: { what: 'Of that, taxes.', example: '1980' },
    placedAt: { what: 'When it was placed.', example: '2026-11-25T09:00:00.000Z' },
    paymentMethod: { what: 'How it is paid.', example: 'Visa 4242' },
    payUrl: { what: 'Where it can be paid.', example: 'https://shop.example/pay/NW-10077' },
    count: { what: 'How many things were ordered.', example: '2' },
    picture: { what: 'The picture of the first line that has one.', example: 'https://shop.example/hat.jpg' },
    lines: {
      what: 'Each line: `title`, `subtitle`, `sku`, `quantity`, `price` (of one), `sum`, `url`, `pictureUrl`.',
      example: '',
    },
  },
  tracking: {
    number: { what: 'The parcel’s number.', example: 'PN123456' },
    carrier: { what: 'Who brings it.', example: 'PostNord' },
    url: { what: 'Where it can be followed.', example: 'https://track.example/PN123456' },
    expectedAt: { what: 'When it is expected.', example: '2026-11-28T12:00:00.000Z' },
  },
  address: {
    name: { what: 'To whom it goes.', example: 'Ida Berg' },
    street1: { what: 'The street.', example: 'Storgata 1' },
    street2: { what: 'Its second line.', example: 'c/o Hansen' },
    city: { what: 'The city.', example: 'Oslo' },
    postalCode: { what: 'The postal code.', example: '0155' },
    state: { what: 'The state, where there is one.', example: 'Oslo' },
    country: { what: 'The country (ISO 3166).', example: 'NO' },
  },
  details: {
    reason: { what: 'Why it is delayed, was cancelled or refunded.', example: 'the weather' },
    amount: { what: 'What was refunded, in minor units.', example: '9900' },
    title: { what: 'The title of a custom event.', example: 'Your engraving is done' },
    text: { what: 'The words of a custom event.', example: 'It says “Ida”.' },
  },
  invoice: { name: { what: 'The name of the file that goes with it.', example: 'invoice-10077.pdf' } },
  customer: {
    name: { what: 'The customer’s name, where it is known.', example: 'Ida Berg' },
    firstName: { what: 'The first name, where it is known.', example: 'Ida' },
    lastName: { what: 'The last name, where it is known.', example: 'Berg' },
  },
  channel: {
    kind: { what: 'The channel it goes through.', example: '{kind}' },
    label: { what: 'Its name.', example: '{label}' },
  },
  shop: { name: { what: 'The shop’s name: `notices.shopName`.', example: 'Nordic Wool' } },
} satisfies Record<string, Record<string, Explained>>;

/** The language of the text that is being rendered stands in `language`. */
const language = { language: [] as string[] };

type Name = keyof typeof noticeVariables;
const only = (...names: Name[]): Variables => ({
  ...Object.fromEntries(names.map((name) => [name, Object.keys(noticeVariables[name])])),
  ...language,
});

export const orderTextVariables: Variables = only(...(Object.keys(noticeVariables) as Name[]));
/** Other texts are of campaigns, which fill `campaign` with what they like. */
export const campaignTextVariables: Variables = { ...only('customer', 'channel', 'shop'), campaign: [] };

const numbers = new Set(['total', 'subtotal', 'shipping', 'tax', 'count', 'amount']);

/** An order of which everything is known: for checks and previews. */
export function sampleContext(): Record<string, unknown> {
  const values = Object.entries(noticeVariables).map(([name, fields]) => [
    name,
    Object.fromEntries(
      Object.entries<Explained>(fields).map(([field, { example }]) => [
        field,
        field === 'lines' ? [line] : numbers.has(field) ? Number(example) : example,
      ]),
    ),
  ]);
  return { ...Object.fromEntries(values), language: 'en' };
}
