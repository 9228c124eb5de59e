/** The workers of a queue in this process. */
export interface Crew {
  /** Lets one that rests look for a job; it lets the next one look when it found one. All are busy: each looks again when done. */
  wakeOne(): void;
  /** Runs the job of `worker`, who does not rest meanwhile. */
  busy<Result>(worker: string, job: () => Promise<Result>): Promise<Result>;
  add(worker: string): void;
}

/**
 * Were all woken for each job, all but one would look in vain, in every replica: far more work for the database than the
 * jobs themselves. `look` makes a worker look at once, or once more when it is looking already.
 */
export function makeCrew(look: (worker: string) => void): Crew {
  // Those that have rested longest stand first.
  const resting = new Set<string>();
  const wakeOne = () => {
    for (const worker of resting) return look(worker);
  };
  return {
    wakeOne,
    busy: async (worker, job) => {
      resting.delete(worker);
      wakeOne();
      try {
        return await job();
      } finally {
        resting.add(worker);
        look(worker);
      }
    },
    add: (worker) => void resting.add(worker),
  };
}
