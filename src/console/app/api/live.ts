import { useEffect } from 'react';
import { queries } from './queries.ts';

/** Tables of the ledger, by their names in Postgres. */
export type Tables = readonly string[];

/**
 * Keeps everything on the page current: the service tells which tables changed, and what is drawn from them is asked again. A
 * query says so: `useQuery({ queryKey, queryFn, meta: { tables: ['messages'] } })`.
 */
export function useLive(): void {
  useEffect(() => {
    const source = new EventSource('/console/api/live');
    source.addEventListener('changed', ({ data }: MessageEvent<string>) => changed(JSON.parse(data) as string[]));
    return () => source.close();
  }, []);
}

const changed = (tables: readonly string[]): void => {
  void queries.invalidateQueries({
    predicate: ({ meta }) => ((meta?.['tables'] ?? []) as Tables).some((table) => tables.includes(table)),
  });
};
