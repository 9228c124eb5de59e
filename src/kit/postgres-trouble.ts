/**
 * Codes that say Postgres is away, full, busy or not the primary, rather than that a statement is wrong: of SQLSTATE
 * (PostgreSQL, Appendix A) by class or whole, and of Node's sockets. 57 holds shutdowns and statement timeouts, 53 full
 * disks and too many connections, 28 and 3D a login or database that is (for now) not there.
 */
const troubleClasses = new Set(['08', '28', '3D', '53', '57', '58']);
const troubleStates = new Set(['25006', '55P03', '25P03']);
const socketCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
// What pg itself says of a connection bears no code.
const connectionWords =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client (?:has encountered|was closed)|LISTEN\/NOTIFY)/;

/** Whether an error says that the database cannot work just now. */
export function isPostgresTrouble(error: unknown): boolean {
  const { code, message } = partsOf(error);
  if (code === undefined) return connectionWords.test(message);
  return troubleClasses.has(code.slice(0, 2)) ? isState(code) : troubleStates.has(code) || socketCodes.has(code);
}

/** Whether the connection that gave this error must not be used again: it is dead, hangs, or leads to a standby. */
export function spoilsConnection(error: unknown): boolean {
  const { code, message } = partsOf(error);
  if (code === undefined) return connectionWords.test(message);
  return socketCodes.has(code) || ['25006', '25P03'].includes(code) || /^(?:08...|57P..)$/.test(code);
}

const isState = (code: string): boolean => /^[0-9A-Z]{5}$/.test(code);

function partsOf(error: unknown): { code?: string; message: string } {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  return { ...(typeof code === 'string' && { code }), message: typeof message === 'string' ? message : '' };
}
