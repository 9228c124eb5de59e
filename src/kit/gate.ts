export type Gate = <Value>(run: () => Promise<Value>) => Promise<Value>;

/** Lets at most `most` runs be under way at a time; the others wait their turn, first come, first served. */
export function makeGate(most: number): Gate {
  const queue: (() => void)[] = [];
  let running = 0;
  return async (run) => {
    if (running >= most) await new Promise<void>((turn) => queue.push(turn));
    else running += 1;
    try {
      return await run();
    } finally {
      const next = queue.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
