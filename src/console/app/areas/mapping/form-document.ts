import { type Document, isMap, isNode, isSeq, parseDocument, type YAMLSeq } from 'yaml';
import type { JsonSchema } from '../../../wire/mapping.ts';

/** Keys, and places in lists, from 0. */
export type Path = readonly (string | number)[];

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
  else put(document, path, value);
  return written(document);
}

/** What was `{}` is filled line by line, as the rest is. */
function put(document: Document, path: Path, value: unknown): void {
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1)) : document.contents;
  if (isMap(parent) && parent.items.length === 0) parent.flow = false;
  document.setIn(path, value);
}

function written(document: Document): string {
  const text = document.toString({ lineWidth: 0 });
  return text === 'null\n' || text === '{}\n' ? '' : text;
}

function takeOut(document: Document, path: Path): void {
  document.deleteIn(path);
  const parent = path.slice(0, -1);
  const left = valueAt(document, parent);
  const empty = typeof left === 'object' && left !== null && Object.keys(left).length === 0;
  // What stands in a list stays there until somebody removes it.
  const inList = parent.some((each) => typeof each === 'number');
  if (parent.length > 0 && empty && !inList) takeOut(document, parent);
}

/** The text with one more at the end of a list. */
export function withOneMore(text: string, path: Path, item: unknown): string {
  const document = readDocument(text);
  if (!document) return text;
  if (isSeq(document.getIn(path))) document.addIn(path, document.createNode(item));
  else put(document, path, document.createNode([item]));
  return written(document);
}

/** The text without one of a list; its comments go with it. */
export function withoutOne(text: string, path: Path, index: number): string {
  const document = readDocument(text);
  const list = document?.getIn(path);
  if (!document || !isSeq(list)) return text;
  ownComment(list);
  if (list.items.length > 1) document.deleteIn([...path, index]);
  else takeOut(document, path);
  return written(document);
}

/** The text with one of a list a place further up or down. */
export function withOneMoved(text: string, path: Path, index: number, by: 1 | -1): string {
  const document = readDocument(text);
  const list = document?.getIn(path);
  if (!document || !isSeq(list) || !(index + by in list.items)) return text;
  ownComment(list);
  const [moved] = list.items.splice(index, 1);
  list.items.splice(index + by, 0, moved);
  return written(document);
}

/** What stands above the first of a list is read as the list's; it goes where the first goes. */
function ownComment(list: YAMLSeq): void {
  const [first] = list.items;
  if (!list.commentBefore || !isNode(first)) return;
  first.commentBefore = list.commentBefore;
  list.commentBefore = null;
}

/** What a new one of a list begins with: what it has to have, without a value. */
export function begunWith({ properties = {}, required = [] }: JsonSchema): Record<string, unknown> {
  return Object.fromEntries(
    required.map((name) => {
      const { type, enum: choices, default: usual } = properties[name] ?? {};
      return [name, usual ?? choices?.[0] ?? (type === 'object' ? {} : type === 'array' ? [] : '')];
    }),
  );
}

export type FieldKind = 'group' | 'list' | 'yes-no' | 'choice' | 'text' | 'lines' | 'one-or-more' | 'only-yaml';

/** How a form draws what a schema describes; what has no plain form is left to the text. */
export function kindOf({ type, properties, enum: choices, items, anyOf }: JsonSchema): FieldKind {
  if (properties) return 'group';
  if (type === 'array' && items?.properties) return 'list';
  if (isOneOrMore(anyOf)) return 'one-or-more';
  if (type === 'boolean') return 'yes-no';
  if (choices) return 'choice';
  if (type === 'string') return 'text';
  return type === 'array' && items?.type === 'string' ? 'lines' : 'only-yaml';
}

/** A text, or a list of texts. */
const isOneOrMore = (anyOf: readonly JsonSchema[] = []): boolean =>
  anyOf.length === 2 && anyOf[0]!.type === 'string' && !anyOf[0]!.enum && anyOf[1]!.items?.type === 'string';
