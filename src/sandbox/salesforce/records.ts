import { type Answer, type Call, refuse } from './answer.ts';
import { afterInsert, linkFault } from './content.ts';
import { duplicateFault } from './duplicates.ts';
import { runFlows } from './events.ts';
import { readId } from './ids.ts';
import { indexedRows, reindex } from './indexes.ts';
import { insertRow, type Org, type Row, remember, rowsOf, updateRow } from './org.ts';
import { type Field, fieldOf, type ObjectSchema } from './schema.ts';
import { sameValue, stored, valueFault } from './values.ts';

type Fields = Record<string, unknown>;

/** Either the record written, or how the API refuses. */
export type Written = { row: Row } | { refusal: Answer };

export function createRecord(org: Org, schema: ObjectSchema, body: unknown, headers: Call['headers']): Written {
  const fields = checkedFields(org, schema, body);
  if ('refusal' in fields) return fields;
  const refusal =
    requiredFault(schema, fields.value, 'create') ??
    uniqueFault(org, schema, fields.value) ??
    linkFault(org, schema, fields.value) ??
    duplicateFault(org, schema, fields.value, headers);
  if (refusal) return { refusal };
  const row = insertRow(org, schema, { ...fields.value, ...assigned(org, schema, headers) });
  afterInsert(org, schema, row);
  runFlows(org, schema, row);
  return { row };
}

const assigned = ({ caseRule }: Org, { name }: ObjectSchema, headers: Call['headers']): Fields =>
  name === 'Case' && caseRule && headers['sforce-auto-assign']?.toUpperCase() !== 'FALSE' ? { OwnerId: caseRule } : {};

export function updateRecord(org: Org, schema: ObjectSchema, row: Row, body: unknown): Written {
  const fields = checkedFields(org, schema, body);
  if ('refusal' in fields) return fields;
  const refusal = requiredFault(schema, fields.value, 'update') ?? uniqueFault(org, schema, fields.value, row.Id);
  if (refusal) return { refusal };
  updateRow(org, schema, row, fields.value);
  runFlows(org, schema, row);
  return { row };
}

/** The record an id names, or how the API says that it is not there. */
export function findRecord(org: Org, schema: ObjectSchema, id: string): Written {
  const long = readId(id);
  const row = long === undefined ? undefined : org.tables.get(schema.name)?.get(long);
  if (row) return { row };
  if (long !== undefined && org.deleted.has(long))
    return { refusal: refuse(404, 'ENTITY_IS_DELETED', 'entity is deleted', []) };
  return { refusal: noExternalId(id) };
}

export const noExternalId = (name: string): Answer =>
  refuse(404, 'NOT_FOUND', `Provided external ID field does not exist or is not accessible: ${name}`);

/** What is deleted along with a record, and by which field it hangs on it. Of a Case the files stay; only that they were on it ends. */
const goesWith: Record<string, [object: string, by: string][]> = {
  ContentDocument: [
    ['ContentVersion', 'ContentDocumentId'],
    ['ContentDocumentLink', 'ContentDocumentId'],
  ],
  Case: [
    ['CaseComment', 'ParentId'],
    ['FeedItem', 'ParentId'],
    ['ContentDocumentLink', 'LinkedEntityId'],
  ],
  FeedItem: [['FeedAttachment', 'FeedEntityId']],
};

export function deleteRecord(org: Org, schema: ObjectSchema, row: Row): void {
  for (const [object, by] of goesWith[schema.name] ?? [])
    for (const part of rowsOf(org, object).filter(({ [by]: of }) => of === row.Id))
      deleteRecord(org, org.schemas.get(object)!, part);
  reindex(org, schema, row, 'strike');
  org.tables.get(schema.name)?.delete(row.Id);
  org.deleted.add(row.Id);
  remember(org, () => {
    org.tables.get(schema.name)?.set(row.Id, row);
    org.deleted.delete(row.Id);
    reindex(org, schema, row, 'enter');
  });
}

/** All records whose external id has this value. */
export const rowsByKey = (org: Org, schema: ObjectSchema, field: Field, value: unknown): Row[] =>
  (indexedRows(org, schema, field, value) ?? rowsOf(org, schema.name)).filter((row) =>
    sameValue(field, row[field.name], value),
  );

function checkedFields(org: Org, schema: ObjectSchema, body: unknown): { value: Fields } | { refusal: Answer } {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return {
      refusal: refuse(400, 'JSON_PARSER_ERROR', 'The HTTP entity body is required, but this request has none.'),
    };
  const value: Fields = {};
  for (const [name, given] of Object.entries(body)) {
    if (name === 'attributes') continue;
    const field = fieldOf(schema, name);
    const refusal = nameFault(schema, name, field) ?? (field && contentFault(org, field, given));
    if (refusal) return { refusal };
    if (field) value[field.name] = stored(field, given);
  }
  return { value };
}

function nameFault(schema: ObjectSchema, name: string, field: Field | undefined): Answer | undefined {
  if (name.toLowerCase() === 'id')
    return refuse(400, 'INVALID_FIELD', 'The Id field should not be specified in the sobject data.', ['Id']);
  if (!field) return refuse(400, 'INVALID_FIELD', `No such column '${name}' on sobject of type ${schema.name}`);
  if (!field.readOnly) return undefined;
  const message = `Unable to create/update fields: ${field.name}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`;
  return refuse(400, 'INVALID_FIELD_FOR_INSERT_UPDATE', message, [field.name]);
}

function contentFault(org: Org, field: Field, given: unknown): Answer | undefined {
  const value = given === '' ? null : given;
  return valueFault(field, value) ?? (field.type === 'reference' ? referenceFault(org, field, value) : undefined);
}

function referenceFault(org: Org, { name, referenceTo = [] }: Field, value: unknown): Answer | undefined {
  if (value === null) return undefined;
  const id = readId(value);
  const target = referenceTo.find((object) => org.schemas.get(object)?.keyPrefix === id?.slice(0, 3));
  if (!id || !target)
    return refuse(400, 'MALFORMED_ID', `${name}: id value of incorrect type: ${String(value)}`, [name]);
  const held = org.tables.get(target)?.get(id);
  if (held?.['IsConverted'] === true)
    return refuse(400, 'CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead', [name]);
  if (held) return undefined;
  if (org.deleted.has(id)) return refuse(400, 'ENTITY_IS_DELETED', 'entity is deleted', [name]);
  return refuse(400, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', []);
}

function requiredFault(schema: ObjectSchema, fields: Fields, doing: 'create' | 'update'): Answer | undefined {
  const missing = schema.fields
    .filter(({ required, name }) => required && (doing === 'create' ? !fields[name] : fields[name] === null))
    .map(({ name }) => name);
  if (missing.length === 0) return undefined;
  return refuse(400, 'REQUIRED_FIELD_MISSING', `Required fields are missing: [${missing.join(', ')}]`, missing);
}

function uniqueFault(org: Org, schema: ObjectSchema, fields: Fields, self?: string): Answer | undefined {
  for (const field of schema.fields.filter(({ unique }) => unique)) {
    const value = fields[field.name] ?? null;
    const other = value === null ? undefined : rowsByKey(org, schema, field, value).find(({ Id }) => Id !== self);
    if (!other) continue;
    const message = `duplicate value found: ${field.name} duplicates value on record with id: ${other.Id}`;
    return refuse(400, 'DUPLICATE_VALUE', message, []);
  }
  return undefined;
}
