import { createHmac } from 'node:crypto';
import { type Deliveries, makeDeliveries, patientDelaysMs, posted } from '../deliveries.ts';
import type { Json, LineOptions } from './state.ts';

const answerWithinMs = 2_000;

/**
 * Delivers webhooks as LINE does with redelivery turned on: again when not answered 2xx within 2 s, and marked so. LINE does
 * not publish when.
 */
export const makeWebhookSender = (options: LineOptions, urlNow: () => string | undefined): Deliveries<Json[]> =>
  makeDeliveries({
    retryDelaysMs: patientDelaysMs,
    attempt: async (events, tried, stop) => {
      const status = await attempt(urlNow(), options, events, tried > 0, stop);
      return status >= 200 && status < 300 ? 'taken' : 'refused';
    },
  });

/** One delivery, signed over its bytes; the status it was answered with, 0 where it was not. */
export async function attempt(
  url: string | undefined,
  { channelSecret, botUserId }: LineOptions,
  events: Json[],
  again: boolean,
  stop?: AbortSignal,
): Promise<number> {
  const delivered = events.map((event) => ({ ...event, deliveryContext: { isRedelivery: again } }));
  const body = JSON.stringify({ destination: botUserId, events: delivered });
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'LineBotWebhook/2.0',
    'x-line-signature': createHmac('sha256', channelSecret).update(body).digest('base64'),
  };
  return (await posted(url, { body, headers }, answerWithinMs, stop))?.status ?? 0;
}
