/**
 * What a platform counts when it limits a text:
 * - `utf16`: UTF-16 units, JavaScript's own length.
 * - `code-points`: Unicode code points; an emoji may be several.
 * - `utf8-bytes`: bytes in UTF-8.
 */
export type TextUnit = 'utf16' | 'code-points' | 'utf8-bytes';

const highSurrogate = /[\ud800-\udbff]/;
const lowSurrogate = /[\udc00-\udfff]/;

/** How long a text is in that unit. */
export function lengthIn(unit: TextUnit, text: string): number {
  if (unit === 'utf16') return text.length;
  return unit === 'utf8-bytes' ? Buffer.byteLength(text) : [...text].length;
}

/** How many UTF-16 units of the text fit into `limit` of that unit; a code point is never torn. */
export function fitting(text: string, limit: number, unit: TextUnit): number {
  if (unit === 'utf16') return Math.min(text.length, limit);
  let used = 0;
  let end = 0;
  while (end < text.length) {
    const width = cutsPair(text, end + 1) ? 2 : 1;
    used += unit === 'code-points' ? 1 : Buffer.byteLength(text.slice(end, end + width));
    if (used > limit) break;
    end += width;
  }
  return end;
}

/** Whether a cut at this place would tear a code point apart. */
export const cutsPair = (text: string, at: number): boolean =>
  highSurrogate.test(text[at - 1] ?? '') && lowSurrogate.test(text[at] ?? '');
