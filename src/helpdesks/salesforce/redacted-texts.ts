import { removedText } from '../../domain/removed.ts';
import { printable } from '../../salesforce/text.ts';

export interface WrittenText {
  /** As it was written, before it was put into records; what was taken out of it earlier stands as ▇. */
  body: string;
  /** What is to go, in UTF-16 units of `body`. */
  pieces: readonly { from: number; to: number }[];
}

interface Span {
  from: number;
  to: number;
}

/**
 * The texts of the records that hold a comment, without the pieces: `undefined` for one that stays. The comment begins with the
 * first record and takes as many as its words fill; whoever said them may stand before them. White space is not compared, for
 * Salesforce trims it where a text was split. `already` when none of the pieces is there any more; `not-found` when somebody has
 * changed the words, so that they cannot be told apart.
 */
export function redactedTexts(
  records: readonly string[],
  written: WrittenText,
): (string | undefined)[] | 'already' | 'not-found' {
  const segments = segmentsOf(written);
  for (let count = 1; count <= records.length; count++) {
    const own = records.slice(0, count);
    const units = squeezed(own);
    const joined = units.map(({ unit }) => unit).join('');
    const found = indicesOf(joined, segments, ({ text }) => text);
    if (!found) {
      if (indicesOf(joined, segments, ({ text, goes }) => (goes ? undefined : text))) return 'already';
      continue;
    }
    const spans = segments.flatMap(({ goes }, n) => (goes && found[n] ? [found[n]] : []));
    return own.map((text, record) => without(text, placesIn(units, spans, record)));
  }
  return 'not-found';
}

interface Unit {
  unit: string;
  record: number;
  at: number;
}

/** Every letter but white space, with its place. */
const squeezed = (records: readonly string[]): Unit[] =>
  records.flatMap((text, record) =>
    text.split('').flatMap((unit, at) => (/\s/.test(unit) ? [] : [{ unit, record, at }])),
  );

interface Segment {
  /** Without white space; undefined for what was taken out before. */
  text: string | undefined;
  goes: boolean;
}

/** The body in runs of what goes, what stays, and what is gone already. */
function segmentsOf({ body, pieces }: WrittenText): Segment[] {
  const kinds = body.split('').map((unit, at) => {
    if (unit === '▇') return 'gone';
    return pieces.some(({ from, to }) => from <= at && at < to) ? 'goes' : 'stays';
  });
  const runs: { kind: string; text: string }[] = [];
  for (const [at, kind] of kinds.entries()) {
    const last = runs.at(-1);
    if (last?.kind === kind) last.text += body[at];
    else runs.push({ kind, text: body[at]! });
  }
  return runs
    .map(({ kind, text }) => ({
      text: kind === 'gone' ? undefined : printable(text).replace(/\s/g, ''),
      goes: kind === 'goes',
    }))
    .filter(({ text }) => text !== '');
}

/** Where each segment stands; what has no text is sought as what stands in its place. */
function indicesOf(
  joined: string,
  segments: readonly Segment[],
  textOf: (segment: Segment) => string | undefined,
): Span[] | undefined {
  const gone = `(?:${escaped(removedText)})*`;
  const pattern = segments.map((segment) => `(${escaped(textOf(segment)) || gone})`).join('');
  const indices = new RegExp(`^(?:[^]*?:)??${pattern}$`, 'd').exec(joined)?.indices;
  return indices?.slice(1).map((place) => ({ from: place?.[0] ?? 0, to: place?.[1] ?? 0 }));
}

const escaped = (text: string | undefined): string => text?.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&') ?? '';

/** Each run of letters that goes from one record, white space between them included. */
function placesIn(units: readonly Unit[], spans: readonly Span[], record: number): Span[] {
  return spans.flatMap(({ from, to }) => {
    const own = units.slice(from, to).filter((unit) => unit.record === record);
    const [first, last] = [own[0], own.at(-1)];
    return first && last ? [{ from: first.at, to: last.at + 1 }] : [];
  });
}

function without(text: string, places: readonly Span[]): string | undefined {
  if (places.length === 0) return undefined;
  let left = text;
  for (const { from, to } of [...places].reverse()) left = left.slice(0, from) + removedText + left.slice(to);
  return left;
}
