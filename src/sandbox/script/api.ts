import type { Stage } from './scene.ts';

/** Asks something of the service by its API, with the key of whoever asks. Returns the answer, refused or not. */
export async function ask({ world }: Stage, key: string, method: 'GET' | 'POST', path: string, body?: unknown) {
  const response = await fetch(`${world.service.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { ok: response.ok, status: response.status, answer: (await response.json()) as Record<string, unknown> };
}

/** The same; throws when it is refused. */
export async function get(...asked: Parameters<typeof ask>): Promise<Record<string, unknown>> {
  const { ok, status, answer } = await ask(...asked);
  if (!ok) throw new Error(`${asked[3]} answered ${status}: ${answer['detail']}`);
  return answer;
}
