/** For how long no statement may be answered, and for how long at most one arrival may take. Milliseconds. */
const stillMs = 900;
const mostMs = 4_000;
const tickMs = 100;

/**
 * Tells a database that is away from one that is busy: rejects when it answered none of the door's statements for
 * `stillMs` while this arrival waited, so that the platform has its answer within a second. While it answers, the arrival
 * waits its turn, for `mostMs`, as platforms wait 5 s or more. What was given up may be in the ledger all the same: delivered again it is a repeat.
 */
export function commitInTime<Arrival>(takeIn: (arrival: Arrival) => Promise<void>, progress: { answers: number }) {
  return async (arrival: Arrival): Promise<void> => {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      let [waited, still, seen, last] = [0, 0, progress.answers, performance.now()];
      const tick = () => {
        const took = performance.now() - last;
        last += took;
        waited += took;
        // A tick that comes late says that this process is busy, not that Postgres is still.
        still = progress.answers !== seen ? 0 : took < 1.5 * tickMs ? still + took : still;
        seen = progress.answers;
        if (still < stillMs && waited < mostMs) timer = setTimeout(tick, tickMs);
        else reject(Object.assign(new Error('no commit in time'), { code: 'ETIMEDOUT' }));
      };
      timer = setTimeout(tick, tickMs);
    });
    try {
      await Promise.race([takeIn(arrival), tooLate]);
    } finally {
      clearTimeout(timer);
    }
  };
}
