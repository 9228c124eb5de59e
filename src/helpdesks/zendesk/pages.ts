import type { z } from 'zod';
import type { Query, ZendeskApi } from './api.ts';

interface Paged {
  meta?: { has_more?: boolean | null | undefined; after_cursor?: string | null | undefined } | null | undefined;
}

/** Zendesk allows 5,000 comments on a ticket; beyond this many pages something is going in circles. */
const mostPages = 500;

/** The pages of a cursor-paged list, one call each, as they are asked for. */
export async function* pagesOf<Body extends Paged>(
  api: ZendeskApi,
  shape: z.ZodType<Body>,
  path: (string | number)[],
  query: Query = {},
): AsyncGenerator<Body> {
  let after: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const body = await api.get(shape, path, {
      ...query,
      page: { size: 100 },
      // A flat key: node-zendesk replaces a nested `page` with its own on some paths.
      ...(after !== undefined && { 'page[after]': after }),
    });
    yield body;
    const next = body.meta?.has_more ? body.meta.after_cursor : undefined;
    if (!next || next === after) return;
    after = next;
  }
}
