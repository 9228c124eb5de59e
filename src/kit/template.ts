import { Liquid, type Template as Parsed } from 'liquidjs';
import { closest } from './closest.ts';
import { liquidFilters } from './liquid-filters.ts';

/** The variables templates may use: a name and its fields. An empty list is a variable without known fields. */
export type Variables = Readonly<Record<string, readonly string[]>>;

/** Text with Liquid in it, checked. Same variables, same text. What a variable does not hold renders as nothing. */
export type Template = (variables: object) => string;

/** `line` and `column` are within the text, from 1. */
export type Compiled =
  | { ok: true; template: Template }
  | { ok: false; problem: string; expected?: string; line: number; column: number };

/** How long one rendering may take, in milliseconds, and how much it may build. Only an endless loop gets there. */
const limits = { renderLimit: 2_000, memoryLimit: 20_000_000, parseLimit: 1_000_000 };
/** When it is checked it has less: what nearly takes too long then must not be let through. */
const checkLimits = { renderLimit: 500, memoryLimit: 5_000_000 };
/** What is rendered is cut to so many UTF-16 units: no target takes more in one field. */
const longestText = 100_000;

/** These read other files. */
const tagsLeftOut = ['include', 'render', 'layout', 'block'];

/**
 * Makes what checks templates: syntax, tags, filters, variables and their fields, and that rendering ends.
 * Dates are in UTC unless the template says otherwise. `full` holds everything there can be, lists and all: with it what is asked
 * of a thing in a loop is checked, too.
 */
export function makeCompile(variables: Variables, full?: object): (text: string) => Compiled {
  const engine = makeEngine(false);
  const strict = full && makeEngine(true);
  return (text) => {
    const made = compiled(engine, variables, text);
    return made.ok && strict ? (missing(strict, text, full) ?? made) : made;
  };
}

function makeEngine(strictVariables: boolean): Liquid {
  const engine = new Liquid({
    ...limits,
    strictFilters: true,
    strictVariables,
    ownPropertyOnly: true,
    timezoneOffset: 0,
    locale: 'en-US',
    templates: {},
  });
  for (const tag of tagsLeftOut) delete engine.tags[tag];
  for (const [name, { run }] of Object.entries(liquidFilters)) engine.registerFilter(name, run);
  return engine;
}

function missing(engine: Liquid, text: string, full: object): Compiled | undefined {
  try {
    engine.renderSync(engine.parse(text), full, checkLimits);
    return undefined;
  } catch (error) {
    const { problem, line, column } = problemIn(error, []);
    const name = /undefined variable: ([\w.]+)/.exec(problem)?.[1];
    return { ok: false, problem: name ? `unknown variable ${name}` : problem, line, column };
  }
}

function compiled(engine: Liquid, variables: Variables, text: string): Compiled {
  try {
    const parsed = engine.parse(text);
    const unknown = unknownVariable(engine, parsed, variables);
    if (unknown) return { ok: false, ...unknown };
    for (const values of [{}, sampleOf(variables)]) engine.renderSync(parsed, values, checkLimits);
    const template: Template = (values) => String(engine.renderSync(parsed, values)).slice(0, longestText);
    return { ok: true, template };
  } catch (error) {
    return { ok: false, ...problemIn(error, Object.keys(engine.filters)) };
  }
}

type Problem = Omit<Extract<Compiled, { ok: false }>, 'ok'>;

function unknownVariable(engine: Liquid, parsed: Parsed[], variables: Variables): Problem | undefined {
  for (const uses of Object.values(engine.analyzeSync(parsed, { partials: false }).globals)) {
    for (const { segments, location } of uses) {
      const wrong = wrongName(segments, variables);
      if (wrong) return { ...wrong, line: location.row, column: location.col };
    }
  }
  return undefined;
}

function wrongName([root, field]: unknown[], variables: Variables): Pick<Problem, 'problem' | 'expected'> | undefined {
  const names = Object.keys(variables);
  const fields = Object.hasOwn(variables, String(root)) ? variables[String(root)] : undefined;
  if (!fields) return { problem: `unknown variable ${root}`, expected: oneOf(String(root), names) };
  if (typeof field !== 'string' || fields.length === 0 || fields.includes(field)) return undefined;
  return { problem: `unknown variable ${root}.${field}`, expected: oneOf(field, fields, `${root}.`) };
}

function oneOf(name: string, known: readonly string[], prefix = ''): string {
  const meant = closest(name, known);
  if (meant) return prefix + meant;
  return `one of ${known.map((each) => prefix + each).join(', ')}`;
}

function sampleOf(variables: Variables): object {
  const sample = (fields: readonly string[]) => Object.fromEntries(fields.map((field) => [field, '1']));
  return Object.fromEntries(Object.entries(variables).map(([name, fields]) => [name, sample(fields)]));
}

/** liquidjs throws for everything, and puts the position into the message. */
function problemIn(error: unknown, filters: readonly string[]): Problem {
  const message = hasMessage(error) ? error.message : '';
  const [, text = message, line = '1', column = '1'] = /^(.*?), line:(\d+), col:(\d+)/s.exec(message) ?? [];
  const filter = /^undefined filter: (\w+)/.exec(text)?.[1];
  const meant = filter && closest(filter, filters);
  return {
    problem: `not valid Liquid: ${text}`,
    ...(meant && { expected: meant }),
    line: Number(line),
    column: Number(column),
  };
}

const hasMessage = (error: unknown): error is { message: string } =>
  typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string';
