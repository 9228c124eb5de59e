import { field, key, longText, type ObjectSchema, object, picklist, reference, string } from './schema.ts';

type Values = Record<string, unknown>;

const isClosed = (record: Values): boolean => record['Status'] === 'Closed';

const caseObject = object('Case', 'Case', '500', [
  string('CaseNumber', 30, { readOnly: true, numbered: '' }),
  string('Subject', 255),
  longText('Description', 32_000),
  picklist('Status', { default: 'New' }),
  picklist('Origin'),
  picklist('Priority', { default: 'Medium', values: ['High', 'Medium', 'Low'] }),
  picklist('Type', { values: ['Question', 'Problem', 'Feature Request'] }),
  picklist('Reason'),
  reference('OwnerId', 'User', 'Group'),
  field('IsClosed', 'boolean', { readOnly: true, computed: isClosed }),
  field('ClosedDate', 'datetime', {
    readOnly: true,
    computed: (record) => (isClosed(record) ? (record['ClosedDate'] ?? record['LastModifiedDate']) : null),
  }),
  reference('ContactId', 'Contact'),
  reference('AccountId', 'Account'),
  reference('ParentId', 'Case'),
  string('SuppliedName', 80),
  field('SuppliedEmail', 'email', { length: 80 }),
  string('SuppliedPhone', 40),
  key,
  string('Passerelle_Marker__c'),
  string('Passerelle_Tags__c'),
]);

const caseComment = object('CaseComment', 'Case Comment', '00a', [
  { ...reference('ParentId', 'Case'), required: true },
  { ...longText('CommentBody', 4_000), byteLength: 4_000 },
  field('IsPublished', 'boolean', { default: false }),
]);

const visible = ['AllUsers', 'InternalUsers'];
const postTypes = ['TextPost', 'ContentPost', 'LinkPost', 'TrackedChange', 'CaseCommentPost', 'EmailMessageEvent'];

const feedItem = object('FeedItem', 'Feed Item', '0D5', [
  { ...reference('ParentId', 'Case', 'Contact', 'Account', 'User'), required: true },
  longText('Body', 10_000),
  string('Title', 255),
  picklist('Type', { default: 'TextPost', values: postTypes }),
  picklist('Visibility', { default: 'AllUsers', values: visible }),
  field('IsRichText', 'boolean', { default: false }),
  reference('RelatedRecordId', 'ContentVersion'),
]);

const feedAttachment = object('FeedAttachment', 'Feed Attachment', '08v', [
  { ...reference('FeedEntityId', 'FeedItem'), required: true },
  reference('RecordId', 'ContentVersion'),
  picklist('Type', { default: 'Content', values: ['Content', 'FeedEntity', 'InlineImage', 'Link'] }),
  string('Title', 255),
]);

const bytesIn = (record: Values): number => Buffer.from(String(record['VersionData'] ?? ''), 'base64').length;
const extensionOf = (record: Values): string | null => /\.(\w+)$/.exec(String(record['PathOnClient']))?.[1] ?? null;

const contentVersion = object('ContentVersion', 'Content Version', '068', [
  string('Title', 255),
  string('PathOnClient', 500, { required: true }),
  field('VersionData', 'base64', { required: true }),
  string('FileExtension', 40, { readOnly: true, computed: extensionOf }),
  field('ContentSize', 'int', { readOnly: true, computed: bytesIn }),
  field('IsLatest', 'boolean', { readOnly: true, default: true }),
  { ...reference('ContentDocumentId', 'ContentDocument'), readOnly: true },
  reference('FirstPublishLocationId', 'Case', 'Contact', 'Account', 'Task', 'User'),
]);

const contentDocument = object('ContentDocument', 'Content Document', '069', [
  string('Title', 255),
  { ...reference('LatestPublishedVersionId', 'ContentVersion'), readOnly: true },
]);

const contentDocumentLink = object('ContentDocumentLink', 'Content Document Link', '06A', [
  { ...reference('LinkedEntityId', 'Case', 'Contact', 'Account', 'Task', 'User'), required: true },
  { ...reference('ContentDocumentId', 'ContentDocument'), required: true },
  picklist('ShareType', { required: true, values: ['V', 'C', 'I'] }),
  picklist('Visibility', { default: 'AllUsers', values: [...visible, 'SharedUsers'] }),
]);

/** A platform event: described like an object, and kept for those who listen, not for queries. */
const caseEvent = object('Passerelle_Case_Event__e', 'Passerelle Case Event', 'e00', [string('Case_Id__c', 18)]);

const group = object('Group', 'Group', '00G', [
  string('Name', 40, { required: true }),
  string('DeveloperName', 80),
  picklist('Type', { default: 'Regular', values: ['Regular', 'Queue', 'Role', 'Organization'] }),
]);
/** Which objects a queue takes. */
const queueSobject = object('QueueSobject', 'Queue Sobject', '03g', [
  { ...reference('QueueId', 'Group'), required: true },
  picklist('SobjectType', { required: true, values: ['Case', 'Lead', 'Task'] }),
]);

const permissionSet = object('PermissionSet', 'Permission Set', '0PS', [string('Name', 80), string('Label', 80)]);
const permissionSetAssignment = object('PermissionSetAssignment', 'Permission Set Assignment', '0Pa', [
  { ...reference('PermissionSetId', 'PermissionSet'), required: true },
  { ...reference('AssigneeId', 'User'), required: true },
]);
const flowDefinitionView = object('FlowDefinitionView', 'Flow Definition', '300', [
  string('ApiName', 255, { readOnly: true }),
  string('Label', 255, { readOnly: true }),
  field('IsActive', 'boolean', { readOnly: true, default: false }),
]);

/** Cases, what is written on them, files, and what an admin sets up. */
export const caseObjects: ObjectSchema[] = [
  caseObject,
  caseComment,
  feedItem,
  feedAttachment,
  contentVersion,
  contentDocument,
  contentDocumentLink,
  caseEvent,
  group,
  queueSobject,
  permissionSet,
  permissionSetAssignment,
  flowDefinitionView,
];
