import { SoqlError, type Token, tokensOf } from './tokens.ts';

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'LIKE' | 'IN' | 'NOT IN';

export interface FieldName {
  name: string;
  at: number;
}

export type Condition =
  | { type: 'and' | 'or'; parts: Condition[] }
  | { type: 'not'; part: Condition }
  | { type: 'compare'; field: FieldName; operator: Operator; values: Token[] };

export interface Query {
  /** Of `COUNT()`: no fields. */
  fields: FieldName[];
  count: boolean;
  object: FieldName;
  where?: Condition;
  orderBy: { field: FieldName; descending: boolean }[];
  limit?: number;
  offset?: number;
}

/** Reads words one after another. */
interface Reader {
  peek(): Token;
  next(): Token;
  /** Takes the word if it is this keyword or symbol. */
  take(word: string): boolean;
  expect(word: string): void;
}

function readerOf(tokens: Token[]): Reader {
  let position = 0;
  const peek = () => tokens[position] ?? { type: 'end' as const, value: '<EOF>', at: 0 };
  const next = () => {
    const token = peek();
    position++;
    return token;
  };
  const take = (word: string) => {
    const is = isWord(peek(), word);
    if (is) position++;
    return is;
  };
  const expect = (word: string) => {
    if (!take(word)) throw unexpected(peek());
  };
  return { peek, next, take, expect };
}

const isWord = ({ type, value }: Token, word: string): boolean =>
  (type === 'word' || type === 'symbol') && value.toUpperCase() === word;

const unexpected = ({ value, at }: Token): SoqlError =>
  new SoqlError('MALFORMED_QUERY', `unexpected token: '${value}'`, at);

/** A query of one object without subqueries, functions or relationships. Throws SoqlError. */
export function parseQuery(soql: string): Query {
  const reader = readerOf(tokensOf(soql));
  reader.expect('SELECT');
  const selected = readSelected(reader);
  reader.expect('FROM');
  const object = readName(reader);
  const where = reader.take('WHERE') ? { where: readCondition(reader) } : {};
  const orderBy = readOrder(reader);
  const limit = reader.take('LIMIT') ? { limit: readWhole(reader) } : {};
  const offset = reader.take('OFFSET') ? { offset: readWhole(reader) } : {};
  if (reader.peek().type !== 'end') throw unexpected(reader.peek());
  return { ...selected, object, ...where, orderBy, ...limit, ...offset };
}

const keywords = new Set(['SELECT', 'FROM', 'WHERE', 'AND', 'OR', 'NOT', 'ORDER', 'LIMIT', 'LIKE', 'IN']);

function readName(reader: Reader): FieldName {
  const token = reader.next();
  if (token.type !== 'word' || keywords.has(token.value.toUpperCase())) throw unexpected(token);
  return { name: token.value, at: token.at };
}

function readSelected(reader: Reader): { fields: FieldName[]; count: boolean } {
  if (!isWord(reader.peek(), 'COUNT')) return { fields: readList(reader, readName), count: false };
  reader.next();
  reader.expect('(');
  reader.expect(')');
  return { fields: [], count: true };
}

function readList<Item>(reader: Reader, read: (reader: Reader) => Item): Item[] {
  const items = [read(reader)];
  while (reader.take(',')) items.push(read(reader));
  return items;
}

/** AND and OR on one level need parentheses, as in Salesforce. */
function readCondition(reader: Reader): Condition {
  const first = readPart(reader);
  const word = ['AND', 'OR'].find((each) => isWord(reader.peek(), each));
  if (!word) return first;
  const parts = [first];
  while (reader.take(word)) parts.push(readPart(reader));
  const mixed = isWord(reader.peek(), 'AND') || isWord(reader.peek(), 'OR');
  if (mixed) throw unexpected(reader.peek());
  return { type: word === 'AND' ? 'and' : 'or', parts };
}

function readPart(reader: Reader): Condition {
  if (reader.take('NOT')) return { type: 'not', part: readPart(reader) };
  if (!reader.take('(')) return readComparison(reader);
  const inside = readCondition(reader);
  reader.expect(')');
  return inside;
}

function readComparison(reader: Reader): Condition {
  const field = readName(reader);
  const operator = readOperator(reader);
  if (operator !== 'IN' && operator !== 'NOT IN')
    return { type: 'compare', field, operator, values: [readValue(reader)] };
  reader.expect('(');
  const values = readList(reader, readValue);
  reader.expect(')');
  return { type: 'compare', field, operator, values };
}

const simple: Record<string, Operator> = {
  '=': '=',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  LIKE: 'LIKE',
  IN: 'IN',
};

function readOperator(reader: Reader): Operator {
  const token = reader.next();
  if (isWord(token, 'NOT')) {
    reader.expect('IN');
    return 'NOT IN';
  }
  const operator = token.type === 'text' ? undefined : simple[token.value.toUpperCase()];
  if (!operator) throw unexpected(token);
  return operator;
}

const wordValues = new Set(['TRUE', 'FALSE', 'NULL', 'TODAY', 'YESTERDAY', 'TOMORROW']);

function readValue(reader: Reader): Token {
  const token = reader.next();
  const isValue = token.type === 'word' ? wordValues.has(token.value.toUpperCase()) : token.type !== 'symbol';
  if (!isValue || token.type === 'end') throw unexpected(token);
  return token;
}

function readOrder(reader: Reader): Query['orderBy'] {
  if (!reader.take('ORDER')) return [];
  reader.expect('BY');
  return readList(reader, () => {
    const field = readName(reader);
    const descending = reader.take('DESC');
    if (!descending) reader.take('ASC');
    if (reader.take('NULLS') && !reader.take('FIRST')) reader.expect('LAST');
    return { field, descending };
  });
}

function readWhole(reader: Reader): number {
  const token = reader.next();
  if (token.type !== 'number' || !/^\d+$/.test(token.value)) throw unexpected(token);
  return Number(token.value);
}
