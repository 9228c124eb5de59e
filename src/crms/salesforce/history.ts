import { done, type Outcome } from '../../domain/outcome.ts';
import type { Connection } from '../../salesforce/connection.ts';
import { hasCode, type Reply, troubleOf } from '../../salesforce/outcome.ts';
import { cleanFields, cut, printable } from '../../salesforce/text.ts';
import { settleUpsert, upsert } from '../../salesforce/upsert.ts';
import type { HistoryEntry } from '../crm.ts';

type TaskEntry = Extract<HistoryEntry, { shape: 'task' }>;
type ObjectEntry = Extract<HistoryEntry, { shape: 'object' }>;

/** Lengths of the standard fields of Task, in characters. */
export const taskLengths = { subject: 255, description: 32_000 };

export type Recorded = Outcome<{ id?: string }> | { result: 'contact-gone' };

/** Writes the entry, or rewrites it: the same key is the same record. A lost answer is `later`. */
export async function recordHistory(connection: Connection, entry: HistoryEntry): Promise<Recorded> {
  if (entry.shape === 'object') return recordObject(connection, entry);
  const recorded = await recordTask(connection, entry);
  const refersToNothing = recorded.result === 'never' && goneCodes.has(recorded.code ?? '');
  return refersToNothing && entry.contact ? { result: 'contact-gone' } : recorded;
}

/** Of a task's references only the contact is ours to set. */
const goneCodes = new Set(['ENTITY_IS_DELETED', 'INVALID_CROSS_REFERENCE_KEY']);

async function recordTask(connection: Connection, entry: TaskEntry): Promise<Outcome<{ id?: string }>> {
  const fields = taskFields(entry);
  if (entry.known) {
    const reply = await updateTask(connection, entry.known, fields);
    if (reply.result === 'done') return done({ id: entry.known });
    if (!isGone(reply)) return troubleOf(reply, true);
  }
  const { key: value, keyField: field } = entry;
  const reply = await upsert(connection, { object: 'Task', field, value, fields });
  return settleUpsert(reply, missingKey('Task', field, 'on the object Activity'));
}

function taskFields(entry: TaskEntry): Record<string, unknown> {
  const { [entry.keyField]: _key, Id: _id, ...extra } = entry.fields;
  return cleanFields({
    Status: 'Completed',
    ActivityDate: entry.day,
    WhoId: entry.contact,
    ...extra,
    Subject: cut(printable(entry.subject), taskLengths.subject),
    Description: entry.description,
  });
}

const updateTask = (connection: Connection, id: string, body: Record<string, unknown>): Promise<Reply> =>
  connection.ask({ method: 'PATCH', path: `/sobjects/Task/${encodeURIComponent(id)}`, body });

/** Somebody deleted the record, or it never was one of this org: the key finds or makes its successor. */
const isGone = (reply: Reply): boolean => hasCode(reply, 'ENTITY_IS_DELETED', 'NOT_FOUND', 'MALFORMED_ID');

async function recordObject(connection: Connection, entry: ObjectEntry): Promise<Outcome<{ id?: string }>> {
  const { object, keyField: field, key: value, fields } = entry;
  const reply = await upsert(connection, { object, field, value, fields });
  return settleUpsert(reply, missingKey(object, field, 'on it'));
}

const missingKey = (object: string, field: string, where: string): string =>
  `${object} has no field ${field} that is an external id and visible to the user: create it ${where} as Text(255), External ID, unique, case sensitive, and give the user access to it`;
