import type { CrmField, CrmSession } from '../crms/crm.ts';
import type { MappingContext } from '../domain/mapping.ts';
import { entriesAt, isFixed, type LiveCheck, nearest } from './live-check.ts';

/** What contacts and history name, against every CRM that describes its objects. */
export async function checkAtCrms(check: LiveCheck): Promise<void> {
  for (const { id, session } of check.crms.values()) {
    if (!session.describe) continue;
    await checkContacts(check, id, session);
    await checkHistory(check, id, session);
  }
}

async function checkContacts(check: LiveCheck, id: string, session: CrmSession): Promise<void> {
  const { contacts } = check.read.mapping;
  const fields = await fieldsOf(check, id, session, 'Contact', ['contacts']);
  if (!fields) return;
  checkKey(check, fields, 'Contact', ['contacts', 'externalIdField'], contacts.externalIdField);
  checkFields(check, fields, 'Contact', ['contacts', 'fields']);
  if (contacts.create) checkRequired(check, fields, ['contacts', 'fields'], Object.keys(contacts.fields(everything)));
}

async function checkHistory(check: LiveCheck, id: string, session: CrmSession): Promise<void> {
  const { shape, object, keyField, objectFields } = check.read.mapping.history;
  const name = shape === 'task' ? 'Task' : object;
  const fields = await fieldsOf(check, id, session, name, ['history', ...(shape === 'task' ? [] : ['object'])]);
  if (!fields) return;
  const under = ['history', shape === 'task' ? 'fields' : 'objectFields'];
  checkKey(check, fields, name, ['history', 'keyField'], keyField);
  checkFields(check, fields, name, under);
  // What a task must have is set by us.
  if (shape === 'object') checkRequired(check, fields, under, [...Object.keys(objectFields(everything)), keyField]);
}

async function fieldsOf(
  check: LiveCheck,
  id: string,
  session: CrmSession,
  object: string,
  path: PropertyKey[],
): Promise<CrmField[] | undefined> {
  const described = await session.describe?.(object);
  if (described?.result === 'done' && !described.value)
    check.wrong(path, `${id} has no object ${object}, or its user may not see it`);
  else if (described && described.result !== 'done') check.unchecked(id, described.why);
  return described?.result === 'done' ? described.value : undefined;
}

/** Names are compared as Salesforce does, without regard to large and small letters. */
const find = (fields: readonly CrmField[], name: string) =>
  fields.find((field) => field.name.toLowerCase() === name.toLowerCase());

const namesOf = (fields: readonly CrmField[]) => fields.map(({ name }) => name);

function checkKey(
  check: LiveCheck,
  fields: readonly CrmField[],
  object: string,
  path: PropertyKey[],
  name: string | undefined,
): void {
  if (name === undefined) return;
  const field = find(fields, name);
  const keys = fields.filter(({ externalId }) => externalId);
  if (!field)
    check.wrong(path, `${object} has no field ${name}`, nearest(name, namesOf(keys.length > 0 ? keys : fields)));
  else if (!field.externalId || !field.unique) check.wrong(path, `${object}.${name} is not a unique external id`);
}

function checkFields(check: LiveCheck, fields: readonly CrmField[], object: string, path: PropertyKey[]): void {
  for (const [at, name, value] of entriesAt(check.read.value, path)) {
    const field = find(fields, name);
    if (!field) check.wrong(at, `${object} has no field ${name}`, nearest(name, namesOf(fields)));
    else if (!field.createable && value !== '') check.wrong(at, `${object}.${name} cannot be set by this user`);
    else checkValue(check, field, at, value);
  }
}

const numbers = new Set(['double', 'currency', 'percent', 'int']);

function checkValue(check: LiveCheck, field: CrmField, path: PropertyKey[], value: unknown): void {
  if (!isFixed(value) || value === '') return;
  const text = String(value);
  const wrong = (expected: string) =>
    check.wrong(path, `not a value of the field ${field.name} (${field.type})`, expected);
  if (field.options && !field.options.includes(text)) wrong(nearest(text, field.options));
  else if (field.type === 'boolean' && !/^(true|false)$/.test(text)) wrong('true or false');
  else if (numbers.has(field.type) && Number.isNaN(Number(text))) wrong('a number');
  else if (field.type === 'date' && !/^\d{4}-\d{2}-\d{2}$/.test(text)) wrong('a date such as 2026-01-31');
  else if (field.length !== undefined && field.type !== 'boolean' && text.length > field.length)
    wrong(`at most ${field.length} characters`);
}

function checkRequired(
  check: LiveCheck,
  fields: readonly CrmField[],
  path: PropertyKey[],
  set: readonly string[],
): void {
  const given = new Set(set.map((name) => name.toLowerCase()));
  const missing = fields.filter(({ required, name }) => required && !given.has(name.toLowerCase()));
  if (missing.length > 0)
    check.wrong(path, `a new record needs ${missing.map(({ name }) => name).join(', ')}, which nothing sets`);
}

/** A customer of whom all is known: what is left out for them is always left out. */
const everything: MappingContext = {
  channel: { id: 'x', kind: 'x', label: 'x' },
  customer: {
    ...{ name: 'x', firstName: 'x', lastName: 'x', email: 'x@example.com', phone: '+15550100', locale: 'en_US' },
    ...{ platformUserId: 'x', attributes: {} },
  },
  conversation: { id: '1' },
  ticket: { id: '1' },
  contact: { id: 'x' },
  message: { id: '1', text: 'x', at: '2026-01-31T09:00:00.000Z', direction: 'in', author: 'x' },
};
