import { setTimeout as wait } from 'node:timers/promises';

/** Something that was waited for did not come. */
export class OutOfPatience extends Error {
  readonly awaited: string;
  readonly ms: number;
  constructor(awaited: string, ms: number) {
    super(`${awaited}: not within ${ms / 1000} s`);
    this.awaited = awaited;
    this.ms = ms;
  }
}

/** Asks until there is an answer that is neither false nor undefined. */
export async function until<Value>(
  awaited: string,
  ask: () => Value | undefined | false | Promise<Value | undefined | false>,
  ms = 60_000,
): Promise<Value> {
  for (const began = Date.now(); ; ) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() - began > ms) throw new OutOfPatience(awaited, ms);
    await wait(50);
  }
}
