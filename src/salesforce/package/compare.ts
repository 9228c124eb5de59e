import { z } from 'zod';
import { done, type Outcome } from '../../domain/outcome.ts';
import { type Connection, query, readAs } from '../connection.ts';
import { hasCode, troubleOf } from '../outcome.ts';
import { soqlText } from '../soql.ts';
import { objectOf } from './bundle.ts';
import type { Component } from './components.ts';

/** What is in the org and differs from the package; in words for the operator. */
export interface Difference {
  what: string;
  now: string;
  wanted: string;
}

const described = z.object({
  fields: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      length: z.number().catch(0),
      unique: z.boolean().catch(false),
      externalId: z.boolean().catch(false),
      caseSensitive: z.boolean().catch(false),
    }),
  ),
});
type Described = z.infer<typeof described>;

/** All that the org lacks, or has in another way, as far as the user may see it. */
export async function compare(
  connection: Connection,
  components: readonly Component[],
): Promise<Outcome<Difference[]>> {
  const found: Difference[] = [];
  for (const object of new Set(components.filter(isOfObject).map(objectOf))) {
    const fields = components.filter((each) => each.type === 'CustomField' && objectOf(each) === object);
    const differs = await compareObject(connection, object, fields);
    if (differs.result !== 'done') return differs;
    found.push(...differs.value);
  }
  for (const component of components.filter((each) => !isOfObject(each))) {
    const differs =
      component.type === 'Flow' ? await compareFlow(connection, component) : await compareSet(connection, component);
    if (differs.result !== 'done') return differs;
    found.push(...differs.value);
  }
  return done(found);
}

const isOfObject = ({ type }: Component): boolean => type === 'CustomObject' || type === 'CustomField';

async function compareObject(
  connection: Connection,
  object: string,
  fields: readonly Component[],
): Promise<Outcome<Difference[]>> {
  // Fields of Task and Event are made on Activity, which cannot be described.
  const path = `/sobjects/${object === 'Activity' ? 'Task' : object}/describe`;
  const reply = await connection.ask({ method: 'GET', path });
  if (hasCode(reply, 'NOT_FOUND')) return done([missing(`object ${object}`)]);
  const read = reply.result === 'done' ? readAs(described, reply.value) : troubleOf(reply, true);
  return read.result === 'done' ? done(fields.flatMap((field) => compareField(read.value, field))) : read;
}

const missing = (what: string): Difference => ({ what, now: 'not there, or hidden from the user', wanted: 'there' });

/** How describe calls what the Metadata API calls so. */
const typeNames: Record<string, string> = {
  Text: 'string',
  LongTextArea: 'textarea',
  Picklist: 'picklist',
  DateTime: 'datetime',
  Lookup: 'reference',
  Url: 'url',
};

function compareField({ fields }: Described, { fullName, value }: Component): Difference[] {
  const what = `field ${fullName}`;
  const name = fullName.split('.')[1];
  const there = fields.find((field) => field.name === name);
  if (!there) return [missing(what)];
  const wanted = traits({
    type: typeNames[String(value['type'])] ?? String(value['type']),
    length: Number(value['length'] ?? 0),
    unique: value['unique'] === 'true',
    externalId: value['externalId'] === 'true',
    caseSensitive: value['caseSensitive'] === 'true',
  });
  const now = traits(value['length'] === undefined ? { ...there, length: 0 } : there);
  return now === wanted ? [] : [{ what, now, wanted }];
}

const traits = ({ type, length, unique, externalId, caseSensitive }: Omit<Described['fields'][number], 'name'>) =>
  [
    `${type}${length > 0 ? ` ${length}` : ''}`,
    ...(externalId ? ['external id'] : []),
    ...(unique ? [`unique${caseSensitive ? ', case sensitive' : ''}`] : []),
  ].join(', ');

async function compareFlow(connection: Connection, { fullName }: Component): Promise<Outcome<Difference[]>> {
  const what = `flow ${fullName}`;
  const soql = `SELECT ApiName, IsActive FROM FlowDefinitionView WHERE ApiName = ${soqlText(fullName)}`;
  const rows = await query(connection, soql, z.object({ IsActive: z.boolean() }));
  if (rows.result !== 'done') return rows;
  const [flow] = rows.value;
  if (!flow) return done([missing(what)]);
  return done(flow.IsActive ? [] : [{ what, now: 'not active', wanted: 'active' }]);
}

async function compareSet(connection: Connection, { fullName }: Component): Promise<Outcome<Difference[]>> {
  const what = `permission set ${fullName}`;
  const set = await permissionSet(connection, fullName);
  if (set.result !== 'done') return set;
  if (set.value === undefined) return done([missing(what)]);
  const assigned = await isAssigned(connection, set.value);
  if (assigned.result !== 'done') return assigned;
  return done(assigned.value ? [] : [{ what, now: 'not assigned to the user of Passerelle', wanted: 'assigned' }]);
}

async function permissionSet(connection: Connection, name: string): Promise<Outcome<string | undefined>> {
  const soql = `SELECT Id FROM PermissionSet WHERE Name = ${soqlText(name)}`;
  const rows = await query(connection, soql, z.object({ Id: z.string() }));
  return rows.result === 'done' ? done(rows.value[0]?.Id) : rows;
}

async function isAssigned(connection: Connection, set: string): Promise<Outcome<boolean>> {
  const me = await connection.logIn();
  if (me.result !== 'done') return me;
  const user = soqlText(me.value.userId ?? '');
  if (!user) return done(true);
  const soql = `SELECT Id FROM PermissionSetAssignment WHERE PermissionSetId = ${soqlText(set)} AND AssigneeId = ${user}`;
  const rows = await query(connection, soql, z.object({ Id: z.string() }));
  return rows.result === 'done' ? done(rows.value.length > 0) : rows;
}

/** Gives the service's own user the permission set, if it has not got it. */
export async function assignTo(connection: Connection, name: string): Promise<Outcome<void>> {
  const set = await permissionSet(connection, name);
  if (set.result !== 'done') return set;
  const me = await connection.logIn();
  if (me.result !== 'done') return me;
  if (!set.value || !me.value.userId) return { result: 'never', why: `there is no permission set ${name} to assign` };
  const body = { PermissionSetId: set.value, AssigneeId: me.value.userId };
  const reply = await connection.ask({ method: 'POST', path: '/sobjects/PermissionSetAssignment', body });
  return reply.result === 'done' || hasCode(reply, 'DUPLICATE_VALUE') ? done(undefined) : troubleOf(reply, true);
}
