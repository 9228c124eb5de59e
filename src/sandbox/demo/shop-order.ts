/** What the shop sells, and what it tells of an order: what `POST /v1/orders/events` takes. */

export const product = {
  title: 'Alpine 2',
  subtitle: 'Trekking backpack, 40 l',
  price: 12_900,
  currency: 'EUR',
  shipping: 950,
} as const;

/** What stands beside the box: the proof of the consent. */
export const boxWords = 'Tell me in Messenger how my order gets on';

export const toldTypes = [
  'order.confirmed',
  'order.shipped',
  'order.delivered',
  'order.delayed',
  'order.refunded',
  'order.receipt',
  'order.invoice',
] as const;
export type ToldType = (typeof toldTypes)[number];

const { title, subtitle, price, currency, shipping } = product;

const orderOf = (number: string) => ({
  ...{ number, currency, url: `https://shop.example/orders/${number}`, paymentMethod: 'Visa 4242' },
  lines: [{ title, subtitle, quantity: 1, price }],
  ...{ subtotal: price, shipping, total: price + shipping },
  shippingAddress: { street1: 'Storgata 1', city: 'Oslo', postalCode: '0155', country: 'NO' },
});

const parcel = { number: 'PN123456', carrier: 'PostNord', url: 'https://track.example/PN123456' };

/** The body of the request. Told a second time, it is known by its `id` to be a repeat. */
export function eventOf(type: ToldType, number: string, customerId: string): { order: object; customer: object } {
  const order = { ...orderOf(number), ...(type === 'order.shipped' ? { tracking: parcel } : {}) };
  const event = { id: `${type}-${number}`, type, language: 'en', occurredAt: new Date().toISOString() };
  return { ...event, customer: { customerId }, order, ...detailsOf(type, number) };
}

function detailsOf(type: ToldType, number: string): object {
  switch (type) {
    case 'order.delayed':
      return { reason: 'The parcel is held at customs.' };
    case 'order.refunded':
      return { reason: 'It came back to us.', amount: price + shipping };
    case 'order.invoice':
      return { document: { name: `invoice-${number}.pdf`, base64: invoice(number).toString('base64') } };
    default:
      return {};
  }
}

/** A PDF of one page with one line on it. */
function invoice(number: string): Buffer {
  const drawn = `BT /F1 18 Tf 60 760 Td (Invoice of order ${number}: ${currency} ${((price + shipping) / 100).toFixed(2)}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${drawn.length} >>\nstream\n${drawn}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ].map((body, index) => `${index + 1} 0 obj\n${body}\nendobj\n`);
  const head = '%PDF-1.4\n';
  const offsets = objects.map((_, index) => head.length + objects.slice(0, index).join('').length);
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const start = head.length + objects.join('').length;
  const count = objects.length + 1;
  const foot = `xref\n0 ${count}\n0000000000 65535 f \n${table}trailer\n<< /Size ${count} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(`${head}${objects.join('')}${foot}`, 'latin1');
}
