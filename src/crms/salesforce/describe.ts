import { z } from 'zod';
import { done, type Outcome } from '../../domain/outcome.ts';
import { type Connection, readAs } from '../../salesforce/connection.ts';
import { hasCode, troubleOf } from '../../salesforce/outcome.ts';
import type { CrmField } from '../crm.ts';

const field = z.object({
  name: z.string(),
  type: z.string(),
  length: z.number().nullish(),
  createable: z.boolean(),
  nillable: z.boolean(),
  defaultedOnCreate: z.boolean().nullish(),
  externalId: z.boolean().nullish(),
  unique: z.boolean().nullish(),
  restrictedPicklist: z.boolean().nullish(),
  picklistValues: z.array(z.object({ active: z.boolean(), value: z.string() })).nullish(),
});

/** The fields that this service's user sees; an object it may not see is as one that is not there. */
export async function describeObject(connection: Connection, object: string): Promise<Outcome<CrmField[] | undefined>> {
  const reply = await connection.ask({ method: 'GET', path: `/sobjects/${encodeURIComponent(object)}/describe` });
  if (hasCode(reply, 'NOT_FOUND', 'INVALID_TYPE')) return done(undefined);
  if (reply.result !== 'done') return troubleOf(reply, true);
  const read = readAs(z.object({ fields: z.array(field) }), reply.value);
  return read.result === 'done' ? done(read.value.fields.map(fieldOf)) : read;
}

function fieldOf({ name, type, length, createable, nillable, ...more }: z.infer<typeof field>): CrmField {
  const values = more.restrictedPicklist ? more.picklistValues : undefined;
  return {
    name,
    type,
    createable,
    required: createable && !nillable && !more.defaultedOnCreate,
    externalId: more.externalId ?? false,
    unique: more.unique ?? false,
    ...(length ? { length } : {}),
    ...(values ? { options: values.filter(({ active }) => active).map(({ value }) => value) } : {}),
  };
}
