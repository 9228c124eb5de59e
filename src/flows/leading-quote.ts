/** An agent's words, and what stands above them as a quote: lines that begin with `>`, as helpdesks write one out. */
export interface QuotedAnswer {
  quote: string;
  answer: string;
}

/** Undefined where the text does not begin with a quote, or nothing follows it. */
export function leadingQuote(text: string): QuotedAnswer | undefined {
  const lines = text.trim().split(/\r?\n/);
  const end = lines.findIndex((line) => !/^>|^\s*$/.test(line));
  const quote = lines
    .slice(0, Math.max(end, 0))
    .map((line) => line.replace(/^>\s?/, ''))
    .join(' ');
  const words = inOneLine(quote);
  return words === '' || !text.trim().startsWith('>')
    ? undefined
    : { quote: words, answer: lines.slice(end).join('\n') };
}

const inOneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

/** Whether a message is what a quote was taken from: all of it, or some words of it. */
export function isQuoted(message: string, quote: string): boolean {
  const words = inOneLine(message).toLocaleLowerCase();
  const wanted = quote.replace(/…$/, '').trim().toLocaleLowerCase();
  return words === wanted || (wanted.length >= shortestPiece && words.includes(wanted));
}

/** Fewer letters than this may stand in any message. */
const shortestPiece = 8;
