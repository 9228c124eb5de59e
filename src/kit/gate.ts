/** `weight` is how much of the gate's capacity a run takes. */
export type Gate = <Value>(run: () => Promise<Value>, weight?: number) => Promise<Value>;

/**
 * Lets runs through as long as their weights fit `capacity` together; the others wait their turn, first come, first served.
 * One that is heavier than that runs alone.
 */
export function makeGate(capacity: number): Gate {
  const queue: { weight: number; enter: () => void }[] = [];
  let taken = 0;
  const admit = () => {
    for (let next = queue[0]; next && taken + next.weight <= capacity; next = queue[0]) {
      queue.shift();
      taken += next.weight;
      next.enter();
    }
  };
  return async (run, weight = 1) => {
    const own = Math.min(weight, capacity);
    await new Promise<void>((enter) => {
      queue.push({ weight: own, enter });
      admit();
    });
    try {
      return await run();
    } finally {
      taken -= own;
      admit();
    }
  };
}
