import { createHmac } from 'node:crypto';

/** Headers that prove who sent a webhook, and when: those of Standard Webhooks, for which libraries are at hand. */
export interface SignedHeaders {
  'webhook-id': string;
  'webhook-timestamp': string;
  'webhook-signature': string;
}

/** The bytes a secret stands for: after `whsec_` they are in base64, otherwise the text itself. */
const keyOf = (secret: string): Buffer =>
  secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret, 'utf8');

/** HMAC-SHA256 over `{id}.{seconds}.{body}` (standardwebhooks.com, "Signature scheme"). */
export function signWebhook(secret: string, id: string, at: Date, body: string): SignedHeaders {
  const seconds = String(Math.floor(at.getTime() / 1000));
  const signature = createHmac('sha256', keyOf(secret)).update(`${id}.${seconds}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': `v1,${signature}` };
}
