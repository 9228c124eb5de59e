import { isDeepStrictEqual } from 'node:util';

/** One thing that has to be so. It holds when `actual` equals `expected`, all the way down. */
export interface Fact {
  what: string;
  actual: unknown;
  expected: unknown;
}

export const is = <Value>(what: string, actual: Value, expected: Value): Fact => ({ what, actual, expected });
/** `shown` is printed beside it when it does not hold. */
export const holds = (what: string, so: boolean, shown?: unknown): Fact => ({
  what,
  actual: so || shown === undefined ? so : shown,
  expected: true,
});

export const isTrue = ({ actual, expected }: Fact): boolean => isDeepStrictEqual(actual, expected);

/**
 * Which of the texts stand in `words`, in the order in which they do, each as often as it does. Equal to `texts` when
 * everything is there once and in order.
 */
export function orderOf(texts: readonly string[], words: string): string[] {
  return texts
    .flatMap((text) => positions(text, words).map((position) => ({ text, position })))
    .sort((a, b) => a.position - b.position)
    .map(({ text }) => text);
}

function positions(text: string, words: string): number[] {
  const found: number[] = [];
  for (let at = words.indexOf(text); at >= 0; at = words.indexOf(text, at + text.length)) found.push(at);
  return found;
}
