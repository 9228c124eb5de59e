import { z } from 'zod';
import type { Connection } from './connection.ts';
import type { ApiError, Reply } from './outcome.ts';

/** One write of several; later ones may name what earlier ones made as `@{referenceId.id}`. */
export interface Subrequest {
  method: 'POST' | 'PATCH';
  /** From the version's root. Whatever varies is encoded already. */
  path: string;
  referenceId: string;
  body: Record<string, unknown>;
  headers?: Record<string, string>;
}

/** REST API Developer Guide, "Composite" and "Composite Graph": what one call takes. */
const most = { composite: 25, graph: 500 };

/**
 * Several writes in one call and one transaction: all of them happen, or none. `done` with the bodies by reference id; a
 * refusal is that of the write which failed, and says for sure that nothing happened.
 */
export async function writeTogether(connection: Connection, writes: readonly Subrequest[]): Promise<Reply> {
  if (writes.length > most.graph) return { result: 'never', why: 'too many records for one transaction' };
  const compositeRequest = writes.map(({ method, path, referenceId, body, headers }) => ({
    method,
    url: `${connection.root}${path}`,
    referenceId,
    body,
    ...(headers ? { httpHeaders: headers } : {}),
  }));
  const small = writes.length <= most.composite;
  const reply = small
    ? await connection.ask({ method: 'POST', path: '/composite', body: { allOrNone: true, compositeRequest } })
    : await connection.ask({
        method: 'POST',
        path: '/composite/graph',
        body: { graphs: [{ graphId: 'one', compositeRequest }] },
      });
  return reply.result === 'done' ? readAnswers(reply.value) : reply;
}

const subanswer = z.object({ referenceId: z.string(), httpStatusCode: z.number(), body: z.unknown() });
const answers = z.object({ compositeResponse: z.array(subanswer) });
const whole = z.union([
  answers,
  z
    .object({ graphs: z.array(z.object({ graphResponse: answers })).length(1) })
    .transform(({ graphs }) => graphs[0]!.graphResponse),
]);

function readAnswers(value: unknown): Reply {
  const read = whole.safeParse(value);
  // The writes are done or not; nobody can tell which.
  if (!read.success) return { result: 'unsure', why: 'Salesforce answered something unexpected' };
  const { compositeResponse } = read.data;
  const failed = compositeResponse.filter(({ httpStatusCode }) => httpStatusCode >= 300);
  if (failed.length > 0) return { result: 'refused', errors: errorsOf(failed), undone: true };
  return { result: 'done', value: new Map(compositeResponse.map(({ referenceId, body }) => [referenceId, body])) };
}

const refusals = z.array(
  z.object({ errorCode: z.string(), message: z.string().catch(''), fields: z.array(z.string()).catch([]) }),
);

/** What was only undone because another write failed is no reason. */
const undone = new Set(['PROCESSING_HALTED', 'ALL_OR_NONE_OPERATION_ROLLED_BACK']);

function errorsOf(failed: z.infer<typeof subanswer>[]): ApiError[] {
  const all = failed.flatMap(({ body, httpStatusCode }) => {
    const read = refusals.safeParse(body);
    return read.success
      ? read.data.map(({ errorCode: code, message, fields }) => ({ code, message, fields }))
      : [{ code: `ERROR_HTTP_${httpStatusCode}`, message: '', fields: [] }];
  });
  const reasons = all.filter(({ code }) => !undone.has(code));
  return reasons.length > 0 ? reasons : all;
}
