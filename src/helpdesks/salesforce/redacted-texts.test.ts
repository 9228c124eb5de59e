import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitText } from '../../domain/split-text.ts';
import { redactedTexts } from './redacted-texts.ts';

const piece = (body: string, part: string) => ({ from: body.indexOf(part), to: body.indexOf(part) + part.length });

test.each<[string, string[], string, string[], ReturnType<typeof redactedTexts>]>([
  [
    'a piece of one record',
    ['Ann:\nHello\n\nsecret\n\nbye'],
    'Hello\n\nsecret\n\nbye',
    ['secret'],
    ['Ann:\nHello\n\n[Removed]\n\nbye'],
  ],
  [
    'a piece over two records, which were trimmed',
    ['Ann:\nHello sec', 'ret bye'],
    'Hello sec ret bye',
    ['sec ret'],
    ['Ann:\nHello [Removed]', '[Removed] bye'],
  ],
  [
    'a record without any of it stays',
    ['Ann:\nsecret', 'bye'],
    'secret bye',
    ['secret'],
    ['Ann:\n[Removed]', undefined],
  ],
  ['words that are a name as well', ['Ann:\nAnn:', 'later'], 'Ann:', ['Ann:'], ['Ann:\n[Removed]']],
  [
    'what was taken out before',
    ['Ann:\n[Removed]\n\nsecret'],
    '▇▇▇▇\n\nsecret',
    ['secret'],
    ['Ann:\n[Removed]\n\n[Removed]'],
  ],
  ['what is gone already', ['Ann:\nHello\n\n[Removed]'], 'Hello\n\nsecret', ['secret'], 'already'],
  ['what somebody changed', ['Ann:\nHello there\n\nsecrets'], 'Hello\n\nsecret.', ['secret'], 'not-found'],
])('%s', (_, records, body, parts, expected) => {
  expect(redactedTexts(records, { body, pieces: parts.map((part) => piece(body, part)) })).toEqual(expected);
});

test('whatever the words and however they were split, nothing of a piece is left, all else is, and once more changes nothing', () => {
  const words = fc.stringMatching(/^[a-f .*+?()[\]\\^$|-]{1,40}$/).filter((text) => text.trim() !== '');
  fc.assert(
    fc.property(words, words, fc.integer({ min: 5, max: 50 }), (before, after, length) => {
      const secret = 'ÄÖÜ ÄÖÜ';
      const body = `${before}\n\n${secret}\n\n${after}`;
      const written = { body, pieces: [piece(body, secret)] };
      const records = splitText(`Ann:\n${body}`, length, 'utf16')
        .map((text) => text.trim())
        .filter(Boolean);
      const redacted = redactedTexts(records, written);
      if (typeof redacted === 'string') throw new Error(redacted);
      const left = records.map((text, n) => redacted[n] ?? text);
      expect(left.join('')).not.toMatch(/[ÄÖÜ]/);
      const plain = (text: string) => text.replaceAll('[Removed]', '').replace(/\s/g, '');
      expect(plain(left.join(''))).toBe(plain(`Ann:${before}${after}`));
      expect(redactedTexts(left, written)).toBe('already');
    }),
  );
});
