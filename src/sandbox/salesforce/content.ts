import { type Answer, refuse } from './answer.ts';
import { insertRow, type Org, type Row, rowsOf } from './org.ts';
import type { ObjectSchema } from './schema.ts';

type Fields = Record<string, unknown>;

/** Objects of which there is one for each pair. */
const pairs: Record<string, [string, string, string]> = {
  ContentDocumentLink: ['ContentDocumentId', 'LinkedEntityId', 'Document with ID is already linked with the entity'],
  PermissionSetAssignment: ['PermissionSetId', 'AssigneeId', 'Duplicate PermissionSetAssignment'],
};

/** A file is on a record once, a permission set with a user. */
export function linkFault(org: Org, schema: ObjectSchema, fields: Fields): Answer | undefined {
  const [one, other, message] = pairs[schema.name] ?? [];
  if (!one || !other || !message) return undefined;
  const there = rowsOf(org, schema.name).some((row) => row[one] === fields[one] && row[other] === fields[other]);
  return there ? refuse(400, 'DUPLICATE_VALUE', message, []) : undefined;
}

/** The first version of a file makes its document, which belongs to whoever made it and to where it was published. */
export function afterInsert(org: Org, schema: ObjectSchema, row: Row): void {
  if (schema.name !== 'ContentVersion') return;
  const document = insertRow(org, org.schemas.get('ContentDocument')!, {
    Title: row['Title'] ?? row['PathOnClient'],
    LatestPublishedVersionId: row.Id,
  });
  row['ContentDocumentId'] = document.Id;
  link(org, document.Id, org.userId, 'I');
  if (row['FirstPublishLocationId']) link(org, document.Id, row['FirstPublishLocationId'], 'V');
}

const link = (org: Org, ContentDocumentId: string, LinkedEntityId: unknown, ShareType: string) =>
  insertRow(org, org.schemas.get('ContentDocumentLink')!, { ContentDocumentId, LinkedEntityId, ShareType });
