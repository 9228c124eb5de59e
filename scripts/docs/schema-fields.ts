import { z } from 'zod';
import { Secret } from '../../src/kit/secret.ts';
import { describeBytes } from '../../src/kit/units.ts';
import { layersOf } from '../../src/settings/schema-walk.ts';
import { code } from './markdown.ts';

/** One value of a configuration, as its schema tells it. */
export interface Field {
  /** `server.port`; `api.keys[].name` for one of a list. */
  path: string;
  type: string;
  /** For reading: a value in code, or `required` or `none`. */
  byDefault: string;
  /** What the schema says about it, if it says anything. */
  help: string | undefined;
}

type Schema = z.core.$ZodType;

/** Every value under a schema, those of groups and of lists of groups too. */
export function fieldsOf(schema: Schema, prefix = ''): Field[] {
  return Object.entries(shapeOf(schema) ?? {}).flatMap(([key, inner]) => {
    const path = `${prefix}${key}`;
    if (shapeOf(inner)) return fieldsOf(inner, `${path}.`);
    const element = elementOf(inner);
    if (element && shapeOf(element)) return fieldsOf(element, `${path}[].`);
    return [{ path, type: typeOf(inner), byDefault: defaultOf(inner), help: helpOf(inner) }];
  });
}

const defs = (schema: Schema) => layersOf(schema).map((layer) => (layer as z.core.$ZodTypes)._zod.def);

function shapeOf(schema: Schema): Readonly<Record<string, Schema>> | undefined {
  for (const def of defs(schema)) if (def.type === 'object') return def.shape;
  return undefined;
}

function elementOf(schema: Schema): Schema | undefined {
  for (const def of defs(schema)) if (def.type === 'array') return def.element;
  return undefined;
}

function helpOf(schema: Schema): string | undefined {
  for (const layer of layersOf(schema)) {
    const { description } = z.globalRegistry.get(layer) ?? {};
    if (description) return description;
  }
  return undefined;
}

const parsed = (schema: Schema, sample: unknown): unknown => z.safeParse(schema, sample).data;
const takes = (schema: Schema, sample: unknown): boolean => z.safeParse(schema, sample).success;

function typeOf(schema: Schema): string {
  for (const def of defs(schema)) {
    if (def.type === 'literal') return def.values.map((value) => code(String(value))).join(', ');
    if (def.type === 'enum')
      return Object.values(def.entries)
        .map((value) => code(String(value)))
        .join(', ');
    if (def.type === 'boolean') return 'true or false';
    if (def.type === 'number') return takes(schema, 'x') ? 'text or number' : 'number';
    if (def.type === 'array') return `list of ${typeOf(def.element)}`;
  }
  return textType(schema);
}

/** What kind of text it is shows in what the schema makes of samples. */
function textType(schema: Schema): string {
  const texts = ['x', 'postgres://user@host/name'];
  if (texts.some((sample) => parsed(schema, sample) instanceof Secret)) return 'secret';
  if (parsed(schema, '2kb') === 2048) return 'size';
  if (parsed(schema, '2s') === 2000) return 'length of time';
  if (takes(schema, 'https://acme.example') && !takes(schema, 'x')) return 'web address';
  return 'text';
}

function defaultOf(schema: Schema): string {
  for (const def of defs(schema)) {
    if (def.type === 'default') return code(readable(def.defaultValue, typeOf(schema)));
    if (def.type === 'optional') return 'none';
  }
  return 'required';
}

function readable(value: unknown, type: string): string {
  if (type === 'size') return describeBytes(Number(value)).replace(' ', '').toLowerCase();
  if (type === 'length of time') return `${Number(value) / 1000}s`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
