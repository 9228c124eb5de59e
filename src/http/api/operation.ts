import type { z } from 'zod';
import type { ApiScope } from '../../kit/api-scopes.ts';
import type { Caller } from './credentials.ts';

/** What a call is answered with. A problem's `detail` is for whoever reads the error, its `field` for the program that asked. */
export type ApiAnswer = { status: 200 | 201 | 202; body: unknown } | Problem;

export interface Problem {
  status: 400 | 403 | 404 | 409 | 422;
  detail: string;
  field?: string;
}

/** One field of the request is wrong: `body.order.total`, `query.limit`. */
export const wrongField = <Status extends 400 | 409 | 422 = 400>(field: string, what: string, status?: Status) => ({
  ...{ status: status ?? (400 as Status), field },
  detail: `${field}: ${what}`,
});

export interface Call<Params, Query, Body> {
  params: Params;
  query: Query;
  body: Body;
  caller: Caller;
  /** Of an `idempotent` operation: what the caller sent as Idempotency-Key. */
  idempotencyKey?: string;
  /** Who asks, for the audit. */
  who: string;
  now: Date;
}

/** One thing the API does: its route, its check, its description and its doing in one place. */
export interface Operation {
  method: 'get' | 'post' | 'put';
  /** As OpenAPI writes it: `/v1/parked/{id}`. */
  path: string;
  id: string;
  summary: string;
  description: string;
  scope: ApiScope;
  /** Takes an Idempotency-Key. */
  idempotent?: true;
  /** The largest body it takes: `25mb`; 64 kB where nothing is said. */
  bodyLimit?: string;
  params: z.ZodObject;
  query: z.ZodObject;
  body: z.ZodType | undefined;
  answer: z.ZodType;
  handle(call: Call<never, never, never>): Promise<ApiAnswer>;
}

/** Lets `handle` know the types of what the schemas let through. */
export function operation<Params extends z.ZodObject, Query extends z.ZodObject, Body extends z.ZodType>(
  given: Omit<Operation, 'handle' | 'params' | 'query' | 'body'> & {
    params: Params;
    query: Query;
    body: Body | undefined;
    handle(call: Call<z.infer<Params>, z.infer<Query>, z.infer<Body>>): Promise<ApiAnswer>;
  },
): Operation {
  return given as unknown as Operation;
}
