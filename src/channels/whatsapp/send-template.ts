import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import type { TemplateBody } from '../channel.ts';
import type { JsonRecord } from '../shared/json.ts';
import type { WhatsAppAccount } from './account.ts';
import { type Placeholder, type TemplateForm, templateForms } from './templates.ts';

/** The template filled in (Cloud API, "Template messages"). Where its parameters go is asked for first. */
export async function templateContent(
  body: TemplateBody,
  account: WhatsAppAccount,
  tools: Tools,
): Promise<Outcome<JsonRecord>> {
  const filledIn = body.parameters.length > 0 || body.header !== undefined;
  const components = filledIn ? await componentsOf(body, account, tools) : done([]);
  if (components.result !== 'done') return components;
  const template = { name: body.name, language: { code: body.language } };
  const filled = components.value.length > 0 ? { ...template, components: components.value } : template;
  return done({ type: 'template', template: filled });
}

async function componentsOf(
  body: TemplateBody,
  account: WhatsAppAccount,
  tools: Tools,
): Promise<Outcome<JsonRecord[]>> {
  const forms = await templateForms(account, tools, body.name);
  // Without the right to manage templates they cannot be read, but still be sent: most take all parameters in the text.
  if (forms.result === 'account-broken') return done(filledComponents(body, plainForm(body)));
  if (forms.result !== 'done') return forms;
  const form = forms.value.find(({ name, language }) => name === body.name && language === body.language);
  if (!form) return missing(body);
  if (form.parameters !== body.parameters.length) return miscounted(form, body);
  return done(filledComponents(body, form));
}

type Places = Pick<TemplateForm, 'named' | 'headerPlaces' | 'bodyPlaces' | 'linkButtons'>;

const plainForm = ({ parameters }: TemplateBody): Places => ({
  named: false,
  headerPlaces: [],
  bodyPlaces: parameters.map((_, i) => `${i + 1}`),
  linkButtons: [],
});

const missing = ({ name, language }: TemplateBody) =>
  ({ result: 'never', why: `There is no template “${name}” in the language ${language}.`, code: '132001' }) as const;

const miscounted = ({ name, parameters }: TemplateForm, body: TemplateBody) =>
  ({
    result: 'never',
    why: `The template “${name}” takes ${parameters} parameters, and ${body.parameters.length} were given.`,
    code: '132000',
  }) as const;

function filledComponents(body: TemplateBody, form: Places): JsonRecord[] {
  const rest = [...body.parameters];
  const take = (places: readonly Placeholder[]) =>
    places.map((place) => ({
      type: 'text',
      ...(form.named ? { parameter_name: place } : {}),
      text: rest.shift() ?? '',
    }));
  const header = body.header ? [mediaParameter(body.header)] : take(form.headerPlaces);
  const text = take(form.bodyPlaces);
  const links = form.linkButtons.map((index) => ({
    type: 'button',
    sub_type: 'url',
    index: `${index}`,
    parameters: [{ type: 'text', text: rest.shift() ?? '' }],
  }));
  return [...component('header', header), ...component('body', text), ...links];
}

const component = (type: string, parameters: JsonRecord[]): JsonRecord[] =>
  parameters.length > 0 ? [{ type, parameters }] : [];

const mediaParameter = ({ type, url, name }: NonNullable<TemplateBody['header']>): JsonRecord => ({
  type,
  [type]: { link: url, ...(type === 'document' && name !== undefined ? { filename: name } : {}) },
});
