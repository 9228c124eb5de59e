import { z } from 'zod';
import { emailAddress } from '../../domain/email.ts';
import { orderEventTypes } from '../../domain/order.ts';
import { phoneNumber } from '../../domain/phone.ts';
import { isCurrency } from '../../kit/money.ts';
import { noticeStates } from '../../store/order-tables.ts';
import { drawn, problemOfOne } from './one-of-many.ts';

const line = (most: number) => z.string().trim().min(1).max(most);
const moment = z.iso.datetime({ offset: true, error: 'not a time such as 2026-01-31T09:00:00Z' });
const webAddress = z
  .string()
  .max(2_000)
  .regex(/^https?:\/\/[^\s/]+\S*$/, 'not an address that begins with https://');
/** Largest that is exact in every program. */
const minor = z.int().min(0).max(1_000_000_000_000);

const address = z.strictObject({
  name: line(200).optional(),
  street1: line(200),
  street2: line(200).optional(),
  city: line(100),
  postalCode: line(20),
  state: line(100).optional(),
  country: z.string().regex(/^[A-Z]{2}$/, 'not a country such as NO (ISO 3166, two letters)'),
});

const orderLine = z.strictObject({
  title: line(200),
  subtitle: line(200).optional(),
  sku: line(100).optional(),
  quantity: z.int().min(1).max(100_000).default(1),
  price: minor.describe('of one, in minor units: 12900 is EUR 129.00'),
  pictureUrl: webAddress.optional(),
  url: webAddress.optional(),
});

/** An order as a shop tells it. */
export const order = z
  .strictObject({
    number: line(100).describe('as the customer knows it; unique in your shop'),
    url: webAddress.optional().describe('where the customer sees it'),
    placedAt: moment.optional(),
    currency: z.string().refine(isCurrency, 'not a currency such as EUR (ISO 4217)').optional(),
    lines: z.array(orderLine).max(200).optional(),
    subtotal: minor.optional(),
    shipping: minor.optional(),
    tax: minor.optional(),
    total: minor.optional().describe('in minor units of the currency: 12900 is EUR 129.00, 12900 is JPY 12,900'),
    adjustments: z
      .array(z.strictObject({ name: line(100), amount: minor }))
      .max(20)
      .optional(),
    paymentMethod: line(100).optional(),
    payUrl: webAddress.optional().describe('where it can be paid'),
    shippingAddress: address.optional(),
    billingAddress: address.optional(),
    tracking: z
      .strictObject({
        number: line(100).optional(),
        carrier: line(100).optional(),
        url: webAddress.optional(),
        expectedAt: moment.optional(),
      })
      .optional(),
  })
  .describe('what an event leaves out stays as an earlier one told it');

const customer = z
  .strictObject({
    customerId: line(200).optional().describe('who the customer is at the shop'),
    email: z
      .string()
      .max(320)
      .refine((text) => emailAddress(text) !== undefined, 'not an e-mail address')
      .optional(),
    phone: z
      .string()
      .max(40)
      .refine(
        (text) => phoneNumber(text) !== undefined,
        'not a phone number with its country code, such as +4791234567',
      )
      .optional(),
    linkToken: line(200).optional().describe('the token of a link of `POST /v1/links`'),
  })
  .describe('at least one of them; may be left out once the order is known');

/** In base64 about 20 MB. */
const mostBase64 = 20_000_000;

const document = z
  .strictObject({
    name: line(150).describe('as the customer sees it: invoice-10077.pdf'),
    base64: z
      .string()
      .max(mostBase64)
      .regex(/^[A-Za-z0-9+/]+={0,2}$/, 'not base64')
      .optional(),
    url: webAddress.optional().describe('where it is fetched from, a moment later'),
  })
  .refine(({ base64, url }) => (base64 === undefined) !== (url === undefined), 'has either base64 or url')
  .describe('a PDF; of order.invoice');

/** `shipped` will do for `order.shipped`. */
const type = z
  .string()
  .max(60)
  .transform((text) => (text.startsWith('order.') ? text : `order.${text}`))
  .pipe(z.enum(orderEventTypes, { error: `not one of ${orderEventTypes.join(', ')}` }));

