import { type Answer, refuse } from './answer.ts';
import { insertRow, type Org, type Row, rowsOf } from './org.ts';
import type { ObjectSchema } from './schema.ts';

type Fields = Record<string, unknown>;

/** A file is on a record once. */
export function linkFault(org: Org, schema: ObjectSchema, fields: Fields): Answer | undefined {
  if (schema.name !== 'ContentDocumentLink') return undefined;
  const there = rowsOf(org, 'ContentDocumentLink').some(
    (row) =>
      row['ContentDocumentId'] === fields['ContentDocumentId'] && row['LinkedEntityId'] === fields['LinkedEntityId'],
  );
  if (!there) return undefined;
  return refuse(400, 'DUPLICATE_VALUE', 'Document with ID is already linked with the entity', []);
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
