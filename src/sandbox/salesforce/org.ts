import type { SalesforceRecord } from '../contract.ts';
import { type Bus, newBus } from './bus.ts';
import { makeId } from './ids.ts';
import { type Indexes, reindex } from './indexes.ts';
import { objects } from './objects.ts';
import type { ObjectSchema, Row } from './schema.ts';

/** A package being deployed: what comes of it, told when it was asked about often enough. */
export interface Deployment {
  id: string;
  checkOnly: boolean;
  total: number;
  problems: { componentType: string; fullName: string; problem: string }[];
  asked: number;
}

export type { Row } from './schema.ts';

/** What the simulated org holds. */
export interface Org {
  readonly schemas: Map<string, ObjectSchema>;
  /** By object, then by 18-character id, in the order of creation. */
  tables: Map<string, Map<string, Row>>;
  indexes: Indexes;
  /** Ids of deleted records. */
  deleted: Set<string>;
  /** Further pages of queries, by locator. */
  cursors: Map<string, Row[]>;
  lastNumber: number;
  /** Whether a contact with an e-mail or mobile number that is there already is refused as a duplicate. */
  duplicateRule: boolean;
  /** Whom the active assignment rule gives new Cases, unless a request says that it is not to. */
  caseRule: string | undefined;
  apiUsed: number;
  apiMax: number;
  /** Who acts: the service's own user, but while an agent does something. */
  userId: string;
  organizationId: string;
  /** People who work in the org, by their first name in lower case. */
  agents: Record<string, string>;
  bus: Bus;
  /** Objects whose record-triggered flow is active. */
  flows: Set<string>;
  deployments: Map<string, Deployment>;
  /** How to take back what was done in the transactions that are open. */
  undo: (() => void)[];
  transactions: number;
}

/** An org with its own entry, one user and nothing else. */
export function makeOrg(username: string): Org {
  const org: Org = {
    schemas: new Map(objects.map((schema) => [schema.name, schema])),
    tables: new Map(objects.map(({ name }) => [name, new Map()])),
    indexes: new Map(),
    deleted: new Set(),
    cursors: new Map(),
    lastNumber: 0,
    duplicateRule: false,
    caseRule: undefined,
    apiUsed: 0,
    apiMax: 15_000,
    userId: '',
    organizationId: '',
    agents: {},
    bus: newBus(),
    flows: new Set(['CaseComment', 'FeedItem']),
    deployments: new Map(),
    undo: [],
    transactions: 0,
  };
  org.organizationId = seed(org, 'Organization', { Name: 'Acme', InstanceName: 'SIM1' });
  org.userId = seed(org, 'User', { Username: username, FirstName: 'Passerelle', LastName: 'Service' });
  for (const FirstName of ['Alice', 'Bob'])
    org.agents[FirstName.toLowerCase()] = seed(org, 'User', {
      Username: `${FirstName.toLowerCase()}@acme.example`,
      Email: `${FirstName.toLowerCase()}@acme.example`,
      FirstName,
      LastName: 'Agent',
    });
  for (const Name of ['Passerelle', 'Passerelle_Consent']) {
    const PermissionSetId = seed(org, 'PermissionSet', { Name, Label: Name.replace('_', ' ') });
    seed(org, 'PermissionSetAssignment', { PermissionSetId, AssigneeId: org.userId });
  }
  seed(org, 'FlowDefinitionView', { ApiName: 'Passerelle_Case_Comment', Label: 'Passerelle', IsActive: true });
  seedQueue(org, 'Support', 'Case');
  seedQueue(org, 'Returns and Refunds', 'Case');
  seedQueue(org, 'New Leads', 'Lead');
  return org;
}

function seedQueue(org: Org, Name: string, SobjectType: string): void {
  const QueueId = seed(org, 'Group', { Name, DeveloperName: Name.replaceAll(' ', '_'), Type: 'Queue' });
  seed(org, 'QueueSobject', { QueueId, SobjectType });
}

/** An org that nobody has prepared. */
export function makeBare(org: Org): void {
  for (const schema of [...org.schemas.values()]) {
    if (schema.name.startsWith('Passerelle_')) org.schemas.delete(schema.name);
    else
      org.schemas.set(schema.name, {
        ...schema,
        fields: schema.fields.filter(({ name }) => !name.startsWith('Passerelle_')),
      });
  }
  for (const object of ['PermissionSet', 'PermissionSetAssignment', 'FlowDefinitionView'])
    org.tables.get(object)?.clear();
  org.flows.clear();
}

