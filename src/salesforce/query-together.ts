import { z } from 'zod';
import { done, type Outcome } from '../domain/outcome.ts';
import { apiErrorsIn, type Connection, query, readAs } from './connection.ts';
import { troubleOf } from './outcome.ts';

const answered = z.object({
  compositeResponse: z.array(z.object({ httpStatusCode: z.number(), body: z.unknown() })),
});

/**
 * The first pages of several queries, in their order, by one request: composite counts as one call of the day, and takes
 * up to five queries (REST API Developer Guide, Composite). The first refusal is that of all.
 */
export async function queryTogether<Row>(
  connection: Connection,
  queries: readonly string[],
  row: z.ZodType<Row>,
): Promise<Outcome<Row[][]>> {
  const [first] = queries;
  if (first === undefined) return done([]);
  if (queries.length > 1) return composite(connection, queries, row);
  const rows = await query(connection, first, row);
  return rows.result === 'done' ? done([rows.value]) : rows;
}

async function composite<Row>(connection: Connection, queries: readonly string[], row: z.ZodType<Row>) {
  const compositeRequest = queries.map((soql, n) => ({
    method: 'GET',
    url: `${connection.root}/query?q=${encodeURIComponent(soql)}`,
    referenceId: `query${n}`,
  }));
  const reply = await connection.ask({ method: 'POST', path: '/composite', body: { compositeRequest } });
  // It reads only: asked again it does no harm.
  if (reply.result !== 'done') return troubleOf(reply, true);
  const read = readAs(answered, reply.value);
  if (read.result !== 'done') return read;
  const page = z.object({ records: z.array(row) });
  const pages: Row[][] = [];
  for (const { httpStatusCode, body } of read.value.compositeResponse) {
    if (httpStatusCode !== 200) return troubleOf({ result: 'refused', errors: apiErrorsIn(body) }, true);
    const rows = readAs(page, body);
    if (rows.result !== 'done') return rows;
    pages.push(rows.value.records);
  }
  return done(pages);
}
