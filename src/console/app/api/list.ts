import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { Page } from '../../wire/page.ts';
import { ask, type Query } from './client.ts';
import type { Tables } from './live.ts';

/** A list read page by page. `tables`: those of the ledger it is drawn from; when one changes it is read again. */
export function useList<Item>(path: string, query: Query = {}, tables: Tables = []) {
  const found = useInfiniteQuery({
    queryKey: [path, query],
    queryFn: ({ pageParam, signal }) => ask<Page<Item>>(path, { ...query, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
    meta: { tables },
  });
  return { ...found, items: found.data?.pages.flatMap(({ items }) => items) ?? [] };
}
