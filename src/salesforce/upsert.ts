import { z } from 'zod';
import { done, type Outcome, type Trouble } from '../domain/outcome.ts';
import type { Connection } from './connection.ts';
import { codeOf, hasCode, type Reply, troubleOf } from './outcome.ts';
import { isApiName } from './soql.ts';
import { cleanFields } from './text.ts';

export interface Upsert {
  object: string;
  field: string;
  value: string;
  fields: Record<string, unknown>;
  headers?: Record<string, string>;
}

/**
 * Creates the record with this external id or brings it up to date. Two first upserts at once can both try to create:
 * the loser's DUPLICATE_VALUE becomes an update when it is made again.
 */
export async function upsert(connection: Connection, what: Upsert): Promise<Reply> {
  if (!isApiName(what.object) || !isApiName(what.field))
    return { result: 'never', why: 'the mapping names an object or field that is not an API name' };
  const path = pathOf(what);
  if (!path) return { result: 'never', why: 'the key cannot be part of a Salesforce address' };
  const { [what.field]: _key, Id: _id, id: _lower, ...fields } = what.fields;
  const request = { method: 'PATCH' as const, path, body: cleanFields(fields), headers: what.headers ?? {} };
  const reply = await connection.ask(request);
  return hasCode(reply, 'DUPLICATE_VALUE') ? connection.ask(request) : reply;
}

/** Undefined for what an address cannot carry: nothing, `.` and `..`, half a surrogate pair. */
function pathOf({ object, field, value }: Upsert): string | undefined {
  if (/^\.{0,2}$/.test(value) || !value.isWellFormed()) return undefined;
  return `/sobjects/${object}/${field}/${encodeURIComponent(value)}`;
}

const written = z.object({ id: z.string(), created: z.boolean().optional() });

/** Of a create or upsert; 204 and some older API versions tell no id. */
export function readWritten(value: unknown): { id?: string; created?: boolean } {
  const read = written.safeParse(value);
  if (!read.success) return {};
  const { id, created } = read.data;
  return created === undefined ? { id } : { id, created };
}

/** The outcome of an upsert whose record is all the caller needs. `missing` explains a field that is not there. */
export function settleUpsert(reply: Reply, missing: string): Outcome<{ id?: string }> {
  if (reply.result === 'done') {
    const { id } = readWritten(reply.value);
    return done(id ? { id } : {});
  }
  return missingField(reply, missing) ?? troubleOf(reply, true);
}

/** Salesforce answers NOT_FOUND when the field of an upsert's address does not exist or is no external id. */
function missingField(reply: Reply, why: string): Trouble | undefined {
  const error = codeOf(reply, 'NOT_FOUND');
  return error && { result: 'never', why, code: error.code };
}
