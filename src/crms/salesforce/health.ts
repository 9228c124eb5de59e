import { z } from 'zod';
import type { Finding } from '../../domain/finding.ts';
import { type Connection, readAs } from '../../salesforce/connection.ts';
import { troubleOf } from '../../salesforce/outcome.ts';

/** The field of Task that the default mapping keeps its key in. */
export const taskKeyField = 'Passerelle_Key__c';

/** Above this share of the daily calls it is time to say so. */
const worryingUse = 0.9;

export async function checkHealth(connection: Connection): Promise<Finding[]> {
  const token = await connection.logIn();
  const what = 'Salesforce login';
  if (token.result !== 'done') return [{ ok: false, what, why: token.why, fix: 'correct the account’s settings' }];
  return [{ ok: true, what }, await checkLimits(connection), await checkTaskKey(connection)];
}

const limits = z.object({ DailyApiRequests: z.object({ Max: z.number(), Remaining: z.number() }) });

async function checkLimits(connection: Connection): Promise<Finding> {
  const what = 'Salesforce API limit';
  const read = await get(connection, '/limits', limits);
  if (read.result !== 'done') return { ok: false, what, why: read.why };
  const { Max, Remaining } = read.value.DailyApiRequests;
  const why = `${Max - Remaining} of ${Max} calls used in the last 24 hours`;
  if (Max - Remaining < Max * worryingUse) return { ok: true, what, why };
  return { ok: false, what, why, fix: 'find out who uses the calls, or buy more' };
}

const description = z.object({
  fields: z.array(z.object({ name: z.string(), externalId: z.boolean().optional(), unique: z.boolean().optional() })),
});

async function checkTaskKey(connection: Connection): Promise<Finding> {
  const what = 'Salesforce key field of Task';
  const read = await get(connection, '/sobjects/Task/describe', description);
  if (read.result !== 'done') return { ok: false, what, why: read.why };
  const keys = read.value.fields.filter(({ externalId }) => externalId);
  const key = keys.find(({ name }) => name === taskKeyField) ?? keys[0];
  if (key?.unique) return { ok: true, what, why: key.name };
  const why = key ? `${key.name} is not unique` : `Task has no external id field that the user may see`;
  const fix = `create ${taskKeyField} on the object Activity (Text 255, External ID, unique, case sensitive) and give the user access; not needed when history goes to an object of its own`;
  return { ok: false, what, why, fix };
}

async function get<Value>(connection: Connection, path: string, shape: z.ZodType<Value>) {
  const reply = await connection.ask({ method: 'GET', path });
  return reply.result === 'done' ? readAs(shape, reply.value) : troubleOf(reply, true);
}
