import type { DatabaseWatch } from '../kit/database-watch.ts';
import { faultOf } from '../kit/fault.ts';
import type { Log } from '../kit/log.ts';
import type { Closer } from './outside.ts';

/** Who hears of what fails. */
export interface Told {
  log: Log;
  watch: Pick<DatabaseWatch, 'saw'>;
}

/**
 * Runs something every `ms` milliseconds, never twice at a time: a run that takes longer has the next ones left out. What
 * fails is told to the database's watch, or logged as `{name}.failed`; once the service stops, nothing is told of a run that is cut.
 */
export function everyMs(
  { log, watch }: Told,
  closers: Closer[],
  ms: number,
  name: string,
  run: () => Promise<unknown>,
): void {
  let running = false;
  let stopped = false;
  const tell = (error: unknown) => stopped || watch.saw(error) || log.error(`${name}.failed`, { ...faultOf(error) });
  const timer = setInterval(() => {
    if (running) return;
    running = true;
    run()
      .catch(tell)
      .finally(() => {
        running = false;
      });
  }, ms);
  closers.push(() => {
    stopped = true;
    clearInterval(timer);
  });
}
