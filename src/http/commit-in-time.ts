/** For how long nothing at all may be committed, and for how long at most one arrival may take. Milliseconds. */
const stillMs = 900;
const mostMs = 4_000;

/**
 * Tells a database that is away from one that is busy: rejects when nothing at all was committed for `stillMs` while this
 * arrival waited, so that the platform has its answer within a second. While others are committed it waits its turn, for
 * `mostMs`, as Meta waits 5 s. What was given up may be in the ledger all the same: delivered again it is a repeat.
 */
export function commitInTime<Arrival>(takeIn: (arrival: Arrival) => Promise<void>) {
  let lastCommit = 0;
  return async (arrival: Arrival): Promise<void> => {
    const startedAt = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      const look = () => {
        const now = performance.now();
        const until = Math.min(Math.max(startedAt, lastCommit) + stillMs, startedAt + mostMs);
        if (now < until) timer = setTimeout(look, until - now + 1);
        else reject(Object.assign(new Error('no commit in time'), { code: 'ETIMEDOUT' }));
      };
      look();
    });
    try {
      await Promise.race([takeIn(arrival), tooLate]);
      lastCommit = performance.now();
    } finally {
      clearTimeout(timer);
    }
  };
}
