import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import type { JsonSchema } from '../../../wire/mapping.ts';

/** Offers what may stand where the cursor is: keys of the schema, or values where there are only so many. */
export const completeBy =
  (schema: JsonSchema) =>
  (context: CompletionContext): CompletionResult | null => {
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    const above = context.state.sliceDoc(0, line.from).split('\n').slice(0, -1);
    const value = /^(\s*(?:- )*)([\w-]+):\s+(\S*)$/.exec(before);
    if (value) {
      const [, lead = '', key = '', begun = ''] = value;
      const options = valuesOf(at(schema, [...pathAbove(above, lead.length), key]));
      return options.length > 0 ? { from: context.pos - begun.length, options } : null;
    }
    const [, lead, begun = ''] = /^(\s*(?:- )*)([\w-]*)$/.exec(before) ?? [];
    if (lead === undefined || (begun === '' && !context.explicit)) return null;
    const here = at(schema, pathAbove(above, lead.length));
    const options = lead.includes('- ') ? [...keysOf(here), ...valuesOf(here)] : keysOf(here);
    return options.length > 0 ? { from: context.pos - begun.length, options } : null;
  };

/** The keys that lead to a line that begins at this column: `tickets`, `routing`… Lists have no key of their own. */
export function pathAbove(lines: readonly string[], column: number): string[] {
  const path: string[] = [];
  let indent = column;
  for (const line of [...lines].reverse()) {
    const [, lead = '', key] = /^(\s*(?:- )*)([\w-]+):/.exec(line) ?? [];
    if (key === undefined || lead.length >= indent) continue;
    path.unshift(key);
    indent = lead.replace(/- /g, '').length;
    if (indent === 0 && !lead.includes('- ')) break;
  }
  return path;
}

/** The schemas of what stands at a path; several where it may be one or another. */
function at(schema: JsonSchema, path: readonly string[]): JsonSchema[] {
  return path.reduce<JsonSchema[]>((here, key) => here.flatMap((each) => below(each, key)), unfolded(schema));
}

const unfolded = (schema: JsonSchema): JsonSchema[] => [
  schema,
  ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.items ? [schema.items] : [])].flatMap(unfolded),
];

function below(schema: JsonSchema, key: string): JsonSchema[] {
  const found = schema.properties?.[key] ?? schema.additionalProperties;
  return typeof found === 'object' ? unfolded(found) : [];
}

const keysOf = (schemas: readonly JsonSchema[]): Completion[] =>
  schemas.flatMap(({ properties = {} }) =>
    Object.entries(properties).map(([label, { default: usual }]) => ({
      label,
      type: 'property',
      apply: `${label}: `,
      ...(usual !== undefined && typeof usual !== 'object' && { detail: String(usual).slice(0, 40) }),
    })),
  );

const valuesOf = (schemas: readonly JsonSchema[]): Completion[] =>
  schemas.flatMap(({ enum: choices, type }) =>
    (choices ?? (type === 'boolean' ? [true, false] : [])).map((value) => ({ label: String(value), type: 'enum' })),
  );
