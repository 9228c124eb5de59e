// biome-ignore-all lint/suspicious/noTemplateCurlyInString: messages tell how ${NAME} is written.
import { type Environment, variable } from './variable.ts';

export type { Environment };

export interface FillInProblem {
  /** The `${…}` as it is written. */
  placeholder: string;
  problem: string;
  expected?: string;
}

export interface FilledIn {
  text: string;
  /** What came from the environment or a default, so that it can be kept out of messages. */
  values: string[];
  problems: FillInProblem[];
}

const placeholders = /\$\{([^}]*)\}|\$\{/g;
const named = /^([A-Za-z_]\w*)(?::-(.*))?$/s;

/**
 * Puts environment variables, or the files that variables with `_FILE` after their name point to, where a text says
 * `${NAME}` or `${NAME:-default}`. An empty variable counts as unset, as in a shell's `:-`; `${NAME:-}` is the way to allow
 * nothing. What is filled in is not looked through again.
 */
export function fillIn(text: string, env: Environment): FilledIn {
  const values: string[] = [];
  const problems: FillInProblem[] = [];
  const filled = text.replace(placeholders, (placeholder: string, inner: string | undefined) => {
    const [, name, byDefault] = named.exec(inner ?? '') ?? [];
    const found = name ? variable(name, env) : undefined;
    const broken = found && 'problem' in found ? found : undefined;
    const value = found && 'value' in found ? found.value : broken ? undefined : byDefault;
    if (value === undefined) problems.push({ placeholder, ...(broken ?? unfilled(name, env)) });
    else values.push(value);
    return value ?? '';
  });
  return { text: filled, values, problems };
}

function unfilled(name: string | undefined, env: Environment): Omit<FillInProblem, 'placeholder'> {
  if (!name) return { problem: 'unreadable "${"', expected: '${NAME} or ${NAME:-default}' };
  const state = env[name] === '' ? 'empty' : 'not set';
  return { problem: `the environment variable ${name} is ${state}` };
}
