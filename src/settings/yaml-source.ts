import { isScalar, LineCounter, parseDocument, type Scalar, visit, type YAMLError } from 'yaml';
import type { Environment } from './fill-in.ts';
import { type Mistake, type Path, pathText } from './mistake.ts';
import { type Filled, fillInAll } from './yaml-fill.ts';
import { mistakeAt, type OpenYaml, placeOf } from './yaml-nodes.ts';
import { yamlProblem } from './yaml-problem.ts';

/** A YAML file with its variables filled in. */
export interface YamlSource {
  file: string;
  /** Plain data; keys without a value are left out. */
  value: unknown;
  /** A mistake at the value or, where that is missing, at the nearest thing above it. */
  mistake(path: Path, problem: string, expected?: string): Mistake;
  /** A mistake at a key rather than at its value. */
  mistakeAtKey(path: Path, problem: string, expected?: string): Mistake;
  /** What is known of a value that was filled in, or that YAML would have read as another number than was written. */
  filled(path: Path): Filled | undefined;
}

/** Without a source, nothing more can be checked; with one, the mistakes are not all. */
export interface YamlRead {
  source?: YamlSource;
  mistakes: Mistake[];
}

export function parseYaml(file: string, text: string, env: Environment): YamlRead {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const open: OpenYaml = { file, text, document, lines };
  const errors = [...document.errors, ...document.warnings];
  const strayAliases = unknownAliases(open);
  const mistakes = [...onePerLine(errors.map((error) => syntaxMistake(open, error))), ...strayAliases];
  if (errors.some(isFatal) || strayAliases.length > 0) return { mistakes };
  const filled = fillInAll(open, env);
  const data = plainData(open);
  if (!data) return { mistakes: [mistakeAt(open, 0, '', 'too many aliases')] };
  return { source: sourceOf(open, data.value, filled.scalars), mistakes: [...mistakes, ...filled.mistakes] };
}

const isFatal = ({ code }: YAMLError): boolean => !['DUPLICATE_KEY', 'TAG_RESOLVE_FAILED'].includes(code);

function syntaxMistake(open: OpenYaml, { code, pos }: YAMLError): Mistake {
  return mistakeAt(open, pos[0], '', yamlProblem(code, open.text.slice(0, pos[0])));
}

/** One slip makes YAML complain several times about the same line; the first complaint is the useful one. */
function onePerLine(mistakes: Mistake[]): Mistake[] {
  return mistakes.filter(({ line }, index) => mistakes.findIndex((other) => other.line === line) === index);
}

function unknownAliases(open: OpenYaml): Mistake[] {
  const mistakes: Mistake[] = [];
  visit(open.document, {
    Alias: (_, alias) => {
      if (!alias.resolve(open.document))
        mistakes.push(
          mistakeAt(open, alias.range?.[0] ?? 0, '', 'an alias (*name) whose anchor (&name) is not above it'),
        );
    },
  });
  return mistakes;
}

/** Undefined when aliases of aliases would grow without bounds. */
function plainData({ document }: OpenYaml): { value: unknown } | undefined {
  try {
    return { value: withoutEmptyKeys(document.toJS()) };
  } catch {
    return undefined;
  }
}

function withoutEmptyKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmptyKeys);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutEmptyKeys(inner)]));
}

function sourceOf(open: OpenYaml, value: unknown, scalars: ReadonlyMap<Scalar, Filled>): YamlSource {
  return {
    file: open.file,
    value,
    mistake: (path, problem, expected) =>
      mistakeAt(open, placeOf(open, path).offset, pathText(path), problem, expected),
    mistakeAtKey: (path, problem, expected) =>
      mistakeAt(open, placeOf(open, path).keyOffset, pathText(path), problem, expected),
    filled: (path) => {
      const { node } = placeOf(open, path);
      return isScalar(node) ? scalars.get(node) : undefined;
    },
  };
}
