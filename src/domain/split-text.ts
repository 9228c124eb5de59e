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
  const whole = boundaries(graphemes, head, limit);
  const between = new Set(whole);
  // What is a word of its own may still belong to the grapheme before it.
  const word = boundaries(words, head, limit).findLast((place) => between.has(place));
  return head.slice(0, word || whole.at(-1) || codePointBoundary(head, limit));
}

/** The places at or before `limit` where a segment ends. */
function boundaries(segmenter: Intl.Segmenter, text: string, limit: number): number[] {
  const places: number[] = [];
  for (const { index, segment } of segmenter.segment(text)) {
    if (index + segment.length > limit) break;
    places.push(index + segment.length);
  }
  return places;
}

const codePointBoundary = (text: string, limit: number): number =>
  cutsPair(text, limit) ? (limit > 1 ? limit - 1 : 2) : limit;
