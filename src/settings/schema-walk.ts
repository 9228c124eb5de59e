import type { z } from 'zod';
import type { Path } from './mistake.ts';

/** The schema and every one inside that checks the same value: under an optional, a default, a transformation, a union. */
export function layersOf(schema: z.core.$ZodType): z.core.$ZodType[] {
  return [schema, ...innerOf(schema).flatMap(layersOf)];
}

function innerOf(schema: z.core.$ZodType): z.core.$ZodType[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return [def.innerType];
    case 'pipe':
      return [def.in];
    case 'union':
      return [...def.options];
    case 'intersection':
      return [def.left, def.right];
    case 'lazy':
      return [def.getter()];
    default:
      return [];
  }
}

/** The keys an object may have; empty when it is none, or may have any. */
export function keysOf(schema: z.core.$ZodType): string[] {
  return [...new Set(layersOf(schema).flatMap((layer) => Object.keys(shapeOf(layer) ?? {})))];
}

function shapeOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> | undefined {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  return def.type === 'object' ? def.shape : undefined;
}

/** What checks the value at a path; several where it may be one of several, none where nothing is known. */
export function schemasAt(schema: z.core.$ZodType, path: Path): z.core.$ZodType[] {
  const [step, ...rest] = path;
  if (step === undefined) return layersOf(schema);
  return layersOf(schema)
    .flatMap((layer) => stepInto(layer, step))
    .flatMap((inner) => schemasAt(inner, rest));
}

function stepInto(schema: z.core.$ZodType, step: PropertyKey): z.core.$ZodType[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'array') return [def.element];
  if (def.type === 'record') return [def.valueType];
  const inner = def.type === 'object' ? def.shape[String(step)] : undefined;
  return inner ? [inner] : [];
}
