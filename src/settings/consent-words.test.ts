import { expect, test } from 'vitest';
import { consentWords, meaningOf } from '../domain/consent-words.ts';
import { readConsentWords } from './consent-words.ts';

const shipped = readConsentWords();

test('the shipped words are read, and each means what it stands for', () => {
  const words = consentWords(shipped, []);
  for (const kind of ['stop', 'start', 'help', 'yes'] as const)
    for (const word of shipped[kind]) expect(`${word}: ${meaningOf(words, word)?.meant}`).toBe(`${word}: ${kind}`);
});

test.each(['cancel', 'end', 'quit', 'no', 'info'])('%s, which also answers a question, is not among them', (word) => {
  expect(meaningOf(consentWords(shipped, []), word)).toBeUndefined();
});
