import type { Request, Response } from 'express';
import type { z } from 'zod';
import { mayRole } from '../../domain/console-role.ts';
import { problem } from '../../http/problem.ts';
import type { Endpoint, Person } from './endpoint.ts';

/** Checks who asks and what they ask, and answers. */
export async function serve(
  each: Endpoint,
  person: Person,
  now: Date,
  request: Request,
  response: Response,
): Promise<void> {
  if (!mayRole(person.role, each.may)) return problem(response, 403, `your role (${person.role}) may not do that`);
  const checked = check(each, request);
  if ('mistake' in checked) return problem(response, 400, checked.mistake);
  const answer = await each.handle({ ...checked.checked, person, who: `user:${person.email}`, now } as never);
  if ('detail' in answer) problem(response, answer.status, answer.detail);
  else response.status(answer.status).json(answer.body);
}

/** All parts of the request against their schemas; the first mistake is told by its place, never with its value. */
function check({ params, query, body }: Endpoint, request: Request): { checked: object } | { mistake: string } {
  const asked = Object.fromEntries(new URLSearchParams(request.url.split('?')[1] ?? ''));
  const given: [string, z.ZodType | undefined, unknown][] = [
    ['params', params, request.params],
    ['query', query, asked],
    ['body', body, request.body ?? {}],
  ];
  const checked: Record<string, unknown> = {};
  for (const [place, schema, value] of given) {
    if (!schema) continue;
    const parsed = schema.safeParse(value);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return { mistake: `${[place, ...(issue?.path ?? [])].join('.')}: ${issue?.message ?? 'not right'}` };
    }
    checked[place] = parsed.data;
  }
  return { checked };
}
