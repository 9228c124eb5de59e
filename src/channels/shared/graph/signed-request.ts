import { z } from 'zod';
import { hmacSha256, sameInConstantTime } from '../../../kit/crypto.ts';
import type { Secret } from '../../../kit/secret.ts';
import type { WebhookRequest } from '../../../kit/webhook.ts';
import type { UserRequest } from '../../channel.ts';
import { parseJson } from '../json.ts';

const payload = z.object({ user_id: z.union([z.string().min(1), z.int()]).transform(String), algorithm: z.string() });

/**
 * Reads Meta's `signed_request` from a form: base64url of HMAC-SHA256 with the app secret over the second half as it stands,
 * a dot, and the payload in base64url (Meta for Developers, "Data Deletion Request Callback").
 */
export function readSignedRequest({ body }: WebhookRequest, appSecret: Secret): UserRequest | 'forged' {
  const given = new URLSearchParams(body.toString('utf8')).get('signed_request') ?? '';
  const [signature = '', encoded = ''] = given.split('.');
  const expected = hmacSha256(appSecret.reveal(), encoded);
  if (encoded === '' || !sameInConstantTime(Buffer.from(signature, 'base64url'), expected)) return 'forged';
  const read = payload.safeParse(parsed(Buffer.from(encoded, 'base64url').toString('utf8')));
  if (!read.success) return { malformed: 'the signed request names no user_id' };
  if (read.data.algorithm.toUpperCase() !== 'HMAC-SHA256') return 'forged';
  return { user: read.data.user_id };
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
