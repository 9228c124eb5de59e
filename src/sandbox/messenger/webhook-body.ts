import { createHmac } from 'node:crypto';

/** JSON the way Meta writes it: non-ASCII as lower-case \uXXXX, slashes escaped. Signatures are over these bytes. */
export function metaJson(value: unknown): string {
  return JSON.stringify(value)
    .replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replaceAll('/', '\\/');
}

export const envelope = (
  pageId: string,
  item: Record<string, unknown>,
  list: 'messaging' | 'standby' | 'changes' = 'messaging',
  object: 'page' | 'instagram' = 'page',
  at = new Date(),
): string => metaJson({ object, entry: [{ id: pageId, time: at.getTime(), [list]: [item] }] });

/** The headers Meta signs a webhook with; the SHA-1 one is the older, still sent. */
export function signedHeaders(body: string, appSecret: string): Record<string, string> {
  const hmac = (algorithm: string) => createHmac(algorithm, appSecret).update(body).digest('hex');
  return {
    'content-type': 'application/json',
    'user-agent': 'facebookexternalua',
    'x-hub-signature': `sha1=${hmac('sha1')}`,
    'x-hub-signature-256': `sha256=${hmac('sha256')}`,
  };
}
