import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { hmacSha256 } from '../../kit/crypto.ts';
import type { Webhook } from './state.ts';

/** How callbacks leave the sandbox, and how they misbehave on demand. */
export interface Callbacks {
  copies: number;
  lose: boolean;
  /** Callbacks that were neither taken nor given up yet. */
  owed(): number;
  /** Calls a webhook, signed; tried again as Zendesk does. It goes to where the webhook then points. */
  send(webhook: Called, body: string): void;
  /** Calls it once and tells what it answered; 504 for no answer. */
  test(webhook: Called, body: string): Promise<{ status: number; payload: string }>;
  /** Gives up what is owed. */
  stop(): void;
}

/** Zendesk waits 12 s for an answer; and tries again this often after none, after 409, and when asked to come back. */
const mostTries = { timeout: 5, refused: 5, 409: 3, later: 5 } as const;

/** Without a secret it is not signed. */
export type Called = Pick<Webhook, 'id' | 'endpoint'> & { secret: string | undefined };

type Failed = { why: keyof typeof mostTries; afterMs?: number };

export function makeCallbacks(timeoutMs = 12_000): Callbacks {
  let stopping = new AbortController();
  let owed = 0;

  const deliver = async (webhook: Called, body: string, signal: AbortSignal): Promise<void> => {
    owed += 1;
    try {
      for (let tries = 1; !signal.aborted; tries++) {
        const failed = failureOf(await post(webhook, body, timeoutMs));
        if (!failed || tries >= mostTries[failed.why]) return;
        await wait(failed.afterMs ?? 100 * 2 ** tries, undefined, { signal, ref: false });
      }
    } catch {
      // Stopped while waiting.
    } finally {
      owed -= 1;
    }
  };

  const callbacks: Callbacks = {
    copies: 1,
    lose: false,
    owed: () => owed,
    send: (webhook, body) => {
      if (callbacks.lose) return;
      for (let copy = 0; copy < callbacks.copies; copy++) void deliver(webhook, body, stopping.signal);
    },
    test: async (webhook, body) => {
      const answer = await post(webhook, body, timeoutMs);
      return 'why' in answer ? { status: 504, payload: '' } : { status: answer.status, payload: answer.payload };
    },
    stop: () => {
      stopping.abort();
      stopping = new AbortController();
    },
  };
  return callbacks;
}

interface Answered {
  status: number;
  headers: Headers;
  payload: string;
}

async function post(webhook: Called, body: string, timeoutMs: number): Promise<Answered | Failed> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const headers = signed(webhook, body);
    const answer = await fetch(webhook.endpoint, { method: 'POST', headers, body, signal, redirect: 'manual' });
    return { status: answer.status, headers: answer.headers, payload: await answer.text() };
  } catch (error) {
    return { why: error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'refused' };
  }
}

function signed({ id, secret }: Called, body: string): Record<string, string> {
  if (secret === undefined) return { 'content-type': 'application/json', 'user-agent': 'Zendesk' };
  const timestamp = new Date().toISOString().replace(/\.\d{3}Z$/, 'Z');
  return {
    'content-type': 'application/json',
    'user-agent': 'Zendesk Webhook',
    'x-zendesk-account-id': '12514403',
    'x-zendesk-webhook-id': id,
    'x-zendesk-webhook-invocation-id': randomUUID(),
    'x-zendesk-webhook-signature-timestamp': timestamp,
    'x-zendesk-webhook-signature': hmacSha256(secret, timestamp, body).toString('base64'),
  };
}

/** Undefined when it was taken, or refused in a way that Zendesk does not try again. */
function failureOf(answer: Answered | Failed): Failed | undefined {
  if ('why' in answer) return answer;
  const { status, headers } = answer;
  if (status === 409) return { why: 409 };
  const after = Number(headers.get('retry-after') ?? Number.NaN);
  if ((status === 429 || status === 503) && after < 60) return { why: 'later', afterMs: after * 1000 };
  return undefined;
}
