import { setTimeout as wait } from 'node:timers/promises';
import type { MessengerSimulator } from '../contract.ts';
import { signedHeaders } from './webhook-body.ts';

/** After a delivery that was not answered 200; then it is given up, as Meta does after about an hour. */
const retryDelaysMs = [200, 400, 800, 1_500, 3_000, 5_000, ...Array.from({ length: 30 }, () => 8_000)];
const answerWithinMs = 5_000;

type Webhooks = MessengerSimulator['webhooks'];

export interface WebhookSender {
  controls: Webhooks;
  setUrl(url: string): void;
  /** Resolves once every copy was tried once. */
  send(body: string): Promise<void>;
  /** Drops what is held or owed. */
  forget(): void;
}

/** Delivers webhooks as Meta does: again when not answered 200; and, on demand, several times or in the wrong order. */
export function makeWebhookSender(
  appSecret: string,
  firstUrl: string | undefined,
  unsubscribe: () => void,
): WebhookSender {
  let url = firstUrl;
  let failures = 0;
  let stop = new AbortController();
  let owed = 0;
  const held: string[] = [];

  async function deliver(body: string): Promise<void> {
    const { signal } = stop;
    owed++;
    const settled = () => {
      if (!signal.aborted) owed--;
    };
    if (await attemptOnce(body, signal)) settled();
    else void retry(body, signal).then(settled);
  }

  /** Meta gives up on the page after an hour of failures: what is owed is dropped, and nothing more is told. */
  async function attemptOnce(body: string, signal: AbortSignal): Promise<boolean> {
    const taken = await attempt(url, body, appSecret, signal);
    failures = taken ? 0 : failures + 1;
    if (failures >= controls.unsubscribeAfter) {
      failures = 0;
      drop();
      unsubscribe();
    }
    return taken;
  }

  function drop(): void {
    stop.abort();
    stop = new AbortController();
    held.splice(0);
    owed = 0;
  }

  async function retry(body: string, signal: AbortSignal): Promise<void> {
    for (const delay of retryDelaysMs) {
      await wait(delay, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted || (await attemptOnce(body, signal))) return;
    }
  }

  async function copies(body: string): Promise<void> {
    for (let copy = 0; copy < controls.copies; copy++) await deliver(body);
  }

  const controls: Webhooks = {
    copies: 1,
    holdAndReverse: false,
    unsubscribeAfter: Number.POSITIVE_INFINITY,
    release: async () => {
      for (const body of held.splice(0).reverse()) await copies(body);
    },
    owed: () => owed,
  };

  return {
    controls,
    setUrl: (next) => {
      url = next;
    },
    send: async (body) => {
      if (controls.holdAndReverse) held.push(body);
      else await copies(body);
    },
    forget: () => {
      drop();
      failures = 0;
      Object.assign(controls, { copies: 1, holdAndReverse: false, unsubscribeAfter: Number.POSITIVE_INFINITY });
    },
  };
}

async function attempt(url: string | undefined, body: string, secret: string, stop: AbortSignal): Promise<boolean> {
  if (url === undefined) return false;
  const signal = AbortSignal.any([stop, AbortSignal.timeout(answerWithinMs)]);
  try {
    const answer = await fetch(url, { method: 'POST', body, headers: signedHeaders(body, secret), signal });
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch {
    return false;
  }
}
