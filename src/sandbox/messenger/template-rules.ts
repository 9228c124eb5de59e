import { GraphError, invalid } from './graph-error.ts';

type Json = Record<string, unknown>;

/** What a phone shows of a template: its words, and what can be tapped. */
export interface ShownTemplate {
  name: string;
  text: string;
  choices: string[];
}

const record = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
const list = (value: unknown, name: string, least: number, most: number): Json[] => {
  if (!Array.isArray(value) || value.length < least || value.length > most)
    throw invalid(`Param ${name} must have ${least} to ${most} elements`);
  return value.map(record);
};

function words(value: unknown, name: string, most: number): string {
  if (typeof value !== 'string' || value.trim() === '') throw invalid(`Param ${name} must be a non-empty string`);
  if ([...value].length > most) throw invalid(`Length of param ${name} must be less than or equal to ${most}`);
  return value;
}

const optional = (value: unknown, name: string, most: number): string =>
  value === undefined ? '' : words(value, name, most);

function link(value: unknown, name: string): string {
  if (typeof value !== 'string' || !/^https?:\/\/\S+$/.test(value)) throw invalid(`Param ${name} is not a valid URL`);
  return value;
}

/** Keys Meta does not know are refused. */
function only(json: Json, name: string, keys: readonly string[]): void {
  const stranger = Object.keys(json).find((key) => !keys.includes(key));
  if (stranger !== undefined) throw invalid(`Invalid keys "${stranger}" were found in param "${name}".`);
}

/** Generic, button and, on a page alone, receipt templates ("Templates" of the Messenger Platform). `numbers`: receipts sent. */
export function checkTemplate(payload: Json, numbers: Set<string> | undefined): ShownTemplate {
  const type = payload['template_type'];
  if (type === 'generic') return generic(payload);
  if (type === 'button') return buttonTemplate(payload);
  if (type === 'receipt' && numbers) return receipt(payload, numbers);
  throw invalid('Param template_type is not supported');
}

function buttonsOf(value: unknown): string[] {
  if (value === undefined) return [];
  return list(value, 'buttons', 1, 3).map((button) => {
    const title = words(button['title'], 'buttons[title]', 20);
    if (button['type'] === 'web_url') link(button['url'], 'buttons[url]');
    else if (button['type'] === 'postback') words(button['payload'], 'buttons[payload]', 1000);
    else throw invalid('Param buttons[type] must be one of {WEB_URL, POSTBACK}');
    return title;
  });
}

function generic(payload: Json): ShownTemplate {
  only(payload, 'payload', ['template_type', 'elements', 'image_aspect_ratio', 'sharable']);
  const elements = list(payload['elements'], 'elements', 1, 10).map((element) => {
    only(element, 'elements', ['title', 'subtitle', 'image_url', 'default_action', 'buttons']);
    const title = words(element['title'], 'elements[title]', 80);
    const subtitle = optional(element['subtitle'], 'elements[subtitle]', 80);
    if (element['image_url'] !== undefined) link(element['image_url'], 'elements[image_url]');
    if (Object.keys(element).length < 2) throw invalid('An element needs more than its title');
    return { text: [title, subtitle].filter(Boolean).join('\n'), choices: buttonsOf(element['buttons']) };
  });
  return {
    name: 'generic',
    text: elements.map(({ text }) => text).join('\n'),
    choices: elements.flatMap(({ choices }) => choices),
  };
}

function buttonTemplate(payload: Json): ShownTemplate {
  only(payload, 'payload', ['template_type', 'text', 'buttons', 'sharable']);
  const text = words(payload['text'], 'text', 640);
  const choices = buttonsOf(payload['buttons']);
  if (choices.length === 0) throw invalid('Param buttons must have 1 to 3 elements');
  return { name: 'button', text, choices };
}

const receiptKeys =
  'template_type sharable recipient_name merchant_name order_number currency payment_method order_url timestamp elements address summary adjustments'.split(
    ' ',
  );

