import { z } from 'zod';
import type { ContactId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import { type Connection, query } from '../../salesforce/connection.ts';
import { hasCode, type Reply, troubleOf } from '../../salesforce/outcome.ts';
import { cleanFields, cut, printable } from '../../salesforce/text.ts';
import { settleUpsert, upsert } from '../../salesforce/upsert.ts';
import type { HistoryEntry, Recorded } from '../crm.ts';

type TaskEntry = Extract<HistoryEntry, { shape: 'task' }>;
type ObjectEntry = Extract<HistoryEntry, { shape: 'object' }>;

/** Lengths of the standard fields of Task, in characters. */
export const taskLengths = { subject: 255, description: 32_000 };

/** Writes the entry, or rewrites it: the same key is the same record. A lost answer is `later`. */
export async function recordHistory(connection: Connection, entry: HistoryEntry): Promise<Recorded> {
  if (entry.shape === 'object') return recordObject(connection, entry);
  const recorded = await recordTask(connection, entry);
  if (recorded.result !== 'never' || !entry.contact || !goneCodes.has(recorded.code ?? '')) return recorded;
  return isLead(entry.contact) ? whereLeadWent(connection, entry.contact) : { result: 'contact-gone' };
}

/** Ids of leads begin so (Standard Field Types, ID: key prefixes). */
const isLead = (id: string): boolean => /^00Q[A-Za-z0-9]{12,15}$/.test(id);

const convertedRow = z.object({ ConvertedContactId: z.string().nullish() });

async function whereLeadWent(connection: Connection, lead: ContactId): Promise<Recorded> {
  const soql = `SELECT ConvertedContactId FROM Lead WHERE Id = '${lead}'`;
  const rows = await query(connection, soql, convertedRow);
  if (rows.result !== 'done') return rows;
  const contact = rows.value[0]?.ConvertedContactId;
  return contact ? { result: 'contact-moved', to: contact as ContactId } : { result: 'contact-gone' };
}

/** Of a task's references only the contact is ours to set. */
const goneCodes = new Set(['ENTITY_IS_DELETED', 'INVALID_CROSS_REFERENCE_KEY', 'CANNOT_UPDATE_CONVERTED_LEAD']);

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
    WhoId: entry.untie ? null : entry.contact,
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
