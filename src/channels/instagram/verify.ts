import type { VerifiedRequest, WebhookRequest } from '../../kit/webhook.ts';
import { verifySignature } from '../shared/graph/signature.ts';
import type { InstagramAccount } from './account.ts';

/** Apps with Instagram Login have two secrets, and no page says which one signs: either will do. */
export function verify(request: WebhookRequest, account: InstagramAccount): VerifiedRequest | 'forged' {
  const secrets = [account.appSecret, account.otherAppSecret].filter((secret) => secret !== undefined);
  const verdicts = secrets.map((secret) => verifySignature(request, secret));
  return verdicts.find((verdict) => verdict !== 'forged') ?? 'forged';
}
