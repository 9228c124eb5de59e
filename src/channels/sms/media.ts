import type { Outcome } from '../../domain/outcome.ts';
import type { MediaPart } from '../../domain/part.ts';
import type { FetchedFile } from '../../kit/download.ts';
import type { Tools } from '../../kit/tools.ts';
import type { SmsAccount } from './account.ts';
import { authorization } from './client.ts';

/**
 * The bytes of an MMS (Twilio, "Media resource"). The link wants the account's credentials and leads on to a store that
 * must not get them: the download leaves them out on a redirect to another host.
 */
export async function fetchMedia(part: MediaPart, account: SmsAccount, tools: Tools): Promise<Outcome<FetchedFile>> {
  if (part.url === undefined) return { result: 'never', why: 'Twilio gave no link to this file.' };
  const fetched = await tools.download(
    part.url,
    isTwilio(part.url, account) ? { headers: authorization(account) } : {},
  );
  if (fetched.result !== 'never') return fetched;
  if (/\b401\b/.test(fetched.code ?? ''))
    return { result: 'account-broken', why: 'Twilio does not take the auth token for this file.' };
  return /\b(?:404|410)\b/.test(fetched.code ?? '') ? { ...fetched, why: gone } : fetched;
}

const gone = 'The file is no longer at Twilio: somebody deleted it there.';

/** Only Twilio itself learns the credentials. */
function isTwilio(url: string, { apiUrl }: SmsAccount): boolean {
  if (!URL.canParse(url)) return false;
  const { origin, protocol, hostname } = new URL(url);
  return origin === new URL(apiUrl).origin || (protocol === 'https:' && hostname.endsWith('.twilio.com'));
}
