import type { Log } from './log.ts';

/**
 * The log for what strangers can provoke: of warnings that are the same in every field, one line at once, and one each
 * `everyMs` milliseconds that says in `more` how many were left out.
 */
export function sparingLog(log: Log, everyMs: number): Log {
  const leftOut = new Map<string, number>();
  const warn: Log['warn'] = (event, fields) => {
    const key = `${event} ${JSON.stringify(fields)}`;
    const more = leftOut.get(key);
    if (more !== undefined) return void leftOut.set(key, more + 1);
    log.warn(event, fields);
    leftOut.set(key, 0);
    setTimeout(() => {
      const missed = leftOut.get(key) ?? 0;
      leftOut.delete(key);
      if (missed > 0) log.warn(event, { ...fields, more: missed });
    }, everyMs).unref();
  };
  return { ...log, warn };
}
