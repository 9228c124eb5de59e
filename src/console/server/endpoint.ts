import type { z } from 'zod';
import type { Permission, Role } from '../../domain/console-role.ts';

/** Whoever is signed in. */
export interface Person {
  id: number;
  email: string;
  name: string | undefined;
  role: Role;
}

/** What a call is answered with. `detail` is for whoever reads the error; it never holds a customer's words. */
export type Answer =
  | { status: 200 | 201 | 202; body: unknown }
  | { status: 400 | 403 | 404 | 409 | 422 | 429 | 503; detail: string };

export const fine = (body: unknown): Answer => ({ status: 200, body });
export const missing = (what: string): Answer => ({ status: 404, detail: `there is no such ${what}` });

export interface Asked<Params, Query, Body> {
  params: Params;
  query: Query;
  body: Body;
  person: Person;
  /** Who asks, for the audit. */
  who: string;
  now: Date;
}

/** One thing the console's pages may ask of the service: its route, its check, who may, and its doing in one place. */
export interface Endpoint {
  method: 'get' | 'post' | 'put' | 'delete';
  /** Below `/console/api`, as express writes it: `/people/:id`. */
  path: string;
  may: Permission;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  handle(asked: Asked<never, never, never>): Promise<Answer>;
}

type Read<Schema> = Schema extends z.ZodType ? z.infer<Schema> : Record<string, never>;

/** Lets `handle` know the types of what the schemas let through. */
export function endpoint<
  Params extends z.ZodObject | undefined = undefined,
  Query extends z.ZodObject | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
>(given: {
  method: Endpoint['method'];
  path: string;
  may: Permission;
  params?: Params;
  query?: Query;
  body?: Body;
  handle(asked: Asked<Read<Params>, Read<Query>, Read<Body>>): Promise<Answer>;
}): Endpoint {
  return given as unknown as Endpoint;
}
