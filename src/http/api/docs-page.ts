import type { z } from 'zod';
import { jsonSchema, parametersOf } from './open-api.ts';
import type { Operation } from './operation.ts';

/** The API to read: one page that needs nothing from elsewhere. */
export const docsPage = (operations: readonly Operation[]): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Passerelle: the API</title>
<style>${style}</style>
<main>
<h1>Passerelle: the API</h1>
<p>Send a key with every request: <code>Authorization: Bearer {key}</code>. Keys are made by <code>passerelle keys create</code>
or stand in the configuration under <code>api.keys</code>. Errors are <code>application/problem+json</code>; its
<code>detail</code> says what was wrong. For programs: <a href="/v1/openapi.json">OpenAPI 3.1</a>.</p>
<nav><ul>${operations.map((each) => `<li><a href="#${each.id}">${title(each)}</a> ${text(each.summary)}</li>`).join('')}</ul></nav>
${operations.map(section).join('\n')}
</main>
</html>
`;

const section = (each: Operation): string => `<section id="${each.id}">
<h2>${text(each.summary)}</h2>
<p class="route">${title(each)} <span>scope <code>${each.scope}</code></span></p>
<p>${text(each.description)}</p>
${parameters(each)}
${each.body ? `<h3>Body</h3>${fields(each.body, 'input')}` : ''}
<h3>Answer</h3>${fields(each.answer, 'output')}
</section>`;

const title = ({ method, path }: Operation): string => `<code>${method.toUpperCase()} ${text(path)}</code>`;

function parameters({ params, query, idempotent }: Operation): string {
  const all = [...parametersOf(params, 'path'), ...parametersOf(query, 'query')];
  if (all.length === 0 && !idempotent) return '';
  const key = row('Idempotency-Key', false, 'a header: the same request with it is done once', { type: 'string' });
  const rows = all.map(({ name, required, description = '', schema }) => row(name, required, description, schema));
  return `<h3>Parameters</h3>${table([...rows, ...(idempotent ? [key] : [])])}`;
}

interface Drawn extends Record<string, unknown> {
  properties?: Record<string, Drawn>;
  required?: string[];
  anyOf?: Drawn[];
  description?: string;
}

function fields(schema: z.ZodType, io: 'input' | 'output'): string {
  const drawn = jsonSchema(schema, io) as Drawn;
  return (drawn.anyOf ?? [drawn]).map((one) => table(rowsOf(one, ''))).join('<p>or</p>');
}

/** A list's members stand under its name with `[]`. */
function rowsOf({ properties = {}, required = [] }: Drawn, prefix: string): string[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const items = field['items'] as Drawn | undefined;
    const inner = items?.properties ? rowsOf(items, `${prefix}${name}[].`) : [];
    return [row(`${prefix}${name}`, required.includes(name), field.description ?? '', field), ...inner];
  });
}

const row = (name: string, required: boolean, description: string, schema: Record<string, unknown>): string =>
  `<tr><td><code>${text(name)}</code></td><td>${text(kindOf(schema))}${required ? '' : ', optional'}</td><td>${text(description)}</td></tr>`;

function kindOf(schema: Record<string, unknown>): string {
  if (Array.isArray(schema['enum'])) return schema['enum'].join(' | ');
  if (schema['const'] !== undefined) return String(schema['const']);
  const type = schema['format'] === 'date-time' ? 'time' : String(schema['type'] ?? 'any');
  return schema['default'] === undefined ? type : `${type}, ${String(schema['default'])} by default`;
}

const table = (rows: readonly string[]): string =>
  rows.length === 0 ? '<p>Nothing.</p>' : `<div><table>${rows.join('')}</table></div>`;

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Safe in HTML; words in backticks become code. */
const text = (plain: string): string =>
  plain.replace(/[&<>"]/g, (letter) => entities[letter]!).replace(/`([^`]+)`/g, '<code>$1</code>');

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; }
main { max-width: 52rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.6rem; } h2 { margin-top: 2.5rem; font-size: 1.2rem; } h3 { margin-bottom: .3rem; font-size: 1rem; }
code { font: .9em ui-monospace, monospace; background: color-mix(in srgb, currentColor 8%, transparent); padding: .1em .3em; border-radius: .25em; }
.route span { opacity: .75; margin-left: .5rem; }
div { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
td { border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); padding: .35rem .75rem .35rem 0; vertical-align: top; }
`;
