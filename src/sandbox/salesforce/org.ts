import type { SalesforceRecord } from '../contract.ts';
import { makeId } from './ids.ts';
import { type Indexes, reindex } from './indexes.ts';
import { objects } from './objects.ts';
import type { ObjectSchema, Row } from './schema.ts';

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
  apiUsed: number;
  apiMax: number;
  userId: string;
  organizationId: string;
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
    apiUsed: 0,
    apiMax: 15_000,
    userId: '',
    organizationId: '',
  };
  org.organizationId = seed(org, 'Organization', { Name: 'Acme', InstanceName: 'SIM1' });
  org.userId = seed(org, 'User', { Username: username, FirstName: 'Passerelle', LastName: 'Service' });
  return org;
}

function seed(org: Org, object: string, fields: Record<string, unknown>): string {
  const schema = org.schemas.get(object);
  if (!schema) throw new Error(`no object ${object}`);
  return insertRow(org, schema, fields).Id;
}

export const schemaOf = (org: Org, object: string): ObjectSchema | undefined =>
  [...org.schemas.values()].find(({ name }) => name.toLowerCase() === object.toLowerCase());

export const rowsOf = (org: Org, object: string): Row[] => [...(org.tables.get(object)?.values() ?? [])];

/** Salesforce's own way to write a point in time. */
export const stamp = (at: Date): string => at.toISOString().replace('Z', '+0000');

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
  return row;
}

/** Writes checked fields over a record. */
export function updateRow(org: Org, schema: ObjectSchema, row: Row, fields: Record<string, unknown>): void {
  const now = stamp(new Date());
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

export const asRecord = (schema: ObjectSchema, row: Row, version = '62.0'): SalesforceRecord => ({
  attributes: attributesOf(schema, row.Id, version),
  ...row,
});

/** What `restore` needs to undo everything done since. */
export const snapshot = (org: Org): Pick<Org, 'tables' | 'deleted'> =>
  structuredClone({ tables: org.tables, deleted: org.deleted });

export function restore(org: Org, saved: Pick<Org, 'tables' | 'deleted'>): void {
  org.tables = saved.tables;
  org.indexes.clear();
  org.deleted = saved.deleted;
}
