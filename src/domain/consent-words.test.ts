import { describe, expect, test } from 'vitest';
import { consentPayload, consentWords, meaningOf, payloadMeant } from './consent-words.ts';

const words = consentWords(
  {
    stop: ['stop', 'désabonner', 'отписаться', '退订', 'बंद करें', 'iptal et'],
    start: ['start'],
    help: ['help'],
    yes: ['yes', 'ok'],
  },
  [{ words: ['JOIN', 'ok', 'stop'], purpose: 'marketing', act: 'granted' }],
);

describe('what a message means', () => {
  test.each<[string, string | undefined]>([
    ['STOP', 'stop'],
    ['  stop!!! ', 'stop'],
    ['ＳＴＯＰ', 'stop'],
    ['s.t.o.p', undefined],
    ['Desabonner', 'stop'],
    ['De\u0301sabonner.', 'stop'],
    ['ОТПИСАТЬСЯ', 'stop'],
    ['退订。', 'stop'],
    ['बंद करें', 'stop'],
    ['İPTAL ET', 'stop'],
    ['🛑 stop 🛑', 'stop'],
    ['stop it', undefined],
    ['please stop', undefined],
    ['', undefined],
    ['!!!', undefined],
    ['Start', 'start'],
    ['help?', 'help'],
    ['join', 'keyword'],
    // Of a word with two meanings a way out goes first, then the company's own.
    ['ok', 'keyword'],
    ['yes', 'yes'],
    [`stop${' '.repeat(100)}`, undefined],
  ])('%j: %s', (text, expected) => {
    expect(meaningOf(words, text)?.meant).toBe(expected);
  });
});

test('a button’s payload comes back as what it meant; others mean nothing', () => {
  const meant = { purpose: 'list:spring-news', act: 'revoked' } as const;
  expect(payloadMeant(consentPayload(meant))).toEqual(meant);
  for (const other of [undefined, '', 'consent:', 'consent:asked:marketing', 'consent:granted:Marketing', 'track'])
    expect(payloadMeant(other)).toBeUndefined();
});
