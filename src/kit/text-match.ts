import { RE2JS } from 're2js';

/** Whether a text is as somebody wants it. Takes time in proportion to the text, whatever stands in it. */
export type TextTest = (text: string) => boolean;

/** A longer text is looked at so far, in UTF-16 units. */
const longestText = 10_000;
const longestPattern = 500;

/** Holds where the phrase stands anywhere in the text; large and small letters and accents are alike. */
export function contains(phrase: string): TextTest {
  const sought = plain(phrase);
  return (text) => plain(text).includes(sought);
}

/** Holds where the words stand in the text one after the other, as whole words. */
export function hasWords(phrase: string): TextTest {
  const sought = inWords(phrase);
  return (text) => inWords(text).includes(sought);
}

/** Holds where the whole text is as the pattern; `*` stands for anything. */
export function isLike(pattern: string): TextTest {
  const expression = plain(pattern).split('*').map(RE2JS.quote).join('.*');
  const compiled = RE2JS.compile(`^(?:${expression})$`, RE2JS.DOTALL);
  return (text) => compiled.matcher(plain(text)).find();
}

/**
 * A regular expression of RE2, which has neither look-around nor references back, so that no text makes it run long.
 * Large and small letters are alike. `problem` says what is wrong with it.
 */
export function matches(pattern: string): { test: TextTest } | { problem: string } {
  if (pattern.length > longestPattern) return { problem: `longer than ${longestPattern} characters` };
  try {
    const compiled = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
    return { test: (text) => compiled.matcher(text.slice(0, longestText)).find() };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'it cannot be read' };
  }
}

const plain = (text: string): string =>
  text.slice(0, longestText).normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

const inWords = (text: string): string =>
  ` ${plain(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .join(' ')} `;
