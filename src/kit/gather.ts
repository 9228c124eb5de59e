export interface GatherOptions {
  /** So many go together at most. */
  max: number;
  /** A second run begins beside the first for so many, since what few share costs each of them more. */
  besideFrom: number;
  /** An item that waited longer fails without a run: nobody waits for it any more. */
  staleAfterMs: number;
  /**
   * After a run of several items the next waits for company as long as that one took, at most so long: whoever was just
   * answered comes again at once if there is more, and would have to wait for the run after.
   */
  lingerMs: number;
}

/**
 * Lets concurrent calls share one run: while one is under way, further items wait and then go together. A second run begins
 * beside it for many items, or when the first takes long. An idle gatherer runs a lone item at once. If a run fails, all
 * of its items fail.
 */
export function gather<Item, Result>(
  run: (items: Item[]) => Promise<Result[]>,
  { max, besideFrom, staleAfterMs, lingerMs }: GatherOptions,
): (item: Item) => Promise<Result> {
  type Waiting = { item: Item; since: number; resolve: (result: Result) => void; reject: (error: unknown) => void };
  let waiting: Waiting[] = [];
  let running = 0;
  let begunAt = 0;
  let last = { items: 0, endedAt: 0, tookMs: 0 };
  let lingering = false;
  const mayBegin = () =>
    running === 0 || (running === 1 && (waiting.length >= besideFrom || performance.now() - begunAt > longMs));
  /** Milliseconds. */
  const toLinger = () => {
    if (last.items < several || waiting.length >= besideFrom) return 0;
    return Math.min(lingerMs, last.tookMs) - (performance.now() - last.endedAt);
  };
  const linger = (ms: number) => {
    lingering = true;
    setTimeout(() => {
      lingering = false;
      next();
    }, ms);
  };
  const dropStale = () => {
    // The oldest stand first.
    const oldest = performance.now() - staleAfterMs;
    const stale = waiting.findIndex(({ since }) => since >= oldest);
    for (const { reject } of waiting.splice(0, stale < 0 ? waiting.length : stale)) reject(tooLate(staleAfterMs));
  };
  const next = () => {
    if (waiting.length === 0 || !mayBegin()) return;
    if (lingering && waiting.length < besideFrom) return;
    const ms = toLinger();
    if (!lingering && ms >= 1) return linger(ms);
    dropStale();
    const batch = waiting.slice(0, max);
    if (batch.length === 0) return;
    waiting = waiting.slice(max);
    running++;
    const thisBegan = performance.now();
    begunAt = thisBegan;
    run(batch.map(({ item }) => item))
      .then(
        (results) => batch.forEach(({ resolve }, i) => void resolve(results[i]!)),
        (error) => batch.forEach(({ reject }) => void reject(error)),
      )
      .finally(() => {
        running--;
        const endedAt = performance.now();
        last = { items: batch.length, endedAt, tookMs: endedAt - thisBegan };
        next();
      });
    next();
  };
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, since: performance.now(), resolve, reject });
      // Requests that arrived in the same turn of the event loop go together.
      if (waiting.length === 1 || mayBegin()) setImmediate(next);
    });
}

/** Longer than any run normally takes, such as one on a connection that hangs. */
const longMs = 250;

const several = 4;

const tooLate = (ms: number): Error => Object.assign(new Error(`not begun within ${ms} ms`), { code: 'ETIMEDOUT' });
