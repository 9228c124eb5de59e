import type { Part } from '../../../domain/part.ts';
import { asId, asList, asRecord, asText, type JsonRecord } from '../json.ts';

type TemplatePart = Extract<Part, { type: 'template' }>;

/** A structured message, reduced to the lines a person would read on the card. */
export function templatePart(payload: JsonRecord): TemplatePart {
  const product = asRecord(payload['product']);
  const content = product ?? payload;
  const what = product ? 'product' : (asText(payload['template_type']) ?? 'template');
  const lines = [...linesOf(content), ...asList(content['elements']).flatMap(elementLines), ...buttonsOf(content)];
  const url = addressIn(content);
  return { type: 'template', what, lines, ...(url === undefined ? {} : { url }) };
}

const textKeys = ['title', 'text', 'intro_message', 'order_number', 'recipient_name', 'payment_method'];

function linesOf(content: JsonRecord): string[] {
  const total = amount(asRecord(content['summary'])?.['total_cost'], content['currency']);
  return [...present(textKeys.map((key) => content[key])), ...present([total])];
}

function elementLines(json: unknown): string[] {
  const element = asRecord(json);
  if (!element) return [];
  const price = amount(element['price'], element['currency']);
  const line = present([element['title'], element['subtitle'], price]).join(', ');
  return [...(line === '' ? [] : [line]), ...buttonsOf(element)];
}

const buttonsOf = (content: JsonRecord): string[] =>
  present(asList(content['buttons']).map((button) => asRecord(button)?.['title'])).map((title) => `[${title}]`);

/** Where the card leads: its own address, else that of the first element or button that has one. */
function addressIn(content: JsonRecord): string | undefined {
  const within = [...asList(content['elements']), ...asList(content['buttons'])].map(asRecord);
  const own = asText(content['order_url']) ?? asText(content['url']);
  return own ?? within.map((item) => asText(item?.['url'])).find((url) => url !== undefined);
}

/** A cart: what the customer wants to buy. */
export function orderPart(order: JsonRecord): TemplatePart {
  const products = asList(order['products']).map(asRecord).map(productLine);
  return { type: 'template', what: 'order', lines: present([...products, order['note']]) };
}

function productLine(product: JsonRecord | undefined): string {
  const name = asText(product?.['name']) ?? asId(product?.['retailer_id']) ?? asId(product?.['id']) ?? '?';
  const price = amount(product?.['unit_price'], product?.['currency']);
  return present([`${asId(product?.['quantity']) ?? '1'} × ${name}`, price]).join(', ');
}

export function appointmentPart(payload: JsonRecord): TemplatePart {
  const keys = ['status', 'start_time', 'end_time', 'timezone'];
  const lines = keys.flatMap((key) => present([payload[key]]).map((value) => `${key.replace('_', ' ')}: ${value}`));
  return { type: 'template', what: 'appointment_booking', lines };
}

const amount = (value: unknown, currency: unknown): string | undefined =>
  asId(value) === undefined ? undefined : present([value, currency]).join(' ');

const present = (values: unknown[]): string[] => values.map(asId).filter((value) => value !== undefined);