export const orderEvent = z
  .strictObject({
    id: line(200).optional().describe('your own key of this event: told again under it, it is a repeat'),
    type,
    occurredAt: moment.optional().describe('when it happened; now, if it is not told'),
    order,
    customer: customer.optional(),
    language: z
      .string()
      .regex(/^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$/, 'not a language such as fr or fr-CA')
      .optional(),
    reason: line(500).optional().describe('why it is delayed, was cancelled or refunded; the customer reads it'),
    amount: minor.optional().describe('what was refunded'),
    title: line(80).optional().describe('of order.custom: what stands above its text'),
    text: line(1_000).optional().describe('of order.custom: what to tell'),
    document: document.optional(),
    notify: z.boolean().default(true).describe('false: it is only kept; nobody is told'),
  })
  .superRefine(({ type: of, text, document: file, order: about }, issues) => {
    const wrong = (path: string[], message: string) => issues.addIssue({ code: 'custom', path, message });
    if (of === 'order.custom' && text === undefined) wrong(['text'], 'order.custom needs the words to tell');
    if (of === 'order.invoice' && !file) wrong(['document'], 'order.invoice needs the document');
    if (of !== 'order.invoice' && file) wrong(['document'], 'only order.invoice has a document');
    const priced = [about.total, about.subtotal, about.lines?.length].some((each) => each !== undefined && each > 0);
    if (priced && about.currency === undefined) wrong(['order', 'currency'], 'amounts need their currency (ISO 4217)');
  });
export type OrderEventInput = z.infer<typeof orderEvent>;

export const mostEvents = 100;
const batch = z.strictObject({ events: z.array(orderEvent).min(1).max(mostEvents) });

/** One event, or up to 100 of them: each is checked by itself, so that one that is wrong holds up no other. */
export const orderEvents = z
  .record(z.string(), z.unknown(), 'an event, or { events: [ … ] }')
  .meta({ anyOf: [drawn(orderEvent), drawn(batch)] });

const taken = z.object({
  index: z.int(),
  result: z.enum(['taken', 'repeat', 'refused']),
  event: z.int().optional().describe('the event’s id here'),
  order: z.string().optional(),
  notice: z.int().optional().describe('for `GET /v1/notices/{id}`'),
  told: z
    .enum(['planned', 'silent', 'overtaken', 'too-old'])
    .optional()
    .describe('whether the customer is to be told, or why not: something later was told already, or it is long ago'),
  problem: problemOfOne.optional(),
});

export const orderEventsAnswer = z.object({
  taken: z.int(),
  repeats: z.int(),
  refused: z.int(),
  results: z.array(taken),
});

export const noticeAnswer = z.object({
  id: z.int(),
  event: z.string(),
  state: z.enum(noticeStates),
  reason: z.string().optional().describe('why it waits, or was not sent'),
  purpose: z.string(),
  order: z.string().optional(),
  createdAt: z.string(),
  notBefore: z.string().optional(),
  expiresAt: z.string(),
  sentAt: z.string().optional(),
  endedAt: z.string().optional(),
  tries: z.array(
    z.object({
      account: z.string(),
      channel: z.string(),
      form: z.enum(['free', 'utility', 'marketing']).optional(),
      state: z.enum(['sending', 'sent', 'failed', 'unsure', 'passed']),
      reason: z.string().optional(),
      at: z.string(),
    }),
  ),
});

export const orderAnswer = z.object({
  number: z.string(),
  shop: z.string(),
  state: z.string(),
  updatedAt: z.string(),
  order: z.record(z.string(), z.unknown()),
  customer: z.int().describe('the customer here'),
  events: z.array(
    z.object({
      id: z.int(),
      type: z.enum(orderEventTypes),
      occurredAt: z.string(),
      receivedAt: z.string(),
      told: z.string().optional(),
    }),
  ),
});

export const noticesAnswer = z.object({ notices: z.array(noticeAnswer) });
export const orderParams = z.object({ number: z.string().min(1).max(100).describe('the order’s number') });
export const noticeParams = z.object({
  id: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'a whole number')
    .describe('`notice` of the answer to `POST /v1/orders/events`'),
});
