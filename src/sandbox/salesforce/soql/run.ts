import { candidatesFor } from '../indexes.ts';
import { type Org, type Row, rowsOf, schemaOf } from '../org.ts';
import { type Field, fieldOf, type ObjectSchema } from '../schema.ts';
import { conditionOf } from './condition.ts';
import { type Condition, type FieldName, parseQuery, type Query } from './parse.ts';
import { SoqlError } from './tokens.ts';

export interface Found {
  schema: ObjectSchema;
  /** Names of the fields selected, as the schema spells them. */
  fields: string[];
  count: boolean;
  rows: Row[];
}

/** Runs a query over the org's records. Throws SoqlError for what Salesforce refuses. */
export function runQuery(org: Org, soql: string): Found {
  const query = parseQuery(soql);
  const schema = schemaOf(org, query.object.name);
  if (!schema) throw noSuchObject(query.object);
  const fields = query.fields.map((name) => knownField(schema, name).name);
  if (schema.name === 'ContentDocumentLink' && !isNarrow(query.where)) throw needsFilter;
  const matches = query.where ? conditionOf(schema, query.where) : () => true;
  const among = candidatesFor(org, schema, query.where) ?? rowsOf(org, schema.name);
  const rows = sorted(schema, query, among.filter(matches));
  const from = query.offset ?? 0;
  const to = query.limit === undefined ? rows.length : from + query.limit;
  return { schema, fields, count: query.count, rows: rows.slice(from, to) };
}

const linked = new Set(['contentdocumentid', 'linkedentityid']);

/** Links are found by what they tie together, and in no other way. */
function isNarrow(where: Condition | undefined): boolean {
  if (where?.type === 'and') return where.parts.some(isNarrow);
  if (where?.type !== 'compare') return false;
  return linked.has(where.field.name.toLowerCase()) && (where.operator === '=' || where.operator === 'IN');
}

const needsFilter = new SoqlError(
  'MALFORMED_QUERY',
  "Implementation restriction: ContentDocumentLink requires a filter by a single Id on ContentDocumentId or LinkedEntityId using the equals operator or multiple Id's using the IN operator.",
);

function noSuchObject({ name, at }: FieldName): SoqlError {
  const message = `sObject type '${name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.`;
  return new SoqlError('INVALID_TYPE', message, at);
}

/** The field of this name. Throws SoqlError when there is none. */
export function knownField(schema: ObjectSchema, { name, at }: FieldName): Field {
  const field = fieldOf(schema, name);
  if (field) return field;
  const message = `No such column '${name}' on entity '${schema.name}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`;
  throw new SoqlError('INVALID_FIELD', message, at);
}

function sorted(schema: ObjectSchema, { orderBy }: Query, rows: Row[]): Row[] {
  const keys = orderBy.map(({ field, descending }) => {
    const { name, type } = knownField(schema, field);
    return { name, exact: type === 'id', sign: descending ? -1 : 1 };
  });
  return [...rows].sort((a, b) => {
    for (const { name, exact, sign } of keys) {
      const order = compared(a[name], b[name], exact);
      if (order !== 0) return order * sign;
    }
    return 0;
  });
}

/** Nothing comes before something; texts by letter, whatever their case, but for ids. */
function compared(a: unknown, b: unknown, exact: boolean): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  if (exact) return String(a) < String(b) ? -1 : 1;
  if (typeof a === 'string' && typeof b === 'string') return a.toLowerCase() < b.toLowerCase() ? -1 : 1;
  return Number(a) < Number(b) ? -1 : 1;
}