function seed(org: Org, object: string, fields: Record<string, unknown>): string {
  const schema = org.schemas.get(object);
  if (!schema) throw new Error(`no object ${object}`);
  return insertRow(org, schema, fields).Id;
}

export const schemaOf = (org: Org, object: string): ObjectSchema | undefined =>
  [...org.schemas.values()].find(({ name }) => name.toLowerCase() === object.toLowerCase());

export const rowsOf = (org: Org, object: string): Row[] => [...(org.tables.get(object)?.values() ?? [])];

/** Salesforce's own way to write a point in time; it keeps whole seconds. */
export const stamp = (at: Date): string => at.toISOString().replace(/\.\d{3}Z$/, '.000+0000');

/** Puts checked fields there as a new record, with what the org adds to each. */
export function insertRow(org: Org, schema: ObjectSchema, fields: Record<string, unknown>): Row {
  const number = ++org.lastNumber;
  const now = stamp(new Date());
  const row: Row = {
    ...defaultsOf(schema, number),
    OwnerId: org.userId || null,
    ...fields,
    Id: makeId(schema.keyPrefix, number),
    CreatedDate: now,
    CreatedById: org.userId,
    LastModifiedDate: now,
    LastModifiedById: org.userId,
    SystemModstamp: now,
  };
  org.tables.get(schema.name)?.set(row.Id, computed(schema, row));
  reindex(org, schema, row, 'enter');
  remember(org, () => {
    reindex(org, schema, row, 'strike');
    org.tables.get(schema.name)?.delete(row.Id);
  });
  return row;
}

/** Writes checked fields over a record. */
export function updateRow(org: Org, schema: ObjectSchema, row: Row, fields: Record<string, unknown>): void {
  const now = stamp(new Date());
  const before = { ...row };
  remember(org, () => {
    reindex(org, schema, row, 'strike');
    Object.assign(row, before);
    reindex(org, schema, row, 'enter');
  });
  reindex(org, schema, row, 'strike');
  Object.assign(row, fields, { LastModifiedDate: now, LastModifiedById: org.userId, SystemModstamp: now });
  computed(schema, row);
  reindex(org, schema, row, 'enter');
}

function defaultsOf(schema: ObjectSchema, number: number): Record<string, unknown> {
  const initial = ({ numbered, default: value }: ObjectSchema['fields'][number]) =>
    numbered === undefined ? (value ?? null) : `${numbered}${String(number).padStart(8, '0')}`;
  return Object.fromEntries(schema.fields.map((field) => [field.name, initial(field)]));
}

function computed(schema: ObjectSchema, row: Row): Row {
  for (const { name, computed: work } of schema.fields) if (work) row[name] = work(row);
  return row;
}

export const attributesOf = (schema: ObjectSchema, id: string, version: string) => ({
  type: schema.name,
  url: `/services/data/v${version}/sobjects/${schema.name}/${id}`,
});

/** Of a file the API tells where it is, not what is in it. */
export function placeOfFile(schema: ObjectSchema, row: Row, version: string): Record<string, unknown> {
  if (schema.name !== 'ContentVersion') return {};
  return { VersionData: `${attributesOf(schema, row.Id, version).url}/VersionData` };
}

export const asRecord = (schema: ObjectSchema, row: Row, version = '62.0'): SalesforceRecord => ({
  attributes: attributesOf(schema, row.Id, version),
  ...row,
});

/** Notes how to take back one change, while a transaction is open. */
export function remember(org: Org, undo: () => void): void {
  if (org.transactions > 0) org.undo.push(undo);
}

/** Does `work`, and takes everything back if `keep` says so of what came out. Transactions may stand in each other. */
export function inTransaction<Result>(org: Org, work: () => Result, keep: (result: Result) => boolean): Result {
  const from = org.undo.length;
  org.transactions++;
  const result = work();
  org.transactions--;
  if (!keep(result)) for (const undo of org.undo.splice(from).reverse()) undo();
  if (org.transactions === 0) org.undo = [];
  return result;
}
