import { type Answer, type Call, notThere, ok, refuse } from './answer.ts';
import { describeGlobal, describeObject } from './describe.ts';
import { asRecord, attributesOf, type Org, placeOfFile, type Row, schemaOf } from './org.ts';
import {
  createRecord,
  deleteRecord,
  findRecord,
  noExternalId,
  rowsByKey,
  updateRecord,
  type Written,
} from './records.ts';
import { type Field, fieldOf, type ObjectSchema } from './schema.ts';

/** Everything below `/sobjects`. */
export function answerSobjects(org: Org, call: Call, steps: string[]): Answer {
  const [object, second, third] = steps;
  if (object === undefined) return call.method === 'GET' ? ok(describeGlobal(org, call.version)) : notAllowed(call);
  const schema = schemaOf(org, object);
  if (!schema || steps.length > 3) return notThere();
  if (second === undefined) return answerObject(org, call, schema);
  if (third === 'VersionData' && schema.name === 'ContentVersion') return answerFile(org, call, schema, second);
  if (third !== undefined) return answerByKey(org, call, schema, second, third);
  if (second === 'describe' && call.method === 'GET') return ok(describeObject(schema, call.version));
  return answerById(org, call, schema, second);
}

const notAllowed = ({ method }: Call): Answer =>
  refuse(405, 'METHOD_NOT_ALLOWED', `HTTP Method '${method}' not allowed. Allowed are HEAD,GET,PATCH,DELETE`);

function answerObject(org: Org, call: Call, schema: ObjectSchema): Answer {
  if (call.method === 'POST') return created(createRecord(org, schema, call.body, call.headers));
  return call.method === 'GET' ? ok({ objectDescribe: { name: schema.name }, recentItems: [] }) : notAllowed(call);
}

const created = (written: Written): Answer =>
  'refusal' in written ? written.refusal : ok({ id: written.row.Id, success: true, errors: [] }, 201);

function answerFile(org: Org, call: Call, schema: ObjectSchema, id: string): Answer {
  const found = findRecord(org, schema, id);
  if ('refusal' in found) return found.refusal;
  return call.method === 'GET'
    ? { status: 200, bytes: Buffer.from(String(found.row['VersionData']), 'base64') }
    : notAllowed(call);
}

function answerById(org: Org, call: Call, schema: ObjectSchema, id: string): Answer {
  const found = findRecord(org, schema, id);
  if ('refusal' in found) return found.refusal;
  return answerRow(org, call, schema, found.row);
}

function answerRow(org: Org, call: Call, schema: ObjectSchema, row: Row): Answer {
  if (call.method === 'GET') return ok(chosenFields(schema, row, call));
  if (call.method === 'DELETE') {
    deleteRecord(org, schema, row);
    return { status: 204 };
  }
  if (call.method !== 'PATCH') return notAllowed(call);
  const written = updateRecord(org, schema, row, call.body);
  return 'refusal' in written ? written.refusal : { status: 204 };
}

function chosenFields(schema: ObjectSchema, row: Row, call: Call): unknown {
  const names = call.query.get('fields')?.split(',');
  if (!names) return { ...asRecord(schema, row, call.version), ...placeOfFile(schema, row, call.version) };
  const shown = { ...row, ...placeOfFile(schema, row, call.version) };
  const chosen = names.map((name) => [name.trim(), shown[fieldOf(schema, name.trim())?.name ?? ''] ?? null]);
  return { attributes: attributesOf(schema, row.Id, call.version), ...Object.fromEntries(chosen) };
}

function answerByKey(org: Org, call: Call, schema: ObjectSchema, name: string, value: string): Answer {
  const field = fieldOf(schema, name);
  if (!field || !(field.externalId || field.type === 'id')) return noExternalId(name);
  const rows = rowsByKey(org, schema, field, value);
  if (rows.length > 1) return several(schema, rows, call.version);
  const [row] = rows;
  if (call.method === 'PATCH') return upsertRow(org, call, schema, { field, value, row });
  return row ? answerRow(org, call, schema, row) : notThere();
}

const several = (schema: ObjectSchema, rows: Row[], version: string): Answer =>
  ok(
    rows.map((row) => attributesOf(schema, row.Id, version).url),
    300,
  );

function upsertRow(
  org: Org,
  call: Call,
  schema: ObjectSchema,
  { field, value, row }: { field: Field; value: string; row: Row | undefined },
): Answer {
  const given = keyInBody(call.body, field);
  if (given) return given;
  if (!row && call.query.get('updateOnly') === 'true') return notThere();
  const written = row
    ? updateRecord(org, schema, row, call.body)
    : createRecord(org, schema, withKey(call.body, field, value), call.headers);
  if ('refusal' in written) return written.refusal;
  // Before version 46.0 an update by external id tells nothing.
  if (row && Number(call.version) < 46) return { status: 204 };
  return ok({ id: written.row.Id, success: true, errors: [], created: !row }, row ? 200 : 201);
}

const withKey = (body: unknown, field: Field, value: string): unknown =>
  typeof body === 'object' && body !== null ? { ...body, [field.name]: value } : body;

function keyInBody(body: unknown, { name }: Field): Answer | undefined {
  const names = typeof body === 'object' && body !== null ? Object.keys(body) : [];
  if (!names.some((each) => each.toLowerCase() === name.toLowerCase())) return undefined;
  return refuse(400, 'INVALID_FIELD', `The ${name} field should not be specified in the sobject data.`, [name]);
}
