import { faultOf } from './fault.ts';
import type { Log } from './log.ts';
import { isPostgresTrouble } from './postgres-trouble.ts';

/**
 * What nobody caught. A promise that failed unheard, or a connection to the database that broke where nobody listened,
 * leaves everything else as it was: logged, and on it goes. Anything else may have left things half done: logged without
 * its message (Node would print that), and the process ends, to be started again; the ledger has all that waits.
 */
export function catchTheRest(log: Log): void {
  process.on('unhandledRejection', (reason) => log.error('process.unhandled', { ...faultOf(reason) }));
  process.on('uncaughtException', (error) => {
    log.error(isPostgresTrouble(error) ? 'process.unhandled' : 'process.crashed', { ...faultOf(error) });
    if (!isPostgresTrouble(error)) process.exit(1);
  });
}
