import { type DestinationStream, pino } from 'pino';

type Fields = Record<string, unknown>;

/**
 * One wide line per thing done: `log.info('reply.attempted', { reply, conversation, result, ms })`.
 * Fields are ids, counts and outcomes. Never a customer's words, a token or a name.
 */
export interface Log {
  debug(event: string, fields?: Fields): void;
  info(event: string, fields?: Fields): void;
  warn(event: string, fields?: Fields): void;
  error(event: string, fields?: Fields): void;
}

/** JSON lines on standard output, or to `destination`. `level` is pino's (`debug`, `info`, `warn`, `error`, `silent`). */
export function makeLog(level = 'info', destination?: DestinationStream): Log {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'event' };
  const logger = destination ? pino(options, destination) : pino(options);
  const at = (method: 'debug' | 'info' | 'warn' | 'error') => (event: string, fields?: Fields) =>
    logger[method](fields ?? {}, event);
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
