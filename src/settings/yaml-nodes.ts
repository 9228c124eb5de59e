import { type Document, isAlias, isMap, isPair, isScalar, isSeq, type LineCounter, type Node } from 'yaml';
import type { Mistake, Path } from './mistake.ts';

/** A parsed file that still knows where everything stands. */
export interface OpenYaml {
  file: string;
  text: string;
  document: Document.Parsed;
  lines: LineCounter;
}

/** What is at a path, or as near above it as there is anything. */
export interface Place {
  /** Undefined when the path leads to nothing. */
  node?: Node;
  /** Where to point at for the value, and for its key. */
  offset: number;
  keyOffset: number;
}

export function placeOf({ document }: OpenYaml, path: Path): Place {
  let node = resolved(document, document.contents);
  let place: Place = { offset: startOf(node), keyOffset: startOf(node), ...(node && { node }) };
  for (const step of path) {
    const next = node && stepInto(node, step);
    if (!next) return { offset: place.keyOffset, keyOffset: place.keyOffset };
    node = resolved(document, next.value);
    const keyOffset = startOf(next.key ?? next.value);
    // A map or list begins on a later line than the key it belongs to, and people look for the key.
    const offset = isScalar(node) ? startOf(next.value) : keyOffset;
    place = { offset, keyOffset, ...(node && { node }) };
  }
  return place;
}

interface Step {
  key?: Node;
  value: Node | null;
}

function stepInto(node: Node, step: PropertyKey): Step | undefined {
  if (isMap<Node, Node | null>(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
    return pair && { key: pair.key, value: pair.value };
  }
  if (!isSeq<Node>(node) || typeof step !== 'number') return undefined;
  const value = node.items[step];
  return value && { value };
}

const resolved = (document: Document, node: Node | null): Node | undefined =>
  (isAlias(node) ? node.resolve(document) : node) ?? undefined;

const startOf = (node: Node | null | undefined): number => node?.range?.[0] ?? 0;

/** The path of a value met by `visit`, from what `visit` tells of it. */
export function pathOf(node: unknown, ancestors: readonly unknown[]): Path {
  const path: PropertyKey[] = [];
  for (const [index, ancestor] of ancestors.entries()) {
    if (isPair(ancestor)) path.push(isScalar(ancestor.key) ? String(ancestor.key.value) : '?');
    else if (isSeq(ancestor)) path.push(ancestor.items.indexOf(ancestors[index + 1] ?? node));
  }
  return path;
}

export function mistakeAt(open: OpenYaml, offset: number, path: string, problem: string, expected?: string): Mistake {
  const { line, col } = open.lines.linePos(Math.min(offset, open.text.length));
  return {
    file: open.file,
    line: Math.max(line, 1),
    column: Math.max(col, 1),
    path,
    problem,
    ...(expected && { expected }),
  };
}
