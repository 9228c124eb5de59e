import type { Field, ObjectSchema, Row } from './schema.ts';
import type { Condition } from './soql/parse.ts';

/** By `{object}.{field}`, then by the value without regard to case: the records that hold it. */
export type Indexes = Map<string, Map<string, Row[]>>;

interface Indexed {
  tables: ReadonlyMap<string, ReadonlyMap<string, Row>>;
  indexes: Indexes;
}

/** What Salesforce keeps an index of; phones it does not, but an org that is asked by them has one made. */
const isIndexed = ({ type, externalId, unique }: Field): boolean =>
  externalId === true || unique === true || type === 'email' || type === 'phone';

const entryOf = (value: unknown): string => String(value).toLowerCase();

/** The records whose field may hold the value; undefined for a field without an index. */
export function indexedRows(org: Indexed, schema: ObjectSchema, field: Field, value: unknown): Row[] | undefined {
  if (!isIndexed(field) || typeof value !== 'string' || value === '') return undefined;
  return indexOf(org, schema, field).get(entryOf(value)) ?? [];
}

/** Made when it is first asked for, kept from then on. */
function indexOf(org: Indexed, schema: ObjectSchema, { name }: Field): Map<string, Row[]> {
  const key = `${schema.name}.${name}`;
  const there = org.indexes.get(key);
  if (there) return there;
  const made = new Map<string, Row[]>();
  for (const row of org.tables.get(schema.name)?.values() ?? []) enter(made, row, name);
  org.indexes.set(key, made);
  return made;
}

function enter(index: Map<string, Row[]>, row: Row, name: string): void {
  if (typeof row[name] !== 'string') return;
  const entry = entryOf(row[name]);
  const rows = index.get(entry);
  if (rows) rows.push(row);
  else index.set(entry, [row]);
}

function strike(index: Map<string, Row[]>, row: Row, name: string): void {
  if (typeof row[name] !== 'string') return;
  const entry = entryOf(row[name]);
  const rest = (index.get(entry) ?? []).filter((each) => each !== row);
  if (rest.length > 0) index.set(entry, rest);
  else index.delete(entry);
}

/** Enters a record into the indexes of its object, or with `strike` takes it out: before and after each change. */
export function reindex(org: Indexed, schema: ObjectSchema, row: Row, how: 'enter' | 'strike'): void {
  for (const { name } of schema.fields) {
    const index = org.indexes.get(`${schema.name}.${name}`);
    if (index) (how === 'enter' ? enter : strike)(index, row, name);
  }
}

/** A few records among which all are that meet the condition, in the order of creation; undefined: each may. */
export function candidatesFor(org: Indexed, schema: ObjectSchema, condition: Condition | undefined): Row[] | undefined {
  const found = condition && narrowed(org, schema, condition);
  return found && [...new Set(found)].sort((a, b) => (a.Id < b.Id ? -1 : 1));
}

function narrowed(org: Indexed, schema: ObjectSchema, condition: Condition): Row[] | undefined {
  if (condition.type === 'compare') return compared(org, schema, condition);
  if (condition.type === 'not') return undefined;
  const parts = condition.parts.map((part) => narrowed(org, schema, part));
  if (condition.type === 'and') return parts.find((part) => part !== undefined);
  return parts.some((part) => part === undefined) ? undefined : parts.flatMap((part) => part ?? []);
}

function compared(
  org: Indexed,
  schema: ObjectSchema,
  { field: { name }, operator, values }: Extract<Condition, { type: 'compare' }>,
): Row[] | undefined {
  const field = schema.fields.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (!field || (operator !== '=' && operator !== 'IN')) return undefined;
  const rows = values.map(({ type, value }) => (type === 'text' ? indexedRows(org, schema, field, value) : undefined));
  return rows.some((each) => each === undefined) ? undefined : rows.flatMap((each) => each ?? []);
}
