import { z } from 'zod';
import { done, type Outcome } from '../domain/outcome.ts';
import { type Connection, readAs } from './connection.ts';
import { troubleOf } from './outcome.ts';
import { cleanFields } from './text.ts';

const written = z.array(
  z.object({
    id: z.string().optional(),
    success: z.boolean(),
    errors: z
      .array(z.object({ statusCode: z.string(), message: z.string().catch(''), fields: z.array(z.string()).catch([]) }))
      .catch([]),
  }),
);

/** REST API Developer Guide, "sObject Collections": what one call takes. */
export const mostInCollection = 200;

/**
 * Writes up to 200 records of one object by one call of the day, each by itself: what became of each, in their order, with its id
 * where it was told. Upserts by `key`; without it updates by `id`. Only for writes that may be repeated.
 */
export async function writeMany(
  connection: Connection,
  { object, key }: { object: string; key?: string },
  records: readonly Record<string, unknown>[],
): Promise<Outcome<Outcome<string | undefined>[]>> {
  if (records.length === 0) return done([]);
  const path = key === undefined ? '/composite/sobjects' : `/composite/sobjects/${object}/${key}`;
  const body = {
    allOrNone: false,
    records: records.map((fields) => ({ attributes: { type: object }, ...cleanFields(fields) })),
  };
  const reply = await connection.ask({ method: 'PATCH', path, body });
  if (reply.result !== 'done') return troubleOf(reply, true);
  const read = readAs(written, reply.value);
  if (read.result !== 'done') return read;
  if (read.value.length !== records.length) return { result: 'later', why: 'Salesforce answered something unexpected' };
  return done(
    read.value.map(({ id, success, errors }) =>
      success
        ? done(id)
        : troubleOf(
            { result: 'refused', errors: errors.map(({ statusCode: code, ...more }) => ({ code, ...more })) },
            true,
          ),
    ),
  );
}
