import type { ConsentAct } from './consent.ts';
import { wordsAlone } from './sameness.ts';

export const wordKinds = ['stop', 'start', 'help', 'yes'] as const;
export type WordKind = (typeof wordKinds)[number];

/** What a company made a word of its own mean. */
export interface Keyword {
  purpose: string;
  act: Extract<ConsentAct, 'granted' | 'revoked'>;
}

export type Meaning = { meant: WordKind } | ({ meant: 'keyword' } & Keyword);

/** By the words alone (`wordsAlone`). */
export type ConsentWords = ReadonlyMap<string, Meaning>;

/** A word that means two things means the first of `stop`, a keyword, `start`, `help`, `yes`: who wants out always gets out. */
export function consentWords(
  of: Readonly<Record<WordKind, readonly string[]>>,
  keywords: readonly (Keyword & { words: readonly string[] })[],
): ConsentWords {
  const entry = (word: string, meaning: Meaning): [string, Meaning] => [wordsAlone(word), meaning];
  const plain = (meant: WordKind) => of[meant].map((word) => entry(word, { meant }));
  const own = keywords.flatMap(({ words, purpose, act }) =>
    words.map((word) => entry(word, { meant: 'keyword', purpose, act })),
  );
  const all = [...plain('stop'), ...own, ...plain('start'), ...plain('help'), ...plain('yes')];
  return new Map(all.reverse().filter(([word]) => word !== ''));
}

/** Nobody means a whole sentence by a keyword; longer texts are not looked up. */
const longest = 80;

export const meaningOf = (words: ConsentWords, text: string): Meaning | undefined =>
  text.length > longest ? undefined : words.get(wordsAlone(text));

/** What a button of a question about consent sends back, such as `consent:granted:marketing`. */
export const consentPayload = ({ purpose, act }: Keyword): string => `consent:${act}:${purpose}`;

export function payloadMeant(payload: string | undefined): Keyword | undefined {
  const [, act, purpose] = /^consent:(granted|revoked):([a-z:0-9*-]{1,60})$/.exec(payload ?? '') ?? [];
  return purpose === undefined ? undefined : { purpose, act: act as Keyword['act'] };
}
