import type { Log } from '../../src/kit/log.ts';

/** Passes on what is logged and keeps which jobs threw. A connection that does not come in time is a machine that is very busy. */
export function listeningForThrows(log: Log): { log: Log; thrown: object[] } {
  const thrown: object[] = [];
  const error: Log['error'] = (event, fields = {}) => {
    if (event === 'job.failed' && !/connection/i.test(JSON.stringify(fields))) thrown.push(fields);
    log.error(event, fields);
  };
  return { log: { ...log, error }, thrown };
}

/** A job throws for a bug, or for the database's trouble: it is tried again, so that nothing else might show it. */
export function expectNoThrows(thrown: readonly object[]): void {
  if (thrown.length > 0) throw new Error(`jobs threw: ${JSON.stringify(thrown)}`);
}
