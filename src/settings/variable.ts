import { resolve } from 'node:path';
import { readText } from './read-text.ts';

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** `problem` is in words for the operator, and holds neither value nor content. */
export type Variable = { value: string } | { problem: string };

/**
 * The variable itself, or what is in the file that `{name}_FILE` names, without the line end it closes with: the way
 * Docker's and Kubernetes' secrets come (as for the official images). Undefined when neither is set; empty counts as unset.
 */
export function variable(name: string, env: Environment): Variable | undefined {
  const value = ownOf(env, name);
  const fileName = `${name}_FILE`;
  const file = ownOf(env, fileName);
  if (!file) return value ? { value } : undefined;
  if (value) return { problem: `the environment variables ${name} and ${fileName} are both set` };
  const read = readText(resolve(file));
  if (!read) return { problem: `the file that ${fileName} names is not there` };
  if ('problem' in read) return { problem: `the file that ${fileName} names ${read.problem}` };
  const text = read.text.replace(/\r?\n$/, '');
  return text ? { value: text } : { problem: `the file that ${fileName} names is empty` };
}

const ownOf = (env: Environment, name: string): string | undefined =>
  Object.hasOwn(env, name) ? env[name] : undefined;
