import { setTimeout as wait } from 'node:timers/promises';
import type { ChannelSimulator } from '../contract.ts';
import type { Json, WeChatOptions } from './state.ts';
import { delivery } from './webhook-body.ts';

/** "Passive replies": 5 s, three attempts in all. */
const answerWithinMs = 5_000;
const retryDelaysMs = [500, 1_000];

type Webhooks = ChannelSimulator['webhooks'];

export interface WebhookSender {
  controls: Webhooks;
  setUrl(url: string): void;
  /** Resolves once every copy was tried once. */
  send(fields: Json): Promise<void>;
  /** Drops what is held or owed. */
  forget(): void;
}

/**
 * Delivers webhooks as WeChat does: three times at most, until one is answered `success` or with nothing. `givenUp` is
 * called for one that never was: its customer is told that the account is out of order.
 */
export function makeWebhookSender(options: WeChatOptions, givenUp: (fields: Json) => void): WebhookSender {
  let url = options.webhookUrl;
  let stop = new AbortController();
  let owed = 0;
  const held: Json[] = [];

  async function deliver(fields: Json): Promise<void> {
    const { signal } = stop;
    owed++;
    const settled = () => {
      if (!signal.aborted) owed--;
    };
    if (await attempt(url, options, fields, signal)) settled();
    else void retry(fields, signal).then(settled);
  }

  async function retry(fields: Json, signal: AbortSignal): Promise<void> {
    for (const delay of retryDelaysMs) {
      await wait(delay, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted || (await attempt(url, options, fields, signal))) return;
    }
    if (!signal.aborted) givenUp(fields);
  }

  async function copies(fields: Json): Promise<void> {
    for (let copy = 0; copy < controls.copies; copy++) await deliver(fields);
  }

  const controls: Webhooks = {
    copies: 1,
    holdAndReverse: false,
    release: async () => {
      for (const fields of held.splice(0).reverse()) await copies(fields);
    },
    owed: () => owed,
  };

  return {
    controls,
    setUrl: (next) => {
      url = next;
    },
    send: async (fields) => {
      if (controls.holdAndReverse) held.push(fields);
      else await copies(fields);
    },
    forget: () => {
      stop.abort();
      stop = new AbortController();
      held.splice(0);
      owed = 0;
      Object.assign(controls, { copies: 1, holdAndReverse: false });
    },
  };
}

/** Each attempt is sealed and signed anew. */
async function attempt(
  url: string | undefined,
  options: WeChatOptions,
  fields: Json,
  stop: AbortSignal,
): Promise<boolean> {
  if (url === undefined) return false;
  const { body, query } = delivery(fields, options);
  const signal = AbortSignal.any([stop, AbortSignal.timeout(answerWithinMs)]);
  const headers = { 'content-type': 'text/xml', 'user-agent': 'Mozilla/4.0' };
  try {
    const answer = await fetch(`${url}?${new URLSearchParams(query)}`, { method: 'POST', body, headers, signal });
    return answer.status === 200 && ['', 'success'].includes(await answer.text());
  } catch {
    return false;
  }
}

/** The GET with which the admin page tries a URL: it must answer what it is sent. */
export async function tryUrl(url: string, options: WeChatOptions): Promise<boolean> {
  const { query } = delivery({ FromUserName: '' }, { ...options, mode: 'plain' });
  const echostr = `${Date.now()}`;
  const answer = await fetch(`${url}?${new URLSearchParams({ ...query, echostr })}`).catch(() => undefined);
  return answer?.status === 200 && (await answer.text()) === echostr;
}
