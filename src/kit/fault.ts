import { isPostgresTrouble } from './postgres-trouble.ts';

/** What may be logged of something thrown. */
export interface Fault {
  why: string;
  /** Where in the code, for a bug. */
  at?: string;
}

/**
 * Describes what was thrown without its message, which may quote what a customer wrote (`JSON.parse` does, and Postgres
 * does of values it cannot take): the kind and code, for Postgres the table and constraint, and the place in the code.
 * Messages about the database being away hold no values and are kept.
 */
export function faultOf(error: unknown): Fault {
  if (!(error instanceof Error) && !isErrorLike(error)) return { why: `a ${typeof error} was thrown` };
  if (isPostgresTrouble(error)) return { why: [codeOf(error), error.message].filter(Boolean).join(': ') };
  const { table, column, constraint } = error as Partial<Record<'table' | 'column' | 'constraint', string>>;
  const why = [error.name ?? 'Error', codeOf(error), table, column, constraint].filter(Boolean).join(' ');
  const at = placeOf(error);
  return { why, ...(at && { at }) };
}

/** The same in a line, for the rows of what was set aside: `TypeError in noteOf (src/flows/notes.ts:12:3)`. */
export function faultInWords(error: unknown): string {
  const { why, at } = faultOf(error);
  return at ? `${why} in ${at}` : why;
}

/** SQLSTATE classes that blame the data: data exception, integrity constraint violation. */
const dataClasses = new Set(['22', '23']);

/**
 * Whether a throw comes from outside the code and the data at hand: the network or the database is away, busy, or lacks
 * something (`isPostgresTrouble` is the part of it that passes by waiting). Told by code (Node's `E…`, PostgreSQL Appendix A),
 * never by text.
 */
export function isOutage(error: unknown): boolean {
  const code = codeOf(Object(error)) ?? '';
  const fromPostgres = /^[0-9A-Z]{5}$/.test(code) && !dataClasses.has(code.slice(0, 2));
  return fromPostgres || /^E[A-Z]+$/.test(code);
}

const isErrorLike = (value: unknown): value is Error =>
  typeof value === 'object' && value !== null && typeof (value as Error).message === 'string';

function codeOf(error: object): string | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' || typeof code === 'number' ? String(code) : undefined;
}

/** The topmost place of ours in the stack, else the topmost: `receive (src/channels/x/receive.ts:12:3)`. */
function placeOf({ stack, message }: Error): string | undefined {
  if (typeof stack !== 'string') return undefined;
  // The stack begins with the message, which could look like a place.
  const after = stack.indexOf(message);
  const lines = (after < 0 ? '' : stack.slice(after + message.length))
    .split('\n')
    .filter((line) => /^\s+at /.test(line));
  const line = lines.find((each) => !/node_modules|\bnode:|<anonymous>\)?$/.test(each)) ?? lines[0];
  return line
    ?.trim()
    .replace(/^at /, '')
    .replace(/(?:file:\/\/)?\/\S*?\/((?:src|test|node_modules)\/)/, '$1');
}
