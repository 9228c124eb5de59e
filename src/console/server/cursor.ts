import type { Page } from '../wire/page.ts';

/** Rows asked for are one more than shown: it tells whether there is a following page. */
export const oneMore = (limit: number): number => limit + 1;

/** Makes a page of the rows found, by `oneMore` more than `limit`. `place` is what the next page begins after. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  show: (row: Row) => Item,
  place: (row: Row) => Place,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(show), next: rows.length > limit && last !== undefined ? writeCursor(place(last)) : null };
}

/** Where in an order a page ended: the values it is ordered by. */
export type Place = readonly (string | number)[];

export const writeCursor = (place: Place): string => Buffer.from(JSON.stringify(place)).toString('base64url');

/** Undefined when it is none of ours. */
export function readCursor(cursor: string, length: number): Place | undefined {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const fits =
      Array.isArray(place) &&
      place.length === length &&
      place.every((each) => ['string', 'number'].includes(typeof each));
    return fits ? place : undefined;
  } catch {
    return undefined;
  }
}
