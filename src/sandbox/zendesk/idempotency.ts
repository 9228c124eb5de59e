import type { Request } from 'express';
import { sha256Hex } from '../../kit/crypto.ts';
import { type Answer, badRequest, created } from './answer.ts';
import { now, type State } from './state.ts';

const kept = 2 * 60 * 60_000;

/**
 * What `Idempotency-Key` does: within two hours the same key gives the answer of the first success again, and is refused with
 * another body.
 */
export function onceOnly(state: State, request: Request, create: () => Answer): Answer {
  const key = request.get('idempotency-key');
  if (!key) return create();
  if (key.length > 255) return badRequest('IdempotentRequestError', 'Idempotency key is too long');
  const asked = sha256Hex(JSON.stringify(request.body));
  const at = now(state).getTime();
  const before = state.idempotent.get(key);
  if (before && at - before.at < kept) {
    if (before.request === asked) return created(before.body, { 'x-idempotency-lookup': 'hit' });
    return badRequest('IdempotentRequestError', "Request parameters don't match the given idempotency key");
  }
  const answer = create();
  if (answer.status === 201) state.idempotent.set(key, { request: asked, body: answer.body, at });
  return { ...answer, headers: { ...answer.headers, 'x-idempotency-lookup': 'miss' } };
}
