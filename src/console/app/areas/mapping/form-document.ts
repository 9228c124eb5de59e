import { type Document, parseDocument } from 'yaml';
import type { JsonSchema } from '../../../wire/mapping.ts';

export type Path = readonly string[];

/** Undefined while the text cannot be read. */
export function readDocument(text: string): Document | undefined {
  const document = parseDocument(text);
  return document.errors.length > 0 ? undefined : document;
}

export function valueAt(document: Document, path: Path): unknown {
  const value: unknown = path.length === 0 ? document.toJS() : document.getIn(path);
  return typeof value === 'object' && value !== null && 'toJSON' in value
    ? (value as { toJSON(): unknown }).toJSON()
    : value;
}

/** The text with a value at a path; undefined takes it out, and with it what becomes empty. Comments stay. */
export function withValue(text: string, path: Path, value: unknown): string {
  const document = readDocument(text);
  if (!document) return text;
  if (value === undefined) takeOut(document, path);
  else document.setIn(path, value);
  const written = document.toString({ lineWidth: 0 });
  return written === 'null\n' || written === '{}\n' ? '' : written;
}

function takeOut(document: Document, path: Path): void {
  document.deleteIn(path);
  const parent = path.slice(0, -1);
  const left = valueAt(document, parent);
  const empty = typeof left === 'object' && left !== null && Object.keys(left).length === 0;
  if (parent.length > 0 && empty) takeOut(document, parent);
}

export type FieldKind = 'group' | 'yes-no' | 'choice' | 'text' | 'lines' | 'only-yaml';

/** How a form draws what a schema describes; what has no plain form is left to the text. */
export function kindOf({ type, properties, enum: choices, items }: JsonSchema): FieldKind {
  if (properties) return 'group';
  if (type === 'boolean') return 'yes-no';
  if (choices) return 'choice';
  if (type === 'string') return 'text';
  return type === 'array' && items?.type === 'string' ? 'lines' : 'only-yaml';
}
