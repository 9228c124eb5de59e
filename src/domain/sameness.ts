/** The words of a text alone: two texts that differ only in case, accents, punctuation, spacing or emoji have the same. */
export const wordsAlone = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
