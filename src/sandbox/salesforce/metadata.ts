import type { Deployment, Org } from './org.ts';
import { insertRow, rowsOf } from './org.ts';
import { type Field, type FieldType, fieldOf, type ObjectSchema, object } from './schema.ts';

type Xml = Record<string, unknown>;
type Problems = Deployment['problems'];
type Schemas = Map<string, ObjectSchema>;

/** What a package holds: what is in it, what it takes away, and its files read. */
export interface Metadata {
  members: { type: string; fullName: string }[];
  removed: { type: string; fullName: string }[];
  contents: ReadonlyMap<string, Xml>;
}

/** Makes what the package describes, all or nothing. Returns what is wrong with it. */
export function applyMetadata(org: Org, { members, removed, contents }: Metadata, checkOnly: boolean): Problems {
  const schemas: Schemas = new Map(org.schemas);
  const problems: Problems = [];
  for (const [path, xml] of contents) {
    const name = /^objects\/(\w+)\.object$/.exec(path)?.[1];
    if (name) problems.push(...applyObject(schemas, name, xml, members));
  }
  const flows = of(contents, 'flows');
  const sets = of(contents, 'permissionsets');
  for (const [name, flow] of flows) problems.push(...flowProblems(schemas, name, flow));
  for (const [name, set] of sets) problems.push(...setProblems(schemas, name, set));
  if (problems.length > 0 || checkOnly) return problems;
  for (const name of schemas.keys()) if (!org.tables.has(name)) org.tables.set(name, new Map());
  for (const [name, schema] of schemas) org.schemas.set(name, schema);
  for (const [name, flow] of flows)
    switchFlow(org, name, flow['status'] === 'Active', (flow['start'] as Xml)['object']);
  for (const [name] of of(contents, 'flowDefinitions')) switchFlow(org, name, false, 'CaseComment');
  for (const [Name, { label }] of sets) if (!named(org, Name)) add(org, 'PermissionSet', { Name, Label: label });
  for (const { type, fullName } of removed) if (type === 'PermissionSet') removeSet(org, fullName);
  return [];
}

const of = (contents: Metadata['contents'], folder: string): [string, Xml][] =>
  [...contents].flatMap(([path, xml]) => {
    const name = new RegExp(`^${folder}/(\\w+)\\.`).exec(path)?.[1];
    return name ? [[name, xml] as [string, Xml]] : [];
  });

const bad = (componentType: string, fullName: string, problem: string) => ({ componentType, fullName, problem });

function applyObject(schemas: Schemas, name: string, xml: Xml, members: Metadata['members']): Problems {
  // Fields of Task and Event are made on Activity.
  const target = name === 'Activity' ? 'Task' : name;
  const isNew = members.some(({ type, fullName }) => type === 'CustomObject' && fullName === name);
  const known = schemas.get(target);
  if (!known && !isNew)
    return [bad('CustomObject', name, `Entity of type 'CustomObject' named '${name}' cannot be found`)];
  const missing = isNew ? ownFaults(name, xml) : [];
  const fields = (xml['fields'] ?? []) as Xml[];
  const read = fields.map((field) => ({ field, faults: fieldFaults(schemas, field) }));
  const problems = read.flatMap(({ field, faults }) =>
    faults.map((fault) => bad('CustomField', `${name}.${field['fullName']}`, fault)),
  );
  if (missing.length > 0 || problems.length > 0) return [...missing, ...problems];
  const made = known ?? object(target, String(xml['label']), target.endsWith('__e') ? 'e01' : 'a01', []);
  const others = made.fields.filter(({ name: there }) => !fields.some(({ fullName }) => fullName === there));
  schemas.set(target, { ...made, fields: [...others, ...fields.map(fieldFrom)] });
  return [];
}

/** What an object must say of itself. */
function ownFaults(name: string, xml: Xml): Problems {
  const needed = [
    'label',
    'pluralLabel',
    'deploymentStatus',
    ...(name.endsWith('__e') ? ['eventType'] : ['nameField', 'sharingModel']),
  ];
  return needed
    .filter((each) => xml[each] === undefined)
    .map((each) => bad('CustomObject', name, `Required field is missing: ${each}`));
}

const needs: Record<string, string[]> = {
  Text: ['length'],
  LongTextArea: ['length', 'visibleLines'],
  Picklist: ['valueSet'],
  Lookup: ['referenceTo', 'relationshipName'],
  DateTime: [],
  Url: [],
};

