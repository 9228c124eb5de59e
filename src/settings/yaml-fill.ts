import { type Scalar, visit } from 'yaml';
import { type Environment, fillIn } from './fill-in.ts';
import { type Mistake, pathText } from './mistake.ts';
import { mistakeAt, type OpenYaml, pathOf } from './yaml-nodes.ts';

/** A scalar that is not simply what the file says. It is a text, but may stand for a number or true or false. */
export interface Filled {
  /** What came from the environment, so that it can be kept out of messages. */
  values: readonly string[];
  /** A variable is missing, which is told already: nothing more can be said of the value. */
  unset: boolean;
}

/** Fills in the variables of every value (not of keys or comments), in place. */
export function fillInAll(open: OpenYaml, env: Environment): { scalars: Map<Scalar, Filled>; mistakes: Mistake[] } {
  const scalars = new Map<Scalar, Filled>();
  const mistakes: Mistake[] = [];
  visit(open.document, {
    Scalar: (key, scalar, ancestors) => {
      if (key === 'key') return;
      if (isWrittenLoosely(scalar)) keepAsWritten(scalar, scalars);
      if (typeof scalar.value !== 'string' || !scalar.value.includes('${')) return;
      mistakes.push(...filledScalar(open, scalar, pathText(pathOf(scalar, ancestors)), env, scalars));
    },
  });
  return { scalars, mistakes };
}

function filledScalar(
  open: OpenYaml,
  scalar: Scalar,
  path: string,
  env: Environment,
  scalars: Map<Scalar, Filled>,
): Mistake[] {
  const { text, values, problems } = fillIn(String(scalar.value), env);
  // `${NAME:-}` with nothing to fill in is as good as a key without a value.
  scalar.value = text || null;
  scalars.set(scalar, { values, unset: problems.length > 0 });
  return problems.map(({ placeholder, problem, expected }) =>
    mistakeAt(open, offsetIn(open, scalar, placeholder), path, problem, expected),
  );
}

function offsetIn(open: OpenYaml, scalar: Scalar, placeholder: string): number {
  const [start, end] = scalar.range ?? [0, 0];
  const within = open.text.slice(start, end).indexOf(placeholder);
  return start + Math.max(within, 0);
}

/** An id of many digits, `007` or `62.0` does not read back the same as a number: it may be meant as a text. */
const isWrittenLoosely = ({ value, source }: Scalar): boolean =>
  typeof value === 'number' && source !== undefined && String(value) !== source;

function keepAsWritten(scalar: Scalar, scalars: Map<Scalar, Filled>): void {
  scalar.value = scalar.source;
  scalars.set(scalar, { values: [], unset: false });
}
