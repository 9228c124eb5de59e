import type { Problem } from '../../wire/problem.ts';

/** What the service answered, or that it did not. */
export class ApiError extends Error {
  readonly status: number;
  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

/** Status of an error for a service that did not answer at all. */
export const unreachable = 0;

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
export type Query = Readonly<Record<string, string | number | boolean | undefined | null>>;

/** Asks `/console/api`; throws an `ApiError` that says why not. `path` is below it: `/overview`. */
export async function ask<Answer>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Answer> {
  return call<Answer>('GET', path + written(query), undefined, signal);
}

/** Changes something. */
export const act = <Answer = void>(method: Exclude<Method, 'GET'>, path: string, body?: unknown): Promise<Answer> =>
  call<Answer>(method, path, body);

async function call<Answer>(method: Method, path: string, body: unknown, signal?: AbortSignal): Promise<Answer> {
  const response = await fetch(`/console/api${path}`, {
    method,
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      'x-passerelle-console': '1',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  }).catch((error: Error) => {
    if (error.name === 'AbortError') throw error;
    throw new ApiError(unreachable, error.message);
  });
  if (!response.ok) throw new ApiError(response.status, await detailOf(response));
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}

async function detailOf(response: Response): Promise<string> {
  const problem = (await response.json().catch(() => undefined)) as Problem | undefined;
  return problem?.detail ?? response.statusText;
}

function written(query: Query): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs.map(([key, value]) => [key, String(value)]))}`;
}
