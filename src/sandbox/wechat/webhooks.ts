import { type Deliveries, makeDeliveries, posted } from '../deliveries.ts';
import type { Json, WeChatOptions } from './state.ts';
import { delivery } from './webhook-body.ts';

/** "Passive replies": 5 s, three attempts in all. */
const answerWithinMs = 5_000;
const retryDelaysMs = [500, 1_000];

export interface WebhookSender extends Deliveries<Json> {
  setUrl(url: string): void;
}

/**
 * Delivers webhooks as WeChat does: three times at most, until one is answered `success` or with nothing. `givenUp` is
 * called for one that never was: its customer is told that the account is out of order.
 */
export function makeWebhookSender(options: WeChatOptions, givenUp: (fields: Json) => void): WebhookSender {
  let url = options.webhookUrl;
  const deliveries = makeDeliveries<Json>({
    retryDelaysMs,
    givenUp,
    attempt: async (fields, _tried, stop) => ((await attempt(url, options, fields, stop)) ? 'taken' : 'refused'),
  });
  return {
    ...deliveries,
    setUrl: (next) => {
      url = next;
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
  const { body, query } = delivery(fields, options);
  const headers = { 'content-type': 'text/xml', 'user-agent': 'Mozilla/4.0' };
  const asked = url === undefined ? undefined : `${url}?${new URLSearchParams(query)}`;
  const answer = await posted(asked, { body, headers }, answerWithinMs, stop);
  return answer?.status === 200 && ['', 'success'].includes(answer.text);
}

/** The GET with which the admin page tries a URL: it must answer what it is sent. */
export async function tryUrl(url: string, options: WeChatOptions): Promise<boolean> {
  const { query } = delivery({ FromUserName: '' }, { ...options, mode: 'plain' });
  const echostr = `${Date.now()}`;
  const answer = await fetch(`${url}?${new URLSearchParams({ ...query, echostr })}`).catch(() => undefined);
  return answer?.status === 200 && (await answer.text()) === echostr;
}
