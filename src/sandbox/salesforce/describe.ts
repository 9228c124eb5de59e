import type { Org } from './org.ts';
import type { Field, ObjectSchema } from './schema.ts';

export const describeGlobal = (org: Org, version: string) => ({
  encoding: 'UTF-8',
  maxBatchSize: 200,
  sobjects: [...org.schemas.values()].map((schema) => summary(schema, version)),
});

export const describeObject = (schema: ObjectSchema, version: string) => ({
  ...summary(schema, version),
  fields: schema.fields.map((field) => describeField(schema, field)),
  recordTypeInfos: [],
  childRelationships: [],
});

function summary({ name, label, keyPrefix, custom }: ObjectSchema, version: string) {
  const root = `/services/data/v${version}/sobjects/${name}`;
  const can = { createable: true, updateable: true, deletable: true, queryable: true, retrieveable: true };
  const urls = { sobject: root, describe: `${root}/describe`, rowTemplate: `${root}/{ID}` };
  return { name, label, labelPlural: `${label}s`, keyPrefix, custom, ...can, searchable: true, urls };
}

function describeField(schema: ObjectSchema, field: Field) {
  const { name, type, referenceTo = [], values = [] } = field;
  return {
    name,
    label: name.replace(/__c$/, '').replaceAll('_', ' '),
    type,
    length: field.length ?? (type === 'id' || type === 'reference' ? 18 : 0),
    byteLength: field.byteLength ?? (field.length ?? 0) * 3,
    custom: name.endsWith('__c'),
    externalId: field.externalId ?? false,
    unique: field.unique ?? false,
    idLookup: type === 'id' || (field.externalId ?? false),
    caseSensitive: field.caseSensitive ?? false,
    nillable: !field.required && type !== 'boolean',
    defaultedOnCreate: type === 'boolean' || field.default !== undefined || name === 'OwnerId',
    createable: !field.readOnly,
    updateable: !field.readOnly,
    filterable: !(type === 'textarea' && (field.length ?? 0) > 255),
    nameField: name === 'Name' || (schema.name === 'Case' && name === 'CaseNumber'),
    restrictedPicklist: values.length > 0,
    picklistValues: values.map((value) => ({
      active: true,
      defaultValue: value === field.default,
      label: value,
      value,
    })),
    referenceTo,
    defaultValue: field.default ?? null,
  };
}
