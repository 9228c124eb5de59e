import type { Http, HttpAnswer, HttpRequest } from '../../kit/http.ts';
import { type CallBudget, kindOfCall } from './call-budget.ts';
import { ZendeskFailure } from './failure.ts';
import { retryAfterOf } from './retry-after.ts';
import type { Authorization } from './token.ts';

/** What one call adds to what node-zendesk would send. */
export interface CallExtras {
  idempotencyKey?: string;
  /** Sent in place of node-zendesk's body: it can send neither the right content type nor the length of a file. */
  raw?: { bytes: Buffer; contentType: string };
  timeoutMs?: number;
  /** It waited for its turn already. */
  turnTaken?: true;
}

/** The part of node-zendesk's request that is used. */
interface LibraryRequest {
  method: HttpRequest['method'];
  headers: Record<string, string>;
  body?: string;
}

export interface TransportConfig {
  transportFn(url: string, request: LibraryRequest): Promise<HttpAnswer>;
  responseAdapter(answer: HttpAnswer): unknown;
}

export interface TransportParts {
  auth: Authorization;
  http: Http;
  budget: CallBudget;
  timeoutMs: number;
}

/**
 * The transport node-zendesk is given. Left to its own it takes several failures for success (412, 413, 502 with HTML, anything
 * with Retry-After), loses status and headers, and keeps its first token for ever. Here everything that is not a readable 2xx is
 * thrown as a ZendeskFailure, which node-zendesk passes on unchanged.
 */
export function makeTransport({ auth, http, budget, timeoutMs }: TransportParts, extras: CallExtras): TransportConfig {
  return {
    transportFn: async (url, request) => {
      if (!extras.turnTaken) await budget.turn(kindOfCall(request.method, url));
      const send = (authorization: string) =>
        http.request({
          method: request.method,
          url,
          headers: { ...request.headers, ...extraHeaders(extras), Authorization: authorization },
          ...bodyOf(request, extras),
          timeoutMs: extras.timeoutMs ?? timeoutMs,
          maxBytes: 50_000_000,
        });
      const answer = await authorized(auth, send);
      if (answer.answered) await budget.learn(answer);
      return readable(answer);
    },
    responseAdapter: adapted,
  };
}

type Answered = Awaited<ReturnType<Http['request']>>;

/** Sends; on a 401, which means nothing was acted upon, once more with a new token where there can be one. */
export async function authorized(auth: Authorization, send: (header: string) => Promise<Answered>): Promise<Answered> {
  const header = await auth.header();
  const answer = await send(header);
  if (!answer.answered || answer.status !== 401) return answer;
  const renewed = await auth.renewed(header);
  return renewed ? send(renewed) : answer;
}

/** The answer if it is 2xx and JSON or empty; throws a ZendeskFailure otherwise. */
function readable(answer: Answered): HttpAnswer {
  if (!answer.answered) throw new ZendeskFailure({ kind: 'no-answer', sent: answer.sent, why: answer.why });
  const { status, headers } = answer;
  const body = answer.json();
  if (status < 200 || status >= 300) {
    const retryAfter = retryAfterOf(headers);
    throw new ZendeskFailure({ kind: 'refused', status, headers, body, ...(retryAfter && { retryAfter }) });
  }
  if (body === undefined && answer.bytes.length > 0) throw new ZendeskFailure({ kind: 'unreadable', status });
  return answer;
}

/** node-zendesk takes 204, and any answer that carries Retry-After, for an error; by now we know that it is none. */
const adapted = (answer: HttpAnswer) => ({
  status: 200,
  statusText: 'OK',
  headers: { get: (name: string) => (name.toLowerCase() === 'content-type' ? 'application/json' : null) },
  json: () => answer.json() ?? {},
});

function extraHeaders({ idempotencyKey, raw }: CallExtras): Record<string, string> {
  return {
    ...(idempotencyKey && { 'Idempotency-Key': idempotencyKey }),
    ...(raw && { 'Content-Type': raw.contentType }),
  };
}

/** As bytes, so that nothing on the way parses and rewrites it. */
function bodyOf(request: LibraryRequest, { raw }: CallExtras): { body?: Buffer } {
  if (raw) return { body: raw.bytes };
  return request.body === undefined ? {} : { body: Buffer.from(request.body) };
}
