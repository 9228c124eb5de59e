import type { Request } from 'express';
import type { WebhookRequest } from '../kit/webhook.ts';

/**
 * What a channel's `verify` reads, off express's request. Of a repeated header or parameter the first counts. Platforms that
 * sign the URL sign the public one, which a proxy may have changed on the way: `publicUrl` says what it was.
 */
export function webhookRequest(request: Request, publicUrl: string | undefined): WebhookRequest {
  return {
    method: request.method,
    url: `${publicUrl?.replace(/\/+$/, '') ?? `${request.protocol}://${request.headers.host ?? ''}`}${request.originalUrl}`,
    headers: firsts(request.headers),
    query: parametersOf(request.url),
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    receivedAt: new Date(),
  };
}

const firsts = (values: Record<string, string | string[] | undefined>): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]));

function parametersOf(url: string): Record<string, string> {
  const start = url.indexOf('?');
  // Backwards, so that the first of a repeated one stands in the end.
  return start < 0 ? {} : Object.fromEntries([...new URLSearchParams(url.slice(start))].reverse());
}
