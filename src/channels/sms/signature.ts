import { createHmac } from 'node:crypto';
import { parse, stringify } from 'node:querystring';
import { sameInConstantTime, sha256Hex } from '../../kit/crypto.ts';
import type { Secret } from '../../kit/secret.ts';
import { asVerified, type VerifiedRequest, type WebhookRequest } from '../../kit/webhook.ts';
import { webhookOverrides } from './webhook-url.ts';

/**
 * Checks X-Twilio-Signature (Twilio, "Webhooks security"): HMAC-SHA1, in base64, over the public URL and the form's fields
 * sorted by name. A body that is no form is covered by `bodySHA256` in the URL.
 */
export function verifySignature(request: WebhookRequest, authToken: Secret): VerifiedRequest | 'forged' {
  const given = request.headers['x-twilio-signature'] ?? '';
  const hash = request.query['bodySHA256'];
  if (hash !== undefined && !sameInConstantTime(hash.toLowerCase(), sha256Hex(request.body))) return 'forged';
  const fields = hash === undefined ? sortedFields(request.body) : '';
  const fits = spellingsOf(request.url).map((url) => sameInConstantTime(given, signatureOf(url + fields, authToken)));
  return fits.includes(true) ? asVerified(request) : 'forged';
}

const signatureOf = (signed: string, authToken: Secret): string =>
  createHmac('sha1', authToken.reveal()).update(signed).digest('base64');

/** Name and value of each field, sorted, without separators; a field that is repeated with one value counts once. */
export function sortedFields(body: Buffer): string {
  const fields = new URLSearchParams(body.toString('utf8'));
  const names = [...new Set(fields.keys())].sort();
  return names.flatMap((name) => [...new Set(fields.getAll(name))].sort().map((value) => name + value)).join('');
}

/**
 * The ways in which Twilio may have written the URL it signed: with or without the port (its own libraries try both), the
 * query escaped anew, and with what follows the # in the address that `provision` sets, should that be signed too.
 */
function spellingsOf(url: string): string[] {
  const ports = [url, withoutPort(url), withPort(url)];
  const escaped = [...ports, ...ports.map(withEscapedQuery)];
  return [...new Set([...escaped, ...ports.map((each) => each + webhookOverrides)])];
}

const authority = /^(https?:\/\/(?:[^/?#@]*@)?)(\[[^\]]*\]|[^/?#:]*)(:\d+)?/i;

const withoutPort = (url: string): string => url.replace(authority, '$1$2');

const withPort = (url: string): string =>
  url.replace(authority, (whole, scheme: string, host: string, port: string | undefined) =>
    port === undefined ? `${scheme}${host}:${/^https/i.test(scheme) ? 443 : 80}` : whole,
  );

function withEscapedQuery(url: string): string {
  const start = url.indexOf('?');
  return start < 0 ? url : `${url.slice(0, start)}?${stringify(parse(url.slice(start + 1)))}`;
}
