export interface Token {
  type: 'word' | 'text' | 'number' | 'date' | 'datetime' | 'symbol' | 'end';
  /** As written; of a text its value. */
  value: string;
  /** Of a text: as a LIKE pattern, where an escaped wildcard stands for itself. */
  pattern?: string;
  at: number;
}

/** Why a query is refused; `at` is the place in the query, from 0. */
export class SoqlError extends Error {
  readonly code: 'MALFORMED_QUERY' | 'INVALID_FIELD' | 'INVALID_TYPE';
  readonly at: number;
  constructor(code: SoqlError['code'], message: string, at = 0) {
    super(message);
    this.code = code;
    this.at = at;
  }
}

const shapes: [Token['type'], RegExp][] = [
  ['datetime', /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)/y],
  ['date', /\d{4}-\d\d-\d\d/y],
  ['number', /[+-]?\d+(?:\.\d+)?/y],
  ['word', /[A-Za-z_][A-Za-z0-9_.:]*/y],
  ['symbol', /<=|>=|!=|<>|[=<>(),]/y],
];

/** The words of a query. Throws SoqlError at the first thing that is none. */
export function tokensOf(soql: string): Token[] {
  const tokens: Token[] = [];
  let at = skipSpace(soql, 0);
  while (at < soql.length) {
    const token = soql[at] === "'" ? readText(soql, at) : readPlain(soql, at);
    tokens.push(token.token);
    at = skipSpace(soql, token.next);
  }
  return [...tokens, { type: 'end', value: '<EOF>', at: soql.length }];
}

function skipSpace(soql: string, from: number): number {
  let at = from;
  while (at < soql.length && /\s/.test(soql.charAt(at))) at++;
  return at;
}

function readPlain(soql: string, at: number): { token: Token; next: number } {
  for (const [type, shape] of shapes) {
    shape.lastIndex = at;
    const value = shape.exec(soql)?.[0];
    if (value !== undefined) return { token: { type, value, at }, next: at + value.length };
  }
  throw new SoqlError('MALFORMED_QUERY', `unexpected token: '${soql.charAt(at)}'`, at);
}

const escapes: Record<string, string> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  "'": "'",
  '"': '"',
  '\\': '\\',
  _: '_',
  '%': '%',
};

function readText(soql: string, start: number): { token: Token; next: number } {
  let value = '';
  let pattern = '';
  for (let at = start + 1; at < soql.length; at++) {
    const character = soql.charAt(at);
    if (character === "'") return { token: { type: 'text', value, pattern, at: start }, next: at + 1 };
    if (character === '\n' || character === '\r' || character === '\0') break;
    const meant = character === '\\' ? escaped(soql, ++at) : undefined;
    value += meant ?? character;
    pattern += meant === undefined ? wildcard(character) : literal(meant);
  }
  throw new SoqlError('MALFORMED_QUERY', 'string literal is not ended', start);
}

function escaped(soql: string, at: number): string {
  const meant = escapes[soql.charAt(at)];
  if (meant === undefined) throw new SoqlError('MALFORMED_QUERY', `invalid escape: \\${soql.charAt(at)}`, at);
  return meant;
}

const literal = (character: string): string => character.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

function wildcard(character: string): string {
  if (character === '%') return '[^]*';
  return character === '_' ? '[^]' : literal(character);
}
