import { setTimeout as wait } from 'node:timers/promises';

/** Waits for something to close, but no longer than `ms`: what hangs must not keep the service from stopping. */
export const atMost = (ms: number, closing: Promise<unknown>): Promise<void> =>
  Promise.race([closing, wait(ms, undefined, { ref: false })]).then(() => undefined);
