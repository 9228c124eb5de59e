import { z } from 'zod';
import { hmacSha256, sameInConstantTime } from '../../../kit/crypto.ts';
import type { Secret } from '../../../kit/secret.ts';
import type { WebhookRequest } from '../../../kit/webhook.ts';
import type { UserRequest } from '../../channel.ts';
import { parseJson } from '../json.ts';

const envelope = z.looseObject({ algorithm: z.string() });
const user = z.object({ user_id: z.union([z.string().min(1), z.int()]).transform(String) });

/** Whom Meta means by a request that somebody's data be deleted. */
export function readSignedRequest(request: WebhookRequest, appSecret: Secret): UserRequest | 'forged' {
  const payload = signedPayload(request, appSecret);
  if (payload === 'forged') return 'forged';
  const read = user.safeParse(payload);
  return read.success ? { user: read.data.user_id } : { malformed: 'the signed request names no user_id' };
}

/**
 * Whether Meta tells that somebody took the app away from what they had let it work with: it names a person (`user_id`) or a page
 * (`profile_id`), neither of which says what no longer works.
 */
export const readRemoval = (request: WebhookRequest, appSecret: Secret): 'told' | 'forged' =>
  signedPayload(request, appSecret) === 'forged' ? 'forged' : 'told';

/**
 * Reads Meta's `signed_request` from a form: base64url of HMAC-SHA256 with the app secret over the second half as it stands,
 * a dot, and the payload in base64url (Meta for Developers, "Data Deletion Request Callback").
 */
function signedPayload({ body }: WebhookRequest, appSecret: Secret): object | 'forged' {
  const given = new URLSearchParams(body.toString('utf8')).get('signed_request') ?? '';
  const [signature = '', encoded = ''] = given.split('.');
  const expected = hmacSha256(appSecret.reveal(), encoded);
  if (encoded === '' || !sameInConstantTime(Buffer.from(signature, 'base64url'), expected)) return 'forged';
  const read = envelope.safeParse(parsed(Buffer.from(encoded, 'base64url').toString('utf8')));
  return read.success && read.data.algorithm.toUpperCase() === 'HMAC-SHA256' ? read.data : 'forged';
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
