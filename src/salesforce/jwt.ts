import { createPrivateKey, type KeyObject, sign } from 'node:crypto';

/** Salesforce takes at most 3 minutes; less leaves room for a clock that runs ahead. */
const lifetimeSeconds = 120;

/** The private key of a PEM text, or undefined when it is none. `\n` written out counts as a line break. */
export function readPrivateKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem.replaceAll('\\n', '\n'));
  } catch {
    return undefined;
  }
}

/** A signed assertion of the OAuth 2.0 JWT Bearer Flow. `exp` is in seconds and there is one audience. */
export function jwtAssertion(
  claims: { clientId: string; username: string; audience: string },
  key: KeyObject,
  now: Date,
): string {
  const exp = Math.floor(now.getTime() / 1000) + lifetimeSeconds;
  const body = { iss: claims.clientId, sub: claims.username, aud: claims.audience, exp };
  const unsigned = `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded(body)}`;
  return `${unsigned}.${sign('RSA-SHA256', Buffer.from(unsigned), key).toString('base64url')}`;
}

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
