import { readId } from '../ids.ts';
import type { Row } from '../org.ts';
import { type Field, type FieldType, fieldOf, type ObjectSchema } from '../schema.ts';
import { sameValue } from '../values.ts';
import type { Condition } from './parse.ts';
import { SoqlError, type Token } from './tokens.ts';

type Test = (row: Row) => boolean;
type Comparison = Extract<Condition, { type: 'compare' }>;

/** The test a condition stands for. Throws SoqlError when a value does not suit its field. */
export function conditionOf(schema: ObjectSchema, condition: Condition): Test {
  if (condition.type === 'compare') return comparisonOf(schema, condition);
  if (condition.type === 'not') {
    const part = conditionOf(schema, condition.part);
    return (row) => !part(row);
  }
  const parts = condition.parts.map((part) => conditionOf(schema, part));
  return condition.type === 'and'
    ? (row) => parts.every((part) => part(row))
    : (row) => parts.some((part) => part(row));
}

function comparisonOf(schema: ObjectSchema, { field: name, operator, values }: Comparison): Test {
  const field = fieldOf(schema, name.name);
  if (!field)
    throw new SoqlError('INVALID_FIELD', `No such column '${name.name}' on entity '${schema.name}'.`, name.at);
  if (field.type === 'textarea' && (field.length ?? 0) > 255)
    throw new SoqlError('INVALID_FIELD', `field '${field.name}' can not be filtered in a query call`, name.at);
  if (operator === 'LIKE') return likeTest(field, values);
  const wanted = values.map((value) => literalValue(field, value));
  const anyOf = (row: Row) => wanted.some((value) => sameValue(field, row[field.name] ?? null, value));
  if (operator === '=' || operator === 'IN') return anyOf;
  if (operator === '!=' || operator === 'NOT IN') return (row) => !anyOf(row);
  return (row) => ordered(row[field.name], operator, wanted[0]);
}

function ordered(held: unknown, operator: '<' | '<=' | '>' | '>=', wanted: unknown): boolean {
  if (held === null || held === undefined || wanted === null) return false;
  const [a, b] = typeof wanted === 'number' ? [Number(held), wanted] : [String(held), String(wanted)];
  if (operator === '<') return a < b;
  if (operator === '<=') return a <= b;
  return operator === '>' ? a > b : a >= b;
}

function likeTest(field: Field, [value]: Token[]): Test {
  if (value?.pattern === undefined) throw wrongType(field, value);
  const pattern = new RegExp(`^${value.pattern}$`, 'iu');
  return (row) => pattern.test(String(row[field.name] ?? ''));
}

const kinds: Partial<Record<FieldType, Token['type'][]>> = {
  boolean: ['word'],
  double: ['number'],
  int: ['number'],
  date: ['date', 'word'],
  datetime: ['datetime', 'date', 'word'],
};

function literalValue(field: Field, token: Token): unknown {
  const word = token.type === 'word' ? token.value.toUpperCase() : '';
  if (word === 'NULL') return null;
  if (!(kinds[field.type] ?? ['text']).includes(token.type)) throw wrongType(field, token);
  if (field.type === 'boolean') return booleanOf(field, token, word);
  if (token.type === 'number') return Number(token.value);
  if (token.type === 'text') return textOf(field, token);
  return instantOf(field, token, word);
}

function booleanOf(field: Field, token: Token, word: string): boolean {
  if (word !== 'TRUE' && word !== 'FALSE') throw wrongType(field, token);
  return word === 'TRUE';
}

/** Salesforce holds no empty text: it is the same as nothing. */
function textOf(field: Field, { value, at }: Token): string | null {
  if (field.type !== 'id' && field.type !== 'reference') return value === '' ? null : value;
  const id = readId(value);
  if (!id) throw new SoqlError('INVALID_FIELD', `invalid ID field: ${value}`, at);
  return id;
}

const dayOffsets: Record<string, number> = { YESTERDAY: -1, TODAY: 0, TOMORROW: 1 };

function instantOf(field: Field, token: Token, word: string): string {
  const offset = dayOffsets[word];
  if (token.type === 'word' && offset === undefined) throw wrongType(field, token);
  const at = offset === undefined ? new Date(token.value) : new Date(Date.now() + offset * 86_400_000);
  if (Number.isNaN(at.getTime())) throw new SoqlError('MALFORMED_QUERY', `invalid date: ${token.value}`, token.at);
  const day = at.toISOString().slice(0, 10);
  if (field.type === 'date') return day;
  return token.type === 'datetime' ? at.toISOString().replace('Z', '+0000') : `${day}T00:00:00.000+0000`;
}

function wrongType(field: Field, token: Token | undefined): SoqlError {
  const quoted = (kinds[field.type] ?? ['text']).includes('text') ? 'should be' : 'should not be';
  const type = quoted === 'should be' ? 'string' : field.type;
  const message = `value of filter criterion for field '${field.name}' must be of type ${type} and ${quoted} enclosed in quotes`;
  return new SoqlError('INVALID_FIELD', message, token?.at);
}
