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
  const wrong = wrongHeader(form, body);
  if (wrong) return wrong;
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
  const rest = inOrder(body, form);
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

const files = ['image', 'video', 'document'] as const;

/** WhatsApp would refuse it without saying what the agent can do. */
function wrongHeader({ name, header }: TemplateForm, { header: given }: TemplateBody) {
  const wanted = files.find((each) => each === header);
  if (wanted === given?.type) return undefined;
  const why = wanted
    ? `The template “${name}” has a file at its head: attach ${wanted === 'image' ? 'an' : 'a'} ${wanted} to the comment.`
    : `The template “${name}” takes no file: send the ${given?.type} by itself.`;
  return { result: 'never', why, code: '132012' } as const;
}

/** Lines such as `order: 4711` go where they say, if they name all the places of a template that names them. */
function inOrder({ parameters, names }: TemplateBody, { named, headerPlaces, bodyPlaces }: Places): string[] {
  const places = [...headerPlaces, ...bodyPlaces];
  if (named && names && places.every((place) => names.includes(place))) return byName(parameters, names, places);
  const told = new Map(parameters.map((line) => [/^(\w+)\s*:/.exec(line)?.[1], line.replace(/^\w+\s*:\s*/, '')]));
  if (!named || !places.every((place) => told.has(place))) return [...parameters];
  const rest = parameters.filter((line) => !places.includes(/^(\w+)\s*:/.exec(line)?.[1] ?? ''));
  return [...places.map((place) => told.get(place)!), ...rest];
}

/** What is for no place of the text is for its buttons. */
const byName = (parameters: readonly string[], names: readonly string[], places: readonly string[]): string[] => [
  ...places.map((place) => parameters[names.indexOf(place)] ?? ''),
  ...parameters.filter((_, i) => !places.includes(names[i] ?? '')),
];

const component = (type: string, parameters: JsonRecord[]): JsonRecord[] =>
  parameters.length > 0 ? [{ type, parameters }] : [];

const mediaParameter = ({ type, url, name }: NonNullable<TemplateBody['header']>): JsonRecord => ({
  type,
  [type]: { link: url, ...(type === 'document' && name !== undefined ? { filename: name } : {}) },
});
