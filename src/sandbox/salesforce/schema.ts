export type FieldType =
  | 'id'
  | 'string'
  | 'textarea'
  | 'picklist'
  | 'email'
  | 'phone'
  | 'url'
  | 'date'
  | 'datetime'
  | 'boolean'
  | 'double'
  | 'int'
  | 'reference'
  | 'base64';

export interface Field {
  name: string;
  type: FieldType;
  /** In characters. */
  length?: number;
  /** In UTF-8 bytes, for the one field that counts so. */
  byteLength?: number;
  required?: true;
  /** Set by the org alone. */
  readOnly?: true;
  externalId?: true;
  unique?: true;
  caseSensitive?: true;
  referenceTo?: string[];
  /** A restricted picklist: nothing else is taken. */
  values?: string[];
  default?: unknown;
  /** Numbered by the org: the prefix, before a running number of eight digits. */
  numbered?: string;
  /** Worked out from the rest of the record. */
  computed?: (record: Record<string, unknown>) => unknown;
}

export interface ObjectSchema {
  name: string;
  label: string;
  keyPrefix: string;
  custom: boolean;
  fields: Field[];
}

/** A record. */
export type Row = Record<string, unknown> & { Id: string };

type Options = Omit<Field, 'name' | 'type'>;

export const string = (name: string, length = 255, options: Options = {}): Field => ({
  name,
  type: 'string',
  length,
  ...options,
});
export const field = (name: string, type: FieldType, options: Options = {}): Field => ({ name, type, ...options });
export const longText = (name: string, length: number): Field => ({ name, type: 'textarea', length });
export const reference = (name: string, ...referenceTo: string[]): Field => ({ name, type: 'reference', referenceTo });
export const picklist = (name: string, options: Options = {}): Field => ({
  name,
  type: 'picklist',
  length: 255,
  ...options,
});

/** The field an admin adds so that a record can be found by our key. */
export const key: Field = string('Passerelle_Key__c', 255, { externalId: true, unique: true, caseSensitive: true });

/** What every record has. */
const system: Field[] = [
  field('Id', 'id', { readOnly: true }),
  field('IsDeleted', 'boolean', { readOnly: true, default: false }),
  reference('OwnerId', 'User'),
  field('CreatedDate', 'datetime', { readOnly: true }),
  { ...reference('CreatedById', 'User'), readOnly: true },
  field('LastModifiedDate', 'datetime', { readOnly: true }),
  { ...reference('LastModifiedById', 'User'), readOnly: true },
  field('SystemModstamp', 'datetime', { readOnly: true }),
];

export const object = (name: string, label: string, keyPrefix: string, fields: Field[]): ObjectSchema => ({
  name,
  label,
  keyPrefix,
  custom: name.endsWith('__c'),
  fields: [...system.filter(({ name: own }) => !fields.some(({ name }) => name === own)), ...fields],
});

/** Names are not case sensitive, as in Salesforce. */
export const fieldOf = (schema: ObjectSchema, name: string): Field | undefined =>
  schema.fields.find((each) => each.name.toLowerCase() === name.toLowerCase());