function fieldFaults(schemas: Schemas, field: Xml): string[] {
  const { fullName, type } = field;
  const needed = needs[String(type)];
  if (!/^[A-Za-z]\w*__c$/.test(String(fullName))) return ['Invalid fullName, must end in a custom suffix (e.g. __c)'];
  if (!needed) return [`Unknown field type ${type}`];
  const faults = ['label', ...needed]
    .filter((each) => field[each] === undefined)
    .map((each) => `Required field is missing: ${each}`);
  if (type === 'Text' && !(Number(field['length']) <= 255)) faults.push('Text fields hold at most 255 characters');
  if (type === 'Lookup' && !schemas.has(String(field['referenceTo'])))
    faults.push('referenceTo value does not resolve to a valid sObject type');
  return faults;
}

const types: Record<string, FieldType> = {
  Text: 'string',
  LongTextArea: 'textarea',
  Picklist: 'picklist',
  DateTime: 'datetime',
  Lookup: 'reference',
  Url: 'url',
};

function fieldFrom(xml: Xml): Field {
  const set = xml['valueSet'] as { valueSetDefinition?: { value: { fullName: string }[] } } | undefined;
  const values = set?.valueSetDefinition?.value.map(({ fullName }) => fullName);
  const length = Number(xml['length'] ?? 0) || (xml['type'] === 'Url' ? 255 : 0);
  return {
    name: String(xml['fullName']),
    type: types[String(xml['type'])]!,
    ...(length > 0 && { length }),
    ...(xml['externalId'] === 'true' && { externalId: true as const }),
    ...(xml['unique'] === 'true' && { unique: true as const }),
    ...(xml['caseSensitive'] === 'true' && { caseSensitive: true as const }),
    ...(xml['referenceTo'] !== undefined && { referenceTo: [String(xml['referenceTo'])] }),
    ...(values && { values }),
  };
}

function flowProblems(schemas: Schemas, name: string, flow: Xml): Problems {
  const start = (flow['start'] ?? {}) as Xml;
  const creates = (flow['recordCreates'] ?? []) as Xml[];
  const steps = new Set(creates.map((each) => each['name']));
  const problems: string[] = [];
  if (!schemas.has(String(start['object']))) problems.push(`start: object ${start['object']} does not exist`);
  if (!steps.has((start['connector'] as Xml | undefined)?.['targetReference']))
    problems.push('start: the element it leads to does not exist');
  for (const create of creates) {
    const schema = schemas.get(String(create['object']));
    if (!schema) problems.push(`${create['name']}: object ${create['object']} does not exist`);
    for (const { field } of (create['inputAssignments'] ?? []) as { field: string }[])
      if (schema && !fieldOf(schema, field)) problems.push(`${create['name']}: field ${field} does not exist`);
  }
  return problems.map((problem) => bad('Flow', name, problem));
}

function setProblems(schemas: Schemas, name: string, set: Xml): Problems {
  const fields = (set['fieldPermissions'] ?? []) as { field: string }[];
  const objects = (set['objectPermissions'] ?? []) as { object: string }[];
  const noField = fields.filter(({ field }) => {
    const [of = '', its = ''] = field.split('.');
    const schema = schemas.get(of);
    return !schema || !fieldOf(schema, its);
  });
  const noObject = objects.filter(({ object: of }) => !schemas.has(of));
  return [
    ...noField.map(({ field }) => bad('PermissionSet', name, `In field: field - no CustomField named ${field} found`)),
    ...noObject.map(({ object: of }) =>
      bad('PermissionSet', name, `In field: object - no CustomObject named ${of} found`),
    ),
  ];
}

function switchFlow(org: Org, ApiName: string, IsActive: boolean, onObject: unknown): void {
  const row = rowsOf(org, 'FlowDefinitionView').find((each) => each['ApiName'] === ApiName);
  if (row) row['IsActive'] = IsActive;
  else add(org, 'FlowDefinitionView', { ApiName, IsActive });
  if (IsActive) org.flows.add(String(onObject));
  else org.flows.delete(String(onObject));
}

const named = (org: Org, Name: string) => rowsOf(org, 'PermissionSet').find((row) => row['Name'] === Name);

const add = (org: Org, name: string, fields: Record<string, unknown>) => insertRow(org, org.schemas.get(name)!, fields);

function removeSet(org: Org, Name: string): void {
  const set = named(org, Name);
  if (!set) return;
  org.tables.get('PermissionSet')?.delete(set.Id);
  for (const row of rowsOf(org, 'PermissionSetAssignment'))
    if (row['PermissionSetId'] === set.Id) org.tables.get('PermissionSetAssignment')?.delete(row.Id);
}
