import { sameInConstantTime } from '../../kit/crypto.ts';
import type { Secret } from '../../kit/secret.ts';
import { asVerified, type VerifiedRequest, type WebhookRequest } from '../../kit/webhook.ts';

/** Checks the secret that Telegram sends along (Telegram Bot API, "setWebhook": `secret_token`). The body is not signed. */
export function verifySecretToken(request: WebhookRequest, secretToken: Secret): VerifiedRequest | 'forged' {
  const given = request.headers['x-telegram-bot-api-secret-token'] ?? '';
  return sameInConstantTime(given, secretToken.reveal()) ? asVerified(request) : 'forged';
}
