import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { hmacSha256 } from '../../kit/crypto.ts';

/** How callbacks leave the sandbox, and how they misbehave on demand. */
export interface Callbacks {
  copies: number;
  lose: boolean;
  /** Callbacks that were neither taken nor given up yet. */
  owed(): number;
  /** Sends a trigger's callback about this ticket, signed; tried again as Zendesk does. */
  send(ticketId: number): void;
  url(): string | undefined;
  setUrl(url: string | undefined): void;
  /** Gives up what is owed. */
  stop(): void;
}

/** Zendesk waits 12 s for an answer; and tries again this often after none, after 409, and when asked to come back. */
const mostTries = { timeout: 5, refused: 5, 409: 3, later: 5 } as const;

type Failed = { why: keyof typeof mostTries; afterMs?: number };

export function makeCallbacks(secret: string, firstUrl: string | undefined, timeoutMs = 12_000): Callbacks {
  let url = firstUrl;
  let stopping = new AbortController();
  let owed = 0;

  const deliver = async (ticketId: number, signal: AbortSignal): Promise<void> => {
    owed += 1;
    const body = JSON.stringify({ ticket_id: String(ticketId) });
    try {
      for (let tries = 1; !signal.aborted; tries++) {
        const failed = await post(url, body, secret, timeoutMs);
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
    send: (ticketId) => {
      if (callbacks.lose || !url) return;
      for (let copy = 0; copy < callbacks.copies; copy++) void deliver(ticketId, stopping.signal);
    },
    url: () => url,
    setUrl: (given) => {
      url = given;
    },
    stop: () => {
      stopping.abort();
      stopping = new AbortController();
    },
  };
  return callbacks;
}

/** Undefined when it was taken, or refused in a way that Zendesk does not try again. */
async function post(
  url: string | undefined,
  body: string,
  secret: string,
  timeoutMs: number,
): Promise<Failed | undefined> {
  if (!url) return undefined;
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = await fetch(url, {
      method: 'POST',
      headers: signed(body, secret),
      body,
      signal,
      redirect: 'manual',
    });
    await answer.arrayBuffer();
    return failureOf(answer);
  } catch (error) {
    return { why: error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'refused' };
  }
}

function signed(body: string, secret: string): Record<string, string> {
  const timestamp = new Date().toISOString().replace(/\.\d{3}Z$/, 'Z');
  return {
    'content-type': 'application/json',
    'user-agent': 'Zendesk Webhook',
    'x-zendesk-account-id': '12514403',
    'x-zendesk-webhook-id': '01SANDBOXWEBHOOK0000000000',
    'x-zendesk-webhook-invocation-id': randomUUID(),
    'x-zendesk-webhook-signature-timestamp': timestamp,
    'x-zendesk-webhook-signature': hmacSha256(secret, timestamp, body).toString('base64'),
  };
}

function failureOf({ status, headers }: Response): Failed | undefined {
  if (status === 409) return { why: 409 };
  const after = Number(headers.get('retry-after') ?? Number.NaN);
  if ((status === 429 || status === 503) && after < 60) return { why: 'later', afterMs: after * 1000 };
  return undefined;
}
