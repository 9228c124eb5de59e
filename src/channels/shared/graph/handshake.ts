import { sameInConstantTime } from '../../../kit/crypto.ts';
import type { Secret } from '../../../kit/secret.ts';
import type { WebhookRequest } from '../../../kit/webhook.ts';
import type { WebhookAnswer } from '../../channel.ts';

const refused: WebhookAnswer = { status: 403, contentType: 'text/plain', body: 'The verify token is wrong.' };

/** Answers Meta's GET when a callback URL is saved (Graph API Webhooks, "Verification Requests"). */
export function answerHandshake(request: WebhookRequest, tokens: readonly Secret[]): WebhookAnswer | undefined {
  if (request.method !== 'GET') return undefined;
  const given = request.query['hub.verify_token'] ?? '';
  const challenge = request.query['hub.challenge'];
  // Every token is compared, so that the time taken does not tell which one matched.
  const known = tokens.filter((token) => sameInConstantTime(given, token.reveal())).length > 0;
  if (request.query['hub.mode'] !== 'subscribe' || !known || challenge === undefined) return refused;
  return { status: 200, contentType: 'text/plain', body: challenge };
}
