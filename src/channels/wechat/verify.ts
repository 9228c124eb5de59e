import { createHash } from 'node:crypto';
import { sameInConstantTime } from '../../kit/crypto.ts';
import type { Secret } from '../../kit/secret.ts';
import { asVerified, type VerifiedRequest, type WebhookRequest } from '../../kit/webhook.ts';
import type { WebhookAnswer } from '../channel.ts';
import type { WeChatAccount } from './account.ts';
import { fieldsOf } from './body.ts';
import { openSealed } from './seal.ts';

/** SHA-1 over the pieces in the order of their letters ("Access guide"). */
export const signatureOf = (...pieces: string[]): string =>
  createHash('sha1').update(pieces.sort().join('')).digest('hex');

/**
 * Did WeChat send this? With a key, `msg_signature` must fit what is sealed, and the seal must be for this app: that covers
 * all that is said. Without one there is only `signature`, which proves the token but covers nothing of the body.
 */
export function verify(request: WebhookRequest, account: WeChatAccount): VerifiedRequest | 'forged' {
  const { encodingAesKey } = account;
  const proven = encodingAesKey ? isSealedFor(request, account, encodingAesKey) : hasSignature(request, account.token);
  return proven ? asVerified(request) : 'forged';
}

function hasSignature({ query }: WebhookRequest, token: Secret): boolean {
  const expected = signatureOf(token.reveal(), query['timestamp'] ?? '', query['nonce'] ?? '');
  return sameInConstantTime(query['signature'] ?? '', expected);
}

function isSealedFor({ query, body }: WebhookRequest, account: WeChatAccount, key: Secret): boolean {
  const sealed = fieldsOf(body)?.['Encrypt'];
  if (typeof sealed !== 'string') return false;
  const expected = signatureOf(account.token.reveal(), query['timestamp'] ?? '', query['nonce'] ?? '', sealed);
  if (!sameInConstantTime(query['msg_signature'] ?? '', expected)) return false;
  const opened = openSealed(sealed, key);
  // What another key sealed is told apart when it is read, so that the operator learns it.
  return !opened || sameInConstantTime(opened.appId, account.appId);
}

/** Answers the GET with which WeChat tries the URL when Server configuration is saved. */
export function greet(request: WebhookRequest, accounts: readonly WeChatAccount[]): WebhookAnswer | undefined {
  const echo = request.query['echostr'];
  if (request.method !== 'GET' || echo === undefined) return undefined;
  // Every token is tried, so that the time taken does not tell which one fits.
  const known = accounts.filter(({ token }) => hasSignature(request, token)).length > 0;
  return known
    ? { status: 200, contentType: 'text/plain', body: echo }
    : { status: 403, contentType: 'text/plain', body: 'The token is not the one of Server configuration.' };
}
