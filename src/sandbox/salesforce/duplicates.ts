import { type Answer, type Call, refuseWith } from './answer.ts';
import { attributesOf, type Org, type Row, rowsOf } from './org.ts';
import type { ObjectSchema } from './schema.ts';

/** The org's duplicate rule: a contact with the same e-mail or mobile number is refused unless the caller allows it. */
export function duplicateFault(
  org: Org,
  schema: ObjectSchema,
  fields: Record<string, unknown>,
  headers: Call['headers'],
): Answer | undefined {
  if (!org.duplicateRule || schema.name !== 'Contact') return undefined;
  const wanted = headers['sforce-duplicate-rule-header'] ?? '';
  if (/allowSave\s*=\s*true/i.test(wanted)) return undefined;
  const found = rowsOf(org, 'Contact').filter((row) => same(row, fields, 'Email') || same(row, fields, 'MobilePhone'));
  if (found.length === 0) return undefined;
  return refuseWith(400, duplicatesDetected(schema, found, /includeRecordDetails\s*=\s*true/i.test(wanted)));
}

function same(row: Row, fields: Record<string, unknown>, name: string): boolean {
  const value = fields[name];
  return typeof value === 'string' && String(row[name] ?? '').toLowerCase() === value.toLowerCase();
}

function duplicatesDetected(schema: ObjectSchema, found: Row[], details: boolean) {
  const message = 'Use one of these records?';
  const matchRecords = found.map((row) => ({
    additionalInformation: [],
    fieldDiffs: [],
    matchConfidence: 100.0,
    record: {
      attributes: attributesOf(schema, row.Id, '62.0'),
      Id: row.Id,
      ...(details ? { Name: row['Name'], Email: row['Email'] } : {}),
    },
  }));
  const matchResult = { entityType: schema.name, errors: [], matchRecords, size: found.length, success: true };
  const duplicateResult = {
    allowSave: true,
    duplicateRule: `Standard_${schema.name}_Duplicate_Rule`,
    duplicateRuleEntityType: schema.name,
    errorMessage: message,
    matchResults: [matchResult],
  };
  return { errorCode: 'DUPLICATES_DETECTED', message, fields: [], duplicateResult };
}