function receipt(payload: Json, numbers: Set<string>): ShownTemplate {
  only(payload, 'payload', receiptKeys);
  for (const key of ['recipient_name', 'order_number', 'currency', 'payment_method']) words(payload[key], key, 200);
  if (!/^[A-Z]{3}$/.test(String(payload['currency']))) throw invalid('Param currency is not a currency');
  const time = payload['timestamp'];
  if (time !== undefined && !/^\d{10}$/.test(String(time) && typeof time === 'string' ? time : ''))
    throw invalid('Param timestamp');
  const summary = record(payload['summary']);
  amount(summary['total_cost'], 'summary[total_cost]');
  for (const key of ['subtotal', 'shipping_cost', 'total_tax'])
    if (summary[key] !== undefined) amount(summary[key], `summary[${key}]`);
  const elements = payload['elements'] === undefined ? [] : list(payload['elements'], 'elements', 1, 100);
  for (const element of elements) {
    words(element['title'], 'elements[title]', 200);
    amount(element['price'], 'elements[price]');
  }
  if (payload['address'] !== undefined) checkAddress(record(payload['address']));
  for (const { name, amount: each } of payload['adjustments'] === undefined
    ? []
    : list(payload['adjustments'], 'adjustments', 1, 100)) {
    words(name, 'adjustments[name]', 200);
    amount(each, 'adjustments[amount]');
  }
  const number = String(payload['order_number']);
  if (numbers.has(number)) throw new GraphError('(#100) The order number is not unique', 100);
  numbers.add(number);
  const lines = elements.map(
    ({ title, quantity = 1, price }) => `${String(quantity)} × ${String(title)} ${String(price)}`,
  );
  const total = `Total ${String(summary['total_cost'])} ${String(payload['currency'])}`;
  return { name: 'receipt', text: [`Receipt ${number}`, ...lines, total].join('\n'), choices: [] };
}

function amount(value: unknown, name: string): void {
  const good =
    typeof value === 'number' && Number.isFinite(value) && Math.abs(Math.round(value * 1000) - value * 1000) < 1e-6;
  if (!good) throw invalid(`Param ${name} must be a number`);
}

function checkAddress(address: Json): void {
  for (const key of ['street_1', 'city', 'postal_code', 'state', 'country'])
    words(address[key], `address[${key}]`, 200);
  if (!/^[A-Z]{2}$/.test(String(address['country']))) throw invalid('Param address[country] must have two letters');
}

/** A utility template the page has had approved. */
export interface UtilityTemplate {
  name: string;
  language: string;
  status: 'APPROVED' | 'PENDING';
  /** With `{{place}}` for what is filled in. */
  text: string;
}

/** What is approved when the sandbox begins. */
export const defaultUtilityTemplates = (): UtilityTemplate[] => [
  utility('order_shipped', 'en', 'Your order {{order}} is on its way with {{carrier}} ({{number}}).'),
  utility('order_shipped', 'fr', 'Votre commande {{order}} est en route avec {{carrier}} ({{number}}).'),
  utility('order_confirmed', 'en', 'Thank you! We have your order {{order}} for {{total}}.'),
  utility('order_confirmed', 'fr', 'Merci ! Votre commande {{order}} de {{total}} est bien reçue.'),
  utility('order_delayed', 'en', 'Your order {{order}} is late. New date: {{expected}}.'),
];

const utility = (name: string, language: string, text: string): UtilityTemplate => ({
  ...{ name, language, text, status: 'APPROVED' },
});

/** The words of a utility template, filled in ("Utility messages"). */
export function filledUtility(templates: readonly UtilityTemplate[], json: unknown): string {
  const asked = record(json);
  const language = record(asked['language'])['code'];
  const found = templates.find((each) => each.name === asked['name'] && each.language === language);
  if (found?.status !== 'APPROVED') throw invalid('The template does not exist or is not approved');
  const body = (Array.isArray(asked['components']) ? asked['components'] : [])
    .map(record)
    .find((each) => each['type'] === 'body');
  const given = (Array.isArray(body?.['parameters']) ? body['parameters'] : []).map(record);
  const places = [...new Set([...found.text.matchAll(/\{\{(\w+)\}\}/g)].map(([, place]) => place!))];
  if (given.length !== places.length)
    throw invalid('Number of parameters does not match the expected number of params');
  return found.text.replaceAll(/\{\{(\w+)\}\}/g, (_, place: string) => {
    const parameter = given.find((each) => each['parameter_name'] === place);
    return words(parameter?.['text'], `parameter ${place}`, 1000);
  });
}
