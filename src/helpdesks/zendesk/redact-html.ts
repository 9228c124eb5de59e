/** Words are to be taken out of a comment, but what Zendesk shows is not what was written: nobody can tell which they are. */
export type NotFound = 'not-found';

interface Piece {
  from: number;
  to: number;
}

/**
 * The comment's HTML with `<redact>` around what is to go, as Zendesk's endpoint wants it; undefined when there is nothing
 * left to take out. `body` is the text as it was written, of which `pieces` are to go; without it all text goes.
 */
export function redactedHtml(
  html: string,
  what: 'all' | { body: string; pieces: readonly Piece[] },
): string | undefined | NotFound {
  const tokens = tokensOf(html);
  const letters = tokens.flatMap(lettersOf);
  const goes = what === 'all' ? letters.map(() => true) : lettersToGo(letters, what.body, what.pieces);
  if (goes === 'not-found') return goes;
  const gone = new Set(letters.filter((_, n) => goes[n]));
  return gone.size === 0 ? undefined : tokens.map((token) => marked(token, letters, gone)).join('');
}

interface Token {
  /** Where it begins in the HTML. */
  at: number;
  text: string;
  isTag: boolean;
}

const tokensOf = (html: string): Token[] =>
  [...html.matchAll(/<[^>]*>|[^<]+|</g)].map(({ 0: text, index: at }) => ({ at, text, isTag: /^<[^>]/.test(text) }));

/** Something that can be read: a letter, a digit, a sign; neither a blank nor what Markdown takes for formatting. */
interface Letter {
  char: string;
  /** Its place in the HTML. */
  from: number;
  to: number;
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function lettersOf({ at, text, isTag }: Token): Letter[] {
  if (isTag) return [];
  return [...text.matchAll(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));|./gsu)].flatMap(
    ({ 0: raw, 1: digits, 2: hex, 3: name, index }) => {
      const char = decoded(raw, digits, hex, name);
      return counts(char) ? [{ char, from: at + index, to: at + index + raw.length }] : [];
    },
  );
}

function decoded(raw: string, digits?: string, hex?: string, name?: string): string {
  if (digits ?? hex) {
    const code = digits ? Number(digits) : Number.parseInt(hex!, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : raw;
  }
  return name ? (entities[name] ?? raw) : raw;
}

/** ▇ is what Zendesk, and our own copy of the text, shows for what was taken out before. */
const counts = (char: string) => !/^(?:[\s*_~`#>|▇]|\p{Cf}|\ufe0f)$/u.test(char);

function lettersToGo(letters: readonly Letter[], body: string, pieces: readonly Piece[]): boolean[] | NotFound {
  const written = [...body.matchAll(/./gsu)].flatMap(({ 0: char, index: from }) =>
    counts(char) ? [{ char, from }] : [],
  );
  const goes = written.map(({ from }) => pieces.some((piece) => from >= piece.from && from < piece.to));
  const shown = textOf(letters);
  if (shown === textOf(written)) return goes;
  // An earlier try was heard after all.
  if (shown === textOf(written.filter((_, n) => !goes[n]))) return letters.map(() => false);
  return soughtBy(letters, runsOf(written, goes));
}

const textOf = (letters: readonly { char: string }[]) => letters.map(({ char }) => char).join('');

/** The text of each piece. */
function runsOf(written: readonly { char: string }[], goes: readonly boolean[]): string[][] {
  const runs: string[][] = [];
  for (const [n, { char }] of written.entries()) {
    if (!goes[n]) continue;
    if (n === 0 || !goes[n - 1]) runs.push([]);
    runs.at(-1)!.push(char);
  }
  return runs;
}

/** Formatting took or added letters elsewhere: a piece that stands there just once is surely it. */
function soughtBy(letters: readonly Letter[], runs: readonly string[][]): boolean[] | NotFound {
  const goes = letters.map(() => false);
  for (const run of runs) {
    const places = letters.flatMap((_, n) => (run.every((char, i) => letters[n + i]?.char === char) ? [n] : []));
    const [place, other] = places;
    if (place === undefined || other !== undefined) return 'not-found';
    goes.fill(true, place, place + run.length);
  }
  return goes;
}

/** Blanks between two letters that go, go with them. A link or picture among them loses where it led. */
function marked(token: Token, letters: readonly Letter[], gone: ReadonlySet<Letter>): string {
  if (token.isTag)
    return isLinkOrPicture(token) && goesWith(token, letters, gone) ? withAttribute(token.text) : token.text;
  const inside = letters.filter(({ from }) => from >= token.at && from < token.at + token.text.length);
  let [text, end] = ['', 0];
  for (let i = 0; i < inside.length; i++) {
    if (!gone.has(inside[i]!)) continue;
    const first = i;
    while (inside[i + 1] && gone.has(inside[i + 1]!)) i++;
    const from = inside[first]!.from - token.at;
    const to = inside[i]!.to - token.at;
    text += `${token.text.slice(end, from)}<redact>${token.text.slice(from, to)}</redact>`;
    end = to;
  }
  return text + token.text.slice(end);
}

const isLinkOrPicture = ({ text }: Token) => /^<(?:a|img)\b/i.test(text);

function goesWith({ at }: Token, letters: readonly Letter[], gone: ReadonlySet<Letter>): boolean {
  const next = letters.find(({ from }) => from > at);
  const last = letters.findLast(({ from }) => from < at);
  return next ? gone.has(next) : last !== undefined && gone.has(last);
}

const withAttribute = (tag: string) => tag.replace(/\s*\/?>$/, (end) => ` redact${end}`);
