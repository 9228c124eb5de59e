import zendesk from 'node-zendesk';
import type { z } from 'zod';
import type { Tools } from '../../kit/tools.ts';
import type { ZendeskAccount } from './account.ts';
import type { CallBudget } from './call-budget.ts';
import { ZendeskFailure } from './failure.ts';
import type { Authorization } from './token.ts';
import { type CallExtras, makeTransport } from './transport.ts';

type Segment = string | number;
export type Query = Record<string, string | number | boolean | { size: number }>;

/**
 * Zendesk's REST API. Each call gives the whole body, checked against `shape`, and throws a ZendeskFailure otherwise. Paths
 * are segments: `['tickets', 12, 'comments']`.
 */
export interface ZendeskApi {
  get<Body>(shape: z.ZodType<Body>, path: Segment[], query?: Query): Promise<Body>;
  post<Body>(shape: z.ZodType<Body>, path: (Segment | Query)[], body: object, extras?: CallExtras): Promise<Body>;
  put<Body>(shape: z.ZodType<Body>, path: Segment[], body: object, extras?: CallExtras): Promise<Body>;
  patch<Body>(shape: z.ZodType<Body>, path: Segment[], body: object): Promise<Body>;
  delete(path: Segment[]): Promise<void>;
  upload<Body>(shape: z.ZodType<Body>, query: Query, raw: CallExtras['raw'], timeoutMs: number): Promise<Body>;
}

/** The generic verbs of one node-zendesk client. */
interface Verbs {
  get(path: unknown[]): Promise<unknown>;
  post(path: unknown[], body: object): Promise<unknown>;
  put(path: unknown[], body: object): Promise<unknown>;
  patch(path: unknown[], body: object): Promise<unknown>;
  delete(path: unknown[]): Promise<unknown>;
}

/**
 * Calls go through the generic verbs of node-zendesk's `attachments` client: they alone give the whole body (its named methods
 * drop the audit of a ticket, the users beside the comments and the cursors, and its lists follow links without an end).
 */
export function makeApi(
  account: ZendeskAccount,
  auth: Authorization,
  tools: Pick<Tools, 'http'>,
  budget: CallBudget,
  timeoutMs: number,
): ZendeskApi {
  const parts = { auth, http: tools.http, budget, timeoutMs };
  const verbs = (extras: CallExtras): Verbs =>
    zendesk.createClient({
      endpointUri: `${account.url}/api/v2`,
      oauth: true,
      token: 'set-by-the-transport',
      throwOriginalException: true,
      transportConfig: makeTransport(parts, extras),
    }).attachments;
  const plain = verbs({});
  // A client costs next to nothing, so a call with extras gets its own.
  const withExtras = (extras?: CallExtras) => (extras ? verbs(extras) : plain);
  return {
    get: async (shape, path, query) => bodyIn(shape, await plain.get(query ? [...path, query] : [...path])),
    post: async (shape, path, body, extras) => bodyIn(shape, await withExtras(extras).post([...path], body)),
    put: async (shape, path, body, extras) => bodyIn(shape, await withExtras(extras).put([...path], body)),
    patch: async (shape, path, body) => bodyIn(shape, await plain.patch([...path], body)),
    delete: async (path) => {
      await plain.delete([...path]);
    },
    upload: async (shape, query, raw, ms) =>
      bodyIn(shape, await withExtras({ ...(raw && { raw }), timeoutMs: ms }).post(['uploads', query], {})),
  };
}

function bodyIn<Body>(shape: z.ZodType<Body>, answer: unknown): Body {
  const body = shape.safeParse((answer as { result?: unknown }).result);
  if (!body.success) throw new ZendeskFailure({ kind: 'unreadable', status: 200 });
  return body.data;
}
