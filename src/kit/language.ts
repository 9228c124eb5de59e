import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);

/** So much likelier than the next one must a language be, and so many letters must there be to tell it by. */
const clearly = 2;
const fewestLetters = 6;
const longestText = 1_000;

/** `fr` of `fr_FR`, `fr-CA`, `fr`; undefined for what is no language. */
export function languageOfLocale(locale: string | undefined): string | undefined {
  const language = /^[a-z]{2,3}(?=$|[-_])/i.exec(locale ?? '')?.[0].toLowerCase();
  return language;
}

/**
 * The language of what somebody wrote, as ISO 639-1 names it (`fr`), if the words tell it; else that of their locale. Short
 * texts tell little, so a locale counts for them.
 */
export function languageOf(text: string, locale: string | undefined): string | undefined {
  const known = languageOfLocale(locale);
  const letters = text.replace(/[^\p{L}]/gu, '').length;
  if (letters < fewestLetters) return known;
  // Loaded at the first use: its statistics of languages take memory that who routes by no language need not spend.
  const { detectAll } = load('tinyld') as typeof import('tinyld');
  const [best, next] = detectAll(text.slice(0, longestText));
  const isClear = best && best.accuracy > clearly * (next?.accuracy ?? 0);
  return isClear ? best.lang : known;
}
