import { type Answer, refuse } from './answer.ts';
import { readId } from './ids.ts';
import type { Field, FieldType } from './schema.ts';

type Check = (value: unknown, field: Field) => Answer | undefined;

/** What is wrong with a value for its field, as the API would say it; nothing is wrong with null. */
export function valueFault(field: Field, value: unknown): Answer | undefined {
  if (value === null) return undefined;
  return (
    typeFault(value, field) ?? lengthFault(value, field) ?? picklistFault(value, field) ?? emailFault(value, field)
  );
}

const isText = (value: unknown): boolean => typeof value === 'string';

const fits: Record<FieldType, (value: unknown) => boolean> = {
  id: isText,
  string: isText,
  textarea: isText,
  picklist: isText,
  email: isText,
  phone: isText,
  url: isText,
  reference: isText,
  base64: (value) => typeof value === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(value),
  boolean: (value) => typeof value === 'boolean',
  double: (value) => typeof value === 'number',
  int: (value) => Number.isInteger(value),
  date: (value) => typeof value === 'string' && isDay(value),
  datetime: (value) =>
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:?\d\d))?$/.test(value) &&
    isDay(value.slice(0, 10)),
};

function isDay(value: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(value)) return false;
  const at = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value);
}

const typeFault: Check = (value, { type }) => {
  if (fits[type](value)) return undefined;
  const given =
    typeof value === 'string' ? 'VALUE_STRING' : typeof value === 'number' ? 'VALUE_NUMBER' : 'START_OBJECT';
  return refuse(
    400,
    'JSON_PARSER_ERROR',
    `Cannot deserialize instance of ${type} from ${given} value ${String(value)} or request may be missing a required field at [line:1, column:2]`,
  );
};

const lengthFault: Check = (value, { name, length, byteLength }) => {
  const text = String(value);
  const max = byteLength ?? length;
  const size = byteLength === undefined ? text.length : Buffer.byteLength(text);
  if (max === undefined || size <= max) return undefined;
  const message = `${name}: data value too large: ${text} (max length=${max})`;
  return refuse(400, 'STRING_TOO_LONG', message, [name]);
};

const picklistFault: Check = (value, { name, values }) => {
  if (!values || values.includes(String(value))) return undefined;
  const message = `${name}: bad value for restricted picklist field: ${String(value)}`;
  return refuse(400, 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', message, [name]);
};

const emailFault: Check = (value, { name, type }) => {
  if (type !== 'email' || /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(String(value))) return undefined;
  return refuse(400, 'INVALID_EMAIL_ADDRESS', `${name}: invalid email address: ${String(value)}`, [name]);
};

/** Stored form: no empty texts, ids with 18 characters, dates with a time in Salesforce's own spelling. */
export function stored(field: Field, value: unknown): unknown {
  if (value === '' || value === undefined) return null;
  if (field.type === 'reference') return readId(value) ?? value;
  if (field.type === 'datetime' && typeof value === 'string')
    return new Date(value).toISOString().replace('Z', '+0000');
  return value;
}

/** Whether two values of a field are the same to the org: texts by letter case only where the field says so. */
export function sameValue(field: Field, a: unknown, b: unknown): boolean {
  if (typeof a !== 'string' || typeof b !== 'string') return a === b;
  return field.caseSensitive || isIdField(field) ? a === b : a.toLowerCase() === b.toLowerCase();
}

const isIdField = ({ type }: Field): boolean => type === 'id' || type === 'reference';
