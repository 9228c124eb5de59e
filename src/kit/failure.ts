/** SQLSTATE classes that blame the data: data exception, integrity constraint violation. */
const dataClasses = new Set(['22', '23']);

/**
 * Whether a throw comes from outside the code and the data at hand: the network or the database is away, busy, or lacks
 * something. Told by code (Node's `E…`, PostgreSQL Appendix A), never by text.
 */
export function isOutage(error: unknown): boolean {
  const code = codeOf(error) ?? '';
  const fromPostgres = /^[0-9A-Z]{5}$/.test(code) && !dataClasses.has(code.slice(0, 2));
  return fromPostgres || /^E[A-Z]+$/.test(code);
}

/**
 * What and where, for logs and rows: `TypeError in src/flows/notes.ts:12`. Not the message, for it may quote a
 * customer's words.
 */
export function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code = codeOf(error);
  const [, place] = /[\\/](src[\\/][\w./\\-]+\.ts:\d+)/.exec(error.stack ?? '') ?? [];
  return [error.name, code && `(${code})`, place && `in ${place}`].filter(Boolean).join(' ');
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
