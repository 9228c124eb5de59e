import type { SalesforceSimulator } from '../contract.ts';
import type { Org } from './org.ts';
import { createRecord, findRecord, updateRecord, type Written } from './records.ts';

type Said = Parameters<SalesforceSimulator['agentWrites']>[1];
type Fields = Record<string, unknown>;

/** What people of the company do on a Case, with the same rules as by the API. Throws where the org refuses it. */
export function agentWrites(org: Org, ParentId: string, said: Said): string {
  return asAgent(org, said.agent ?? 'alice', () =>
    said.as === 'feed-item' ? post(org, ParentId, said) : comment(org, ParentId, said),
  );
}

export function agentChanges(org: Org, object: string, id: string, fields: Fields): void {
  asAgent(org, 'alice', () => {
    const schema = org.schemas.get(object)!;
    const { row } = done(findRecord(org, schema, id));
    done(updateRecord(org, schema, row, fields));
  });
}

function asAgent<Result>(org: Org, agent: string, act: () => Result): Result {
  const service = org.userId;
  org.userId = org.agents[agent] ?? service;
  try {
    return act();
  } finally {
    org.userId = service;
  }
}

function comment(org: Org, ParentId: string, { text, public: isPublic, files = [] }: Said): string {
  for (const file of files) fileVersion(org, file, { FirstPublishLocationId: ParentId });
  return insert(org, 'CaseComment', { ParentId, CommentBody: text, IsPublished: isPublic });
}

function post(org: Org, ParentId: string, { text, public: isPublic, files = [] }: Said): string {
  const versions = files.map((file) => fileVersion(org, file, { FirstPublishLocationId: ParentId }));
  const [first] = versions;
  const id = insert(org, 'FeedItem', {
    ParentId,
    Body: text,
    Type: first ? 'ContentPost' : 'TextPost',
    Visibility: isPublic ? 'AllUsers' : 'InternalUsers',
    ...(first ? { RelatedRecordId: first } : {}),
  });
  for (const RecordId of versions) insert(org, 'FeedAttachment', { FeedEntityId: id, RecordId, Type: 'Content' });
  return id;
}

const fileVersion = (org: Org, file: NonNullable<Said['files']>[number], where: Fields): string =>
  insert(org, 'ContentVersion', {
    Title: file.name.replace(/\.\w+$/, ''),
    PathOnClient: file.name,
    VersionData: file.bytes.toString('base64'),
    ...where,
  });

const insert = (org: Org, object: string, fields: Fields): string =>
  done(createRecord(org, org.schemas.get(object)!, fields, {})).row.Id;

function done(written: Written) {
  if ('refusal' in written) throw new Error(`the org refuses it: ${JSON.stringify(written.refusal.body)}`);
  return written;
}
