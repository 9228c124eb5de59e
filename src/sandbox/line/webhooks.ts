import { createHmac } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { ChannelSimulator } from '../contract.ts';
import type { Json, LineOptions } from './state.ts';

/** LINE does not publish when it delivers again; this is quick at first. */
const retryDelaysMs = [200, 400, 800, 1_500, 3_000, 5_000, ...Array.from({ length: 30 }, () => 8_000)];
const answerWithinMs = 2_000;

type Webhooks = ChannelSimulator['webhooks'];

export interface WebhookSender {
  controls: Webhooks;
  /** Resolves once every copy was tried once. */
  send(events: Json[]): Promise<void>;
  /** Drops what is held or owed. */
  forget(): void;
}

/** Delivers webhooks as LINE does with redelivery turned on: again when not answered 2xx within 2 s, and marked so. */
export function makeWebhookSender(options: LineOptions, urlNow: () => string | undefined): WebhookSender {
  let stop = new AbortController();
  let owed = 0;
  const held: Json[][] = [];

  async function deliver(events: Json[]): Promise<void> {
    const { signal } = stop;
    owed++;
    const settled = () => {
      if (!signal.aborted) owed--;
    };
    if (await took(events, false, signal)) settled();
    else void retry(events, signal).then(settled);
  }

  const took = async (events: Json[], again: boolean, signal: AbortSignal): Promise<boolean> => {
    const status = await attempt(urlNow(), options, events, again, signal);
    return status >= 200 && status < 300;
  };

  async function retry(events: Json[], signal: AbortSignal): Promise<void> {
    for (const delay of retryDelaysMs) {
      await wait(delay, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted || (await took(events, true, signal))) return;
    }
  }

  async function copies(events: Json[]): Promise<void> {
    for (let copy = 0; copy < controls.copies; copy++) await deliver(events);
  }

  const controls: Webhooks = {
    copies: 1,
    holdAndReverse: false,
    release: async () => {
      for (const events of held.splice(0).reverse()) await copies(events);
    },
    owed: () => owed,
  };

  return {
    controls,
    send: async (events) => {
      if (controls.holdAndReverse) held.push(events);
      else await copies(events);
    },
    forget: () => {
      stop.abort();
      stop = new AbortController();
      held.splice(0);
      owed = 0;
      controls.copies = 1;
      controls.holdAndReverse = false;
    },
  };
}

/** One delivery, signed over its bytes; the status it was answered with, 0 where it was not. */
export async function attempt(
  url: string | undefined,
  { channelSecret, botUserId }: LineOptions,
  events: Json[],
  again: boolean,
  stop?: AbortSignal,
): Promise<number> {
  if (url === undefined) return 0;
  const delivered = events.map((event) => ({ ...event, deliveryContext: { isRedelivery: again } }));
  const body = JSON.stringify({ destination: botUserId, events: delivered });
  const timeout = AbortSignal.timeout(answerWithinMs);
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'LineBotWebhook/2.0',
    'x-line-signature': createHmac('sha256', channelSecret).update(body).digest('base64'),
  };
  try {
    const signal = stop ? AbortSignal.any([stop, timeout]) : timeout;
    const answer = await fetch(url, { method: 'POST', body, headers, signal });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return 0;
  }
}
