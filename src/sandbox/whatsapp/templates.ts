import { CloudError, invalid } from './cloud-error.ts';
import { type Json, list, record } from './json.ts';

export interface StoredTemplate {
  id: string;
  name: string;
  language: string;
  status: string;
  category: string;
  parameter_format: 'POSITIONAL' | 'NAMED';
  components: Json[];
}

const body = (text: string): Json => ({ type: 'BODY', text });
const bodies = {
  shipped: {
    en: body('Your order {{order}} is on its way with {{carrier}} ({{number}}).'),
    fr: body('Votre commande {{order}} est en route avec {{carrier}} ({{number}}).'),
  },
  confirmed: {
    en: body('Thank you! We have your order {{order}} for {{total}}.'),
    fr: body('Merci ! Votre commande {{order}} de {{total}} est bien reçue.'),
  },
  invoice: { en: body('The invoice for order {{order}}.'), fr: body('La facture de la commande {{order}}.') },
};

export const defaultTemplates = (): StoredTemplate[] => [
  template('order_update', 'APPROVED', 'POSITIONAL', [
    { type: 'BODY', text: 'Hello {{1}}, your order {{2}} is on its way.' },
    { type: 'FOOTER', text: 'Acme' },
  ]),
  template('order_receipt', 'APPROVED', 'NAMED', [
    { type: 'HEADER', format: 'DOCUMENT' },
    { type: 'BODY', text: 'Thank you, {{first_name}}.' },
    {
      type: 'BUTTONS',
      buttons: [
        { type: 'QUICK_REPLY', text: 'Return it' },
        { type: 'URL', text: 'See it', url: 'https://shop.example/orders/{{1}}' },
      ],
    },
  ]),
  template('hello', 'APPROVED', 'POSITIONAL', [{ type: 'BODY', text: 'Hello. May we help you?' }]),
  ...['en', 'fr'].flatMap((language) => [
    template('order_shipped', 'APPROVED', 'NAMED', [bodies.shipped[language as 'en' | 'fr']], language),
    template('order_confirmed', 'APPROVED', 'NAMED', [bodies.confirmed[language as 'en' | 'fr']], language),
    template(
      'order_invoice',
      'APPROVED',
      'NAMED',
      [{ type: 'HEADER', format: 'DOCUMENT' }, bodies.invoice[language as 'en' | 'fr']],
      language,
    ),
  ]),
  template('spring_sale', 'PENDING', 'POSITIONAL', [{ type: 'BODY', text: 'The sale begins, {{1}}.' }]),
];

const template = (
  name: string,
  status: string,
  format: StoredTemplate['parameter_format'],
  components: Json[],
  language = 'en_US',
): StoredTemplate => ({
  id: `17${name.length}${name.charCodeAt(0)}${language.charCodeAt(0)}000000`,
  name,
  language,
  status,
  category: 'UTILITY',
  parameter_format: format,
  components,
});

const perPage = 2;

/** GET /{business account}/message_templates: a page at a time. The simulator's pages are short. */
export function readTemplates(templates: readonly StoredTemplate[], query: Record<string, string>): Json {
  const wanted = templates.filter(({ name }) => name.includes(query['name'] ?? ''));
  const from = Number(query['after'] ?? 0);
  const data = wanted.slice(from, from + perPage);
  const end = from + data.length;
  const more = end < wanted.length ? { next: `https://graph.facebook.com/next?after=${end}` } : {};
  return { data, paging: { cursors: { before: `${from}`, after: `${end}` }, ...more } };
}

/** The text a phone shows, once everything fits the template. */
export function filledTemplate(templates: readonly StoredTemplate[], json: unknown): string {
  const asked = record(json) ?? {};
  const language = record(asked['language'])?.['code'];
  const found = templates.find(({ name, language: own }) => name === asked['name'] && own === language);
  if (found?.status === 'PAUSED') throw new CloudError(132015, 'Template is Paused', 'The template is paused.');
  if (found?.status !== 'APPROVED') throw unknownTemplate(String(asked['name']), String(language));
  const given = list(asked['components']).map((component) => record(component) ?? {});
  return [headerText(found, given), textOf(found, given, 'BODY'), text(found, 'FOOTER'), ...linksOf(found, given)]
    .filter(Boolean)
    .join('\n');
}

const unknownTemplate = (name: string, language: string): CloudError =>
  new CloudError(
    132001,
    'Template name does not exist in the translation',
    `template name (${name}) does not exist in ${language}`,
    404,
  );

const component = ({ components }: StoredTemplate, type: string) => components.find((each) => each['type'] === type);
const text = (template: StoredTemplate, type: string): string => String(component(template, type)?.['text'] ?? '');

function headerText(template: StoredTemplate, given: Json[]): string {
  const format = String(component(template, 'HEADER')?.['format'] ?? 'TEXT').toLowerCase();
  if (format === 'text') return textOf(template, given, 'HEADER');
  const parameter = record(parametersOf(given, 'header')[0]);
  const file = record(parameter?.[format]);
  if (parameter?.['type'] !== format || (file?.['link'] === undefined && file?.['id'] === undefined))
    throw new CloudError(132012, 'Parameter format does not match', `header: expected ${format.toUpperCase()}`);
  return `[${format}]`;
}

const parametersOf = (given: Json[], type: string): unknown[] =>
  list(given.find((each) => String(each['type']).toLowerCase() === type)?.['parameters']);

function textOf(template: StoredTemplate, given: Json[], type: string): string {
  const parameters = parametersOf(given, type.toLowerCase()).map((parameter) => record(parameter) ?? {});
  return filled(text(template, type), parameters, template.parameter_format);
}

function filled(pattern: string, parameters: Json[], format: StoredTemplate['parameter_format']): string {
  const places = [...new Set([...pattern.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]!))];
  if (places.length !== parameters.length)
    throw new CloudError(
      132000,
      'Number of parameters does not match the expected number of params',
      `number of localizable_params (${parameters.length}) does not match the expected number (${places.length})`,
    );
  return pattern.replaceAll(/\{\{(\w+)\}\}/g, (_, place: string) => {
    const parameter =
      format === 'NAMED'
        ? parameters.find((each) => each['parameter_name'] === place)
        : parameters[places.indexOf(place)];
    if (parameter?.['type'] !== 'text' || typeof parameter['text'] !== 'string' || parameter['text'] === '')
      throw invalid(`The parameter for {{${place}}} is missing or no text.`);
    return parameter['text'];
  });
}

/** The parameter of a link is always positional. */
function linksOf(template: StoredTemplate, given: Json[]): string[] {
  return list(component(template, 'BUTTONS')?.['buttons']).map((json, index) => {
    const button = record(json) ?? {};
    if (button['type'] !== 'URL') return `[${String(button['text'])}]`;
    const own = given.find((each) => each['type'] === 'button' && String(each['index']) === `${index}`);
    if (own && own['sub_type'] !== 'url') throw invalid('The button is of another sub_type.');
    const parameters = list(own?.['parameters']).map((parameter) => record(parameter) ?? {});
    return `[${String(button['text'])}] ${filled(String(button['url']), parameters, 'POSITIONAL')}`;
  });
}
