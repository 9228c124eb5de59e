import { hmacSha256, sameInConstantTime } from '../../kit/crypto.ts';
import { asVerified, type VerifiedRequest, type WebhookRequest } from '../../kit/webhook.ts';
import type { LineAccount } from './account.ts';

/** Checks x-line-signature: HMAC-SHA256 of the raw body with the channel secret, in base64 ("Verify webhook signature"). */
export function verify(request: WebhookRequest, account: LineAccount): VerifiedRequest | 'forged' {
  const expected = hmacSha256(account.channelSecret.reveal(), request.body).toString('base64');
  const given = request.headers['x-line-signature'] ?? '';
  return sameInConstantTime(given, expected) ? asVerified(request) : 'forged';
}
