import fc from 'fast-check';
import { expect, test } from 'vitest';
import { minutes } from '../../src/domain/duration.ts';
import { waitBeforeComment } from '../../src/domain/pace.ts';
import { splitText } from '../../src/domain/split-text.ts';
import { lengthIn } from '../../src/domain/text-unit.ts';
import { type TranscriptLine, transcript } from '../../src/domain/transcript.ts';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const boundariesOf = (text: string): Set<number> =>
  new Set([...graphemes.segment(text)].map(({ index }) => index).concat(text.length));
const longestGrapheme = (text: string): number =>
  Math.max(0, ...[...graphemes.segment(text)].map(({ segment }) => segment.length));

/** What people write: words, lines, and whatever is made of several code points. */
const piece = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(' ', '\n', '\r\n', ', ', 'word', 'Größe', 'https://shop.example/a?b=c') },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '👩‍👩‍👧',
      '🏳️‍🌈',
      '🇳🇴',
      '👍🏽',
      'é',
      'क्षि',
      '한국',
      'مرحبا',
      '日本語',
      'a\u0300\u0301\u0302',
    ),
  },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }).filter((text) => text.isWellFormed()) },
);
const text = fc.array(piece, { maxLength: 60, size: 'max' }).map((pieces) => pieces.join(''));

test('a text in pieces: joined they are the text, each within the limit, no grapheme torn', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 60 }), (whole, limit) => {
      const pieces = splitText(whole, limit);
      expect(pieces.join('')).toBe(whole);
      const boundaries = boundariesOf(whole);
      const fits = longestGrapheme(whole) <= limit;
      let end = 0;
      for (const each of pieces) {
        end += each.length;
        // A pair that belongs together is not torn even where the limit is less than two.
        expect(each.length).toBeLessThanOrEqual(Math.max(limit, 2));
        expect(each.isWellFormed()).toBe(true);
        if (fits) expect(boundaries.has(end)).toBe(true);
      }
      expect(pieces.every((each) => each !== '') || whole === '').toBe(true);
    }),
    {
      numRuns: 2_000,
      examples: [
        [' 𝨀', 2],
        ['𑪄日本語', 3],
      ],
    },
  );
});

test('a text that fits is one piece, whatever it is', () => {
  fc.assert(fc.property(text, (whole) => void expect(splitText(whole, Math.max(1, whole.length))).toEqual([whole])));
});

const line = fc.record<TranscriptLine>({
  at: fc.date({ min: new Date('2026-01-01'), max: new Date('2026-12-31'), noInvalidDate: true }),
  author: fc.constantFrom('Ida Berg', 'Agent', '李雷', 'X'),
  text,
  late: fc.boolean(),
});

test('a transcript in pieces: each within the limit and whole in its letters; what is added later changes only the end', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), line, fc.integer({ min: 60, max: 400 }), (lines, next, limit) => {
      const before = transcript(lines, limit);
      const after = transcript([...lines, next], limit);
      expect(after.slice(0, before.length - 1)).toEqual(before.slice(0, -1));
      expect(after[before.length - 1]?.startsWith(before.at(-1)!)).toBe(true);
      for (const each of after) {
        expect(each.length).toBeLessThanOrEqual(limit);
        expect(each.isWellFormed()).toBe(true);
      }
      const all = after.join('').replaceAll('\n', '');
      for (const { text: said } of [...lines, next]) expect(all).toContain(said.replaceAll('\n', ''));
    }),
    { numRuns: 500 },
  );
});

test('however messages come, no more than 30 comments are written within 10 minutes, and none waits for ever', () => {
  // From without a pause to now and then.
  const gaps = fc
    .constantFrom(0, 1_000, 20_000, 60_000, 300_000)
    .chain((max) => fc.array(fc.nat({ max }), { minLength: 1, maxLength: 150, size: 'max' }));
  fc.assert(
    fc.property(gaps, (pauses) => {
      const written: Date[] = [];
      let now = Date.parse('2026-06-01T00:00:00Z');
      for (const pause of pauses) {
        now += pause;
        const wait = waitBeforeComment(written, new Date(now));
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(minutes(1));
        now += wait;
        expect(waitBeforeComment(written, new Date(now))).toBe(0);
        written.push(new Date(now));
        const within = written.filter((at) => at.getTime() > now - minutes(10));
        expect(within.length).toBeLessThanOrEqual(30);
      }
    }),
  );
});

test('the order in which the times of comments are known does not matter', () => {
  const ages = fc.array(fc.integer({ min: 0, max: 700_000 }), { maxLength: 40 });
  fc.assert(
    fc.property(ages, fc.infiniteStream(fc.nat()), (past, random) => {
      const now = new Date('2026-06-01T00:00:00Z');
      const times = past.map((age) => new Date(now.getTime() - age));
      const keys = new Map(times.map((at) => [at, random.next().value]));
      const shuffled = [...times].sort((a, b) => keys.get(a)! - keys.get(b)!);
      expect(waitBeforeComment(shuffled, now)).toBe(waitBeforeComment(times, now));
    }),
  );
});

test('cut by another unit, each piece fits by that unit, and joined they are the text', () => {
  const unit = fc.constantFrom('utf16' as const, 'code-points' as const, 'utf8-bytes' as const);
  fc.assert(
    fc.property(text, fc.integer({ min: 4, max: 60 }), unit, (whole, limit, by) => {
      const pieces = splitText(whole, limit, by);
      expect(pieces.join('')).toBe(whole);
      for (const each of pieces) {
        expect(lengthIn(by, each)).toBeLessThanOrEqual(limit);
        expect(each.isWellFormed()).toBe(true);
      }
    }),
  );
});
