type Truthy<T> = Exclude<T, false | 0 | '' | null | undefined>;

/** Polls until `probe` gives something truthy, and returns it; fails with `what` after `ms` milliseconds. */
export async function until<T>(what: string, probe: () => T | Promise<T>, ms = 60_000): Promise<Truthy<T>> {
  const deadline = Date.now() + ms;
  for (;;) {
    const found = await probe();
    if (found) return found as Truthy<T>;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${ms} ms`);
    await new Promise((next) => setTimeout(next, 20));
  }
}

/** Lets some time pass in which nothing must happen. */
export const quietFor = (ms: number): Promise<void> => new Promise((next) => setTimeout(next, ms));
