import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ContactId } from '../../domain/ids.ts';
import { startTestOrg, type TestOrg } from '../../sandbox/salesforce/org-for-tests.ts';
import type { CrmSession, HistoryEntry } from '../crm.ts';
import { salesforce } from './crm.ts';

let org: TestOrg;
let session: CrmSession;
beforeAll(async () => {
  org = await startTestOrg();
});
beforeEach(() => {
  org.simulator.reset();
  session = salesforce.connect(salesforce.account.parse(org.settings), org.tools);
});
afterAll(() => org.close());

type TaskEntry = Extract<HistoryEntry, { shape: 'task' }>;
const keyField = 'Passerelle_Key__c';
const task: TaskEntry = {
  shape: 'task',
  key: 'acme-page:4711/1?x#y+é',
  keyField,
  subject: 'Chat with Ann',
  description: 'Ann: hello',
  day: '2026-03-01',
  fields: {},
};
const message: HistoryEntry = {
  shape: 'object',
  object: 'Passerelle_Message__c',
  key: 'messenger:acme-page:m_1',
  keyField,
  fields: { Text__c: 'hello', Direction__c: 'in', Sent_At__c: '2026-03-01T10:00:00.000Z', [keyField]: 'another' },
};
const tasks = () => org.simulator.records('Task');

test('writes a completed task for the contact, findable by its key', async () => {
  const contact = org.simulator.add('Contact', { LastName: 'Ann' });
  const outcome = await session.recordHistory({ ...task, contact: contact as ContactId });
  expect(outcome).toEqual({ result: 'done', value: { id: tasks()[0]?.Id } });
  expect(tasks()).toMatchObject([
    {
      Subject: 'Chat with Ann',
      Description: 'Ann: hello',
      Status: 'Completed',
      ActivityDate: '2026-03-01',
      WhoId: contact,
      [keyField]: task.key,
    },
  ]);
});

test('the mapping may set other fields, but neither the key nor the text', async () => {
  const fields = { Type: 'Call', Status: 'In Progress', [keyField]: 'x', Description: 'y', Id: 'z' };
  await session.recordHistory({ ...task, fields });
  expect(tasks()).toMatchObject([
    { Type: 'Call', Status: 'In Progress', [keyField]: task.key, Description: 'Ann: hello' },
  ]);
});

test('one key, one task, however often it is written', async () => {
  const first = await session.recordHistory(task);
  const again = await session.recordHistory({ ...task, description: 'Ann: hello\nBob: hi' });
  expect(again).toEqual(first);
  expect(tasks()).toMatchObject([{ Description: 'Ann: hello\nBob: hi' }]);
});

test('a known task is written to directly', async () => {
  await session.recordHistory(task);
  const known = tasks()[0]?.Id ?? '';
  const outcome = await session.recordHistory({ ...task, known, description: 'longer' });
  expect(outcome).toEqual({ result: 'done', value: { id: known } });
  expect(tasks()).toMatchObject([{ Description: 'longer' }]);
  expect((await org.calls()).at(-1)).toBe(`PATCH /sobjects/Task/${known}`);
});

test.each(['deleted', 'of another org', 'nonsense'])('a known task that is %s has a successor', async (what) => {
  await session.recordHistory(task);
  const first = tasks()[0]?.Id ?? '';
  org.simulator.remove('Task', first);
  const known = what === 'deleted' ? first : what === 'nonsense' ? '../Contact' : '00T5e00000zzzzzEAA';
  const outcome = await session.recordHistory({ ...task, known });
  expect(tasks()).toHaveLength(1);
  expect(outcome).toEqual({ result: 'done', value: { id: tasks()[0]?.Id } });
  expect(tasks()[0]?.Id).not.toBe(first);
});

test('the longest texts fit; a subject is cut; control characters are left out', async () => {
  const description = 'é'.repeat(salesforce.limits.descriptionLength);
  await session.recordHistory({ ...task, subject: `a\0b${'x'.repeat(300)}`, description });
  expect(tasks()[0]?.['Description']).toBe(description);
  expect(tasks()[0]?.['Subject']).toBe(`ab${'x'.repeat(252)}…`);
});

test('writes a record of an object of its own, once', async () => {
  const first = await session.recordHistory(message);
  expect(await session.recordHistory(message)).toEqual(first);
  expect(first).toEqual({ result: 'done', value: { id: org.simulator.records('Passerelle_Message__c')[0]?.Id } });
  expect(org.simulator.records('Passerelle_Message__c')).toMatchObject([
    { Text__c: 'hello', Direction__c: 'in', Sent_At__c: '2026-03-01T10:00:00.000+0000', [keyField]: message.key },
  ]);
});

const refused: [string, HistoryEntry, RegExp][] = [
  ['the key field is missing', { ...task, keyField: 'Chat__c' }, /Task has no field Chat__c.*object Activity as Text/],
  ['the object is missing', { ...message, object: 'Chat__c' }, /Chat__c has no field Passerelle_Key__c.*create it/],
  ['the object is no name', { ...message, object: 'Task/../Contact' }, /not an API name/],
  ['the text is too long', { ...task, description: 'private '.repeat(4_001) }, /STRING_TOO_LONG, Description/],
  ['a value is not in its picklist', { ...task, fields: { TaskSubtype: 'private' } }, /RESTRICTED_PICKLIST, TaskSubt/],
];
test.each(refused)('never, and says why without repeating what was said: %s', async (_, entry, why) => {
  const outcome = await session.recordHistory(entry);
  expect(outcome).toMatchObject({ result: 'never', why: expect.stringMatching(why) });
  expect(JSON.stringify(outcome)).not.toContain('private');
});

test('a contact that was deleted meanwhile', async () => {
  const contact = org.simulator.add('Contact', { LastName: 'Ann' });
  org.simulator.remove('Contact', contact);
  const outcome = await session.recordHistory({ ...task, contact: contact as ContactId });
  expect(outcome).toEqual({ result: 'contact-gone' });
});

test('a key that belongs to several tasks is never guessed at', async () => {
  org.simulator.changeField('Task', keyField, 'not-unique');
  for (const Subject of ['a', 'b']) org.simulator.add('Task', { Subject, [keyField]: task.key });
  expect(await session.recordHistory(task)).toMatchObject({ result: 'never', code: 'MULTIPLE_CHOICES' });
});

test.each(['500', '503', '500-after', 'timeout-before', 'timeout-after', 'reset-before', 'reset-after'] as const)(
  'after %s: later, and one task in the end',
  async (kind) => {
    org.simulator.inject({ kind, path: '/sobjects/Task', times: 1, delayMs: 50 });
    expect(await session.recordHistory(task)).toMatchObject({ result: 'later' });
    expect(await session.recordHistory(task)).toMatchObject({ result: 'done' });
    expect(tasks()).toHaveLength(1);
  },
);
