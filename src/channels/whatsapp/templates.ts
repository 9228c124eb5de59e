import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import type { Template } from '../channel.ts';
import { asRecord, asRecords, asText, type JsonRecord } from '../shared/json.ts';
import type { WhatsAppAccount } from './account.ts';
import { ask } from './call.ts';

/** A placeholder: `1`, or a name where the template uses names. */
export type Placeholder = string;

/** A template with the places where its parameters go. */
export interface TemplateForm extends Template {
  named: boolean;
  /** In the order in which they are filled in: header, text, links of buttons. */
  headerPlaces: Placeholder[];
  bodyPlaces: Placeholder[];
  /** Positions of the buttons whose link ends in a parameter. */
  linkButtons: number[];
}

const fields = 'name,language,status,category,parameter_format,components';
const perPage = '200';
/** More than any account may have (6,000 in 200s). */
const mostPages = 40;

/** The account's templates (Business Management API, "Message templates"); `name` asks for those of one name. */
export async function templateForms(
  account: WhatsAppAccount,
  tools: Tools,
  name?: string,
): Promise<Outcome<TemplateForm[]>> {
  const forms: TemplateForm[] = [];
  let after: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const query = { fields, limit: perPage, ...(name ? { name } : {}), ...(after ? { after } : {}) };
    const path = `/${account.businessAccountId}/message_templates`;
    const call = { method: 'GET', path, query, ...(name ? {} : { canWait: true as const }) } as const;
    const answer = await ask(call, account, tools);
    if (answer.result !== 'done') return answer;
    forms.push(...asRecords(answer.value['data']).flatMap(formOf));
    after = nextPage(answer.value);
    if (after === undefined) break;
  }
  return done(forms);
}

function nextPage(json: JsonRecord): string | undefined {
  const paging = asRecord(json['paging']);
  return paging?.['next'] === undefined ? undefined : asText(asRecord(paging['cursors'])?.['after']);
}

/** The templates as they can be sent from here. */
export async function listTemplates(account: WhatsAppAccount, tools: Tools): Promise<Outcome<Template[]>> {
  const forms = await templateForms(account, tools);
  return forms.result === 'done' ? done(forms.value.map(templateOf)) : forms;
}

const templateOf = ({ name, language, text, parameters, header, usable }: TemplateForm): Template => ({
  name,
  language,
  text,
  parameters,
  ...(header ? { header } : {}),
  usable,
});

function formOf(json: JsonRecord): TemplateForm[] {
  const name = asText(json['name']);
  const language = asText(json['language']);
  if (name === undefined || language === undefined) return [];
  const components = asRecords(json['components']);
  const text = (type: string) => asText(component(components, type)?.['text']) ?? '';
  const headerPlaces = placeholders(text('HEADER'));
  const bodyPlaces = placeholders(text('BODY'));
  const linkButtons = buttonsOf(components).flatMap((button, i) => (endsInParameter(button) ? [i] : []));
  const header = headerOf(components);
  return [
    {
      name,
      language,
      text: ['HEADER', 'BODY', 'FOOTER'].map(text).filter(Boolean).join('\n'),
      parameters: headerPlaces.length + bodyPlaces.length + linkButtons.length,
      ...(header ? { header } : {}),
      usable: usableOf(json, components),
      named: json['parameter_format'] === 'NAMED',
      headerPlaces,
      bodyPlaces,
      linkButtons,
    },
  ];
}

const component = (components: JsonRecord[], type: string) => components.find((each) => each['type'] === type);

const buttonsOf = (components: JsonRecord[]): JsonRecord[] => asRecords(component(components, 'BUTTONS')?.['buttons']);

const endsInParameter = (button: JsonRecord): boolean =>
  button['type'] === 'URL' && placeholders(asText(button['url']) ?? '').length > 0;

const headers = { TEXT: 'text', IMAGE: 'image', VIDEO: 'video', DOCUMENT: 'document' } as const;

function headerOf(components: JsonRecord[]): Template['header'] {
  const format = component(components, 'HEADER')?.['format'];
  return Object.entries(headers).find(([name]) => name === format)?.[1];
}

/** Each once, in the order of the text. */
const placeholders = (text: string): Placeholder[] => [
  ...new Set([...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((match) => match[1]!)),
];

const fillable = new Set(['BODY', 'FOOTER', 'BUTTONS']);
const pressable = new Set(['QUICK_REPLY', 'URL', 'PHONE_NUMBER']);

function usableOf(json: JsonRecord, components: JsonRecord[]): true | string {
  const status = asText(json['status']) ?? 'UNKNOWN';
  if (status !== 'APPROVED') return status;
  const strange =
    components.find((each) => !isFillable(each))?.['type'] ??
    buttonsOf(components).find((button) => !pressable.has(String(button['type'])))?.['type'];
  return strange === undefined ? true : `it holds what cannot be filled in here (${String(strange)})`;
}

const isFillable = (each: JsonRecord): boolean =>
  fillable.has(String(each['type'])) || (each['type'] === 'HEADER' && String(each['format']) in headers);
