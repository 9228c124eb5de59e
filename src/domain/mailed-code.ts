import { minutes } from './duration.ts';

/** A code of six digits is good for so long, and may be answered wrongly so often. */
export const codeHolds = minutes(10);
export const mostTries = 5;

/** The code in what a customer wrote, also as `123 456`; undefined if there is none, or several. */
export function codeIn(text: string): string | undefined {
  const found = [...text.slice(0, 500).matchAll(/(?<![\d+.,-])(\d{3})[ -]?(\d{3})(?![\d.,-]*\d)/g)];
  const codes = new Set(found.map(([, first, last]) => `${first}${last}`));
  return codes.size === 1 ? [...codes][0] : undefined;
}

export type CodeVerdict = 'right' | 'wrong' | 'expired' | 'too-many';

/** What an answer to a code is worth. `fits`: it is the code that was mailed. */
export function verdictOn(
  { tries, expiresAt }: { tries: number; expiresAt: Date | undefined },
  fits: boolean,
  now: Date,
): CodeVerdict {
  if (tries >= mostTries) return 'too-many';
  if (!expiresAt || expiresAt <= now) return 'expired';
  if (fits) return 'right';
  return tries + 1 >= mostTries ? 'too-many' : 'wrong';
}
