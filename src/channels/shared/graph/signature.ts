import { hmacSha256, sameInConstantTime } from '../../../kit/crypto.ts';
import type { Secret } from '../../../kit/secret.ts';
import { asVerified, type VerifiedRequest, type WebhookRequest } from '../../../kit/webhook.ts';

/**
 * Checks X-Hub-Signature-256: HMAC-SHA256 of the raw body with the app secret (Messenger Platform, "Validate Payloads").
 * The older X-Hub-Signature (SHA-1) is ignored.
 */
export function verifySignature(request: WebhookRequest, appSecret: Secret): VerifiedRequest | 'forged' {
  const expected = `sha256=${hmacSha256(appSecret.reveal(), request.body).toString('hex')}`;
  const given = request.headers['x-hub-signature-256'] ?? '';
  return sameInConstantTime(given, expected) ? asVerified(request) : 'forged';
}

/** Proves to the Graph API that the caller holds the app secret too (Graph API, "Require App Secret"). */
export const appSecretProof = (token: Secret, appSecret: Secret): string =>
  hmacSha256(appSecret.reveal(), token.reveal()).toString('hex');
