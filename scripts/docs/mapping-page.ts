import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { z } from 'zod';
import { messenger } from '../../src/channels/registry.ts';
import { liquidFilters } from '../../src/kit/liquid-filters.ts';
import { mappingSchema } from '../../src/settings/mapping-schema.ts';
import { explained } from '../../src/settings/mapping-variables.ts';
import { keysOf, schemasAt } from '../../src/settings/schema-walk.ts';
import { mappingHelp } from './mapping-help.ts';
import { code, heading, page, table } from './markdown.ts';

const about = `The file \`config/mapping.yaml\`, or the one that the setting \`mapping\` names, and every version that is applied later. Every key may be left out;
without the file the defaults hold. \`config/example.mapping.yaml\` shows them all. How to change a mapping, with examples: the [guide](../guides/mapping.md); tickets,
contacts and history in full: the [CRM admin's guide](../guides/crm-admin.md).

Texts are [Liquid](https://shopify.github.io/liquid/). A variable or a filter that does not exist is a mistake, told by \`npx passerelle mapping check\` with
its line; a variable that holds nothing renders as nothing. A field whose text comes out empty is not sent. Dates are in UTC.`;

/** docs/reference/mapping.md */
export async function mappingPage(root: string): Promise<string> {
  // The examples' own test holds that what stands there is the default.
  const defaults: unknown = parse(await readFile(join(root, 'config/example.mapping.yaml'), 'utf8'));
  const sections = mappingSchema().shape;
  return page(
    heading('Mapping', about),
    ...Object.entries(sections).map(([name, schema]) => {
      const rows = pathsIn(schema, name).map((path) => row(path, at(defaults, path)));
      return `## ${code(name)}\n\n${table(['key', 'what', 'variables', 'default'], rows)}`;
    }),
    `## Variables\n\nWhich of them a text may use stands beside its key.\n\n${table(['variable', 'what', 'such as'], variableRows())}`,
    `## Filters\n\nBeside [Liquid's own](https://liquidjs.com/filters/overview.html):\n\n${table(['filter', 'what', 'example', 'gives'], filterRows())}`,
  );
}

/** `routing[].when.channel`: every value under a schema, those of groups and of lists of groups too. */
function pathsIn(schema: z.core.$ZodType, path: string): string[] {
  // What is explained as a whole is shown as a whole.
  if (mappingHelp[path]) return [path];
  const [list, inList] = [schemasAt(schema, [0])[0], `${path}[]`];
  if (list && keysOf(list).length > 0) return pathsIn(list, inList);
  const keys = keysOf(schema);
  if (keys.length === 0) return [path];
  return keys.flatMap((key) => pathsIn(schemasAt(schema, [key])[0]!, `${path}.${key}`));
}

function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((inner, key) => (Array.isArray(inner) ? undefined : Object(inner)[key]), value);
}

function row(path: string, byDefault: unknown): string[] {
  const help = mappingHelp[path];
  if (!help) throw new Error(`The mapping's key ${path} is explained nowhere: add it to scripts/docs/mapping-help.ts.`);
  return [
    code(path),
    help,
    variablesOf(path).map(code).join(', '),
    byDefault === undefined ? 'none' : shown(byDefault),
  ];
}

function shown(value: unknown): string {
  if (typeof value === 'string') return code(value);
  if (Array.isArray(value)) return value.map((item) => code(String(item))).join(', ') || 'none';
  if (typeof value !== 'object' || value === null) return code(String(value));
  const lines = Object.entries(value).map(([key, text]) => code(`${key}: ${text}`));
  return lines.length > 0 ? lines.join('<br>') : 'none';
}

type Explained = { what: string; example: string };
const isOne = (each: object): each is Explained => typeof (each as Partial<Explained>).what === 'string';

/** With the name of a field of theirs, where they have fields. */
const known = Object.entries(explained).map(([name, each]) => ({
  name,
  use: isOne(each) ? name : `${name}.${Object.keys(each)[0]}`,
}));

/** Those a text in this place may use: found by trying. */
function variablesOf(path: string): string[] {
  if (takesText(path, '{{ nothing }}') || !takesText(path, '{{ channel.id }}')) return [];
  return known.filter(({ use }) => takesText(path, `{{ ${use} }}`)).map(({ name }) => name);
}

function takesText(path: string, text: string): boolean {
  return [text, [text], { Field: text }].some((value) => mappingSchema().safeParse(holding(path, value)).success);
}

/** What has to stand beside a value for its holder to be whole. */
const beside: Record<string, object> = {
  'routing[]': { set: {} },
  welcome: { text: 'x' },
  outOfHours: { text: 'x' },
  fileTooLarge: { text: 'x' },
  fileRefused: { text: 'x' },
  'choices[]': { title: 'x', payload: 'x' },
};

/** `a[].b`, 1: `{ a: [{ b: 1 }] }`. */
function holding(path: string, value: unknown): unknown {
  return path.split('.').reduceRight<unknown>((inner, key) => {
    const whole = key in beside ? { ...beside[key], ...Object(inner) } : inner;
    return key.endsWith('[]') ? { [key.slice(0, -2)]: [whole] } : { [key]: whole };
  }, value);
}

/** The code of the mapping names no channel; its page may. */
const filledIn = (example: string): string =>
  example.replace('{kind}', messenger.kind).replace('{label}', messenger.label);

const variableRows = () =>
  Object.entries(explained).flatMap(([name, each]) =>
    (isOne(each)
      ? [[name, each] as const]
      : Object.entries<Explained>(each).map(([field, one]) => [`${name}.${field}`, one] as const)
    ).map(([path, { what, example }]) => [code(path), what, code(filledIn(example))]),
  );

const filterRows = () =>
  Object.entries(liquidFilters).map(([name, { what, example, gives }]) => [
    code(name),
    what,
    code(example),
    code(gives),
  ]);
