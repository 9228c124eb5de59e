import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { mappingSchema } from '../../src/settings/mapping-schema.ts';
import { variables } from '../../src/settings/mapping-variables.ts';
import { keysOf } from '../../src/settings/schema-walk.ts';
import { mappingHelp } from './mapping-help.ts';
import { code, heading, page, table } from './markdown.ts';

const about = `The file \`config/mapping.yaml\`, or the one that the setting \`mapping\` names. Every key may be left out; without the file the defaults hold.
\`config/example.mapping.yaml\` shows them all. What they are good for, with examples: the [CRM admin's guide](../guides/crm-admin.md).

Texts are [Liquid](https://shopify.github.io/liquid/). A variable or a filter that does not exist is a mistake, told by \`npx passerelle check-config\` with
its line; a variable that holds nothing renders as nothing. A field whose text comes out empty is not sent. Dates are in UTC.`;

type Tree = Record<string, Record<string, unknown>>;

/** docs/reference/mapping.md */
export async function mappingPage(root: string): Promise<string> {
  // The examples' own test holds that what stands there is the default.
  const defaults: Tree = parse(await readFile(join(root, 'config/example.mapping.yaml'), 'utf8'));
  const sections = mappingSchema().shape;
  return page(
    heading('Mapping', about),
    ...Object.entries(sections).map(([name, schema]) => {
      const rows = keysOf(schema).map((key) => row(`${name}.${key}`, defaults[name]?.[key]));
      return `## ${code(name)}\n\n${table(['key', 'what', 'variables', 'default'], rows)}`;
    }),
    `## Variables\n\n${table(['variable', 'fields'], variableRows())}`,
  );
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
  if (Array.isArray(value)) return value.map((item) => code(String(item))).join(', ');
  if (typeof value !== 'object' || value === null) return code(String(value));
  const lines = Object.entries(value).map(([key, text]) => code(`${key}: ${text}`));
  return lines.length > 0 ? lines.join('<br>') : 'none';
}

const known = new Map(Object.values(variables).flatMap((set) => Object.entries(set as Record<string, string[]>)));

/** Those a text in this place may use: found by trying. */
function variablesOf(path: string): string[] {
  if (takesText(path, '{{ nothing }}') || !takesText(path, '{{ channel.id }}')) return [];
  return [...known]
    .filter(([name, fields]) => takesText(path, `{{ ${[name, ...fields.slice(0, 1)].join('.')} }}`))
    .map(([name]) => name);
}

function takesText(path: string, text: string): boolean {
  const [section = '', key = ''] = path.split('.');
  return [text, [text], { Field: text }].some(
    (value) => mappingSchema().safeParse({ [section]: { [key]: value } }).success,
  );
}

const variableRows = () =>
  [...known].map(([name, fields]) => [code(name), fields.length > 0 ? fields.map(code).join(', ') : 'itself a text']);
