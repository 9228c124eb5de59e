import type { Request } from 'express';

export const text = (request: Request, name: string): string | undefined => {
  const value = request.query[name];
  return typeof value === 'string' ? value : undefined;
};

const whole = (value: string | undefined, otherwise: number): number => {
  const number = Number.parseInt(value ?? '', 10);
  return Number.isInteger(number) && number > 0 ? number : otherwise;
};

/**
 * One page of a list, oldest first unless asked otherwise (`sort=-created_at` or `sort_order=desc`): by cursor when
 * `page[size]` or `page[after]` is given, else by number. `next` is null at the end, as Zendesk's clients expect.
 */
export function pageOf<Item>(
  url: string,
  request: Request,
  key: string,
  ascending: Item[],
  show: (item: Item) => unknown,
) {
  const newestFirst = text(request, 'sort')?.startsWith('-') || text(request, 'sort_order') === 'desc';
  const items = newestFirst ? ascending.toReversed() : ascending;
  const byCursor = text(request, 'page[size]') !== undefined || text(request, 'page[after]') !== undefined;
  return byCursor ? cursorPage(url, request, key, items, show) : numberedPage(url, request, key, items, show);
}

function cursorPage<Item>(url: string, request: Request, key: string, items: Item[], show: (item: Item) => unknown) {
  const size = Math.min(100, whole(text(request, 'page[size]'), 100));
  const start = whole(decoded(text(request, 'page[after]')), 0);
  const end = start + size;
  const more = end < items.length;
  const after = Buffer.from(String(end)).toString('base64');
  return {
    [key]: items.slice(start, end).map(show),
    meta: { has_more: more, after_cursor: after, before_cursor: null },
    links: { prev: null, next: more ? link(url, request, { 'page[after]': after, 'page[size]': String(size) }) : null },
  };
}

function numberedPage<Item>(url: string, request: Request, key: string, items: Item[], show: (item: Item) => unknown) {
  const size = Math.min(100, whole(text(request, 'per_page'), 100));
  const page = whole(text(request, 'page'), 1);
  const more = page * size < items.length;
  return {
    [key]: items.slice((page - 1) * size, page * size).map(show),
    count: items.length,
    next_page: more ? link(url, request, { page: String(page + 1) }) : null,
    previous_page: page > 1 ? link(url, request, { page: String(page - 1) }) : null,
  };
}

const decoded = (cursor: string | undefined) => (cursor ? Buffer.from(cursor, 'base64').toString() : undefined);

function link(url: string, request: Request, change: Record<string, string>): string {
  const next = new URL(request.originalUrl, url);
  for (const [name, value] of Object.entries(change)) next.searchParams.set(name, value);
  return next.href;
}
