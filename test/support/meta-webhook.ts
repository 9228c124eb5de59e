import { createHmac } from 'node:crypto';
import { messengerAccount } from './product.ts';

/** A signed POST as Meta sends it. */
export function signed(body: string | Buffer, secret = messengerAccount.appSecret): RequestInit {
  const bytes = Buffer.from(body as string);
  const signature = `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`;
  return {
    method: 'POST',
    body: new Uint8Array(bytes),
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature },
  };
}

export const envelope = (messaging: unknown[], pageId = messengerAccount.pageId) =>
  JSON.stringify({ object: 'page', entry: [{ id: pageId, time: Date.now(), messaging }] });

/**
 * Posts as a platform does: again if the service says that it could not commit in time, which happens on a machine that is very
 * busy.
 */
export async function postPatiently(url: string, request: RequestInit): Promise<Response> {
  for (let tries = 1; ; tries++) {
    const answer = await fetch(url, request);
    if (answer.status !== 503 || tries === 20) return answer;
    await new Promise((next) => setTimeout(next, 500));
  }
}

/** Delivers a webhook of these items to the usual account's address. */
export const deliver = (serviceUrl: string, items: unknown[]): Promise<Response> =>
  postPatiently(`${serviceUrl}/webhooks/messenger/acme-page`, signed(envelope(items)));

let counter = 0;

/** One messaging item: a customer's text, unless `event` says otherwise. */
export function item(psid: string, event: Record<string, unknown> | string, at = Date.now()): Record<string, unknown> {
  const what = typeof event === 'string' ? { message: { mid: `m_test_${counter++}`, text: event } } : event;
  return { sender: { id: psid }, recipient: { id: messengerAccount.pageId }, timestamp: at, ...what };
}
