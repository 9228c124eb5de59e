import { cutsPair, fitting, type TextUnit } from './text-unit.ts';

const words = new Intl.Segmenter(undefined, { granularity: 'word' });
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * Cuts a text into pieces of at most `limit` units (UTF-16 ones unless told otherwise): after a line if one ends in the last third, else after a
 * word, else (a word longer than `limit`) between graphemes, so that no emoji or accented letter is torn apart. The
 * pieces joined give the text back. A single grapheme longer than `limit` is cut between code points.
 */
export function splitText(text: string, limit: number, unit: TextUnit = 'utf16'): string[] {
  const pieces: string[] = [];
  let rest = text;
  for (let fits = fitting(rest, limit, unit); fits < rest.length; fits = fitting(rest, limit, unit)) {
    const piece = firstPiece(rest, Math.max(fits, 1));
    pieces.push(piece);
    rest = rest.slice(piece.length);
  }
  return rest === '' && pieces.length > 0 ? pieces : [...pieces, rest];
}

function firstPiece(text: string, limit: number): string {
  // Segmenting needs a little beyond the limit to see whether a word or grapheme goes on there.
  const head = text.slice(0, limit + 64);
  const line = head.lastIndexOf('\n', limit - 1) + 1;
  if (line > (limit * 2) / 3) return head.slice(0, line);
  return (
    head.slice(0, lastBoundary(words, head, limit)) ||
    head.slice(0, lastBoundary(graphemes, head, limit)) ||
    head.slice(0, codePointBoundary(head, limit))
  );
}

/** The last place at or before `limit` where a segment starts; 0 if there is none. */
function lastBoundary(segmenter: Intl.Segmenter, text: string, limit: number): number {
  let boundary = 0;
  for (const { index, segment } of segmenter.segment(text)) {
    if (index > limit) break;
    boundary = index + segment.length <= limit ? index + segment.length : index;
  }
  return boundary;
}

const codePointBoundary = (text: string, limit: number): number =>
  cutsPair(text, limit) ? (limit > 1 ? limit - 1 : 2) : limit;
