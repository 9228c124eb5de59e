/**
 * Lets concurrent calls share one run: while `concurrency` runs are under way, further items wait and then go together,
 * at most `max` at a time. An idle gatherer runs a lone item at once. If a run fails, all of its items fail.
 */
export function gather<Item, Result>(
  run: (items: Item[]) => Promise<Result[]>,
  { max, concurrency }: { max: number; concurrency: number },
): (item: Item) => Promise<Result> {
  let waiting: { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void }[] = [];
  let running = 0;
  const next = () => {
    if (running >= concurrency || waiting.length === 0) return;
    const batch = waiting.slice(0, max);
    waiting = waiting.slice(max);
    running++;
    run(batch.map(({ item }) => item))
      .then(
        (results) => batch.forEach(({ resolve }, i) => void resolve(results[i]!)),
        (error) => batch.forEach(({ reject }) => void reject(error)),
      )
      .finally(() => {
        running--;
        next();
      });
    next();
  };
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      // Requests that arrived in the same turn of the event loop go together.
      if (waiting.length === 1) setImmediate(next);
    });
}
