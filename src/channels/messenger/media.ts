import type { Outcome } from '../../domain/outcome.ts';
import type { MediaPart } from '../../domain/part.ts';
import type { FetchedFile } from '../../kit/download.ts';
import type { Tools } from '../../kit/tools.ts';
import type { MessengerAccount } from './account.ts';

/** Links to files are signed and need no token, but last only for hours or days. */
export async function fetchMedia(
  part: MediaPart,
  _account: MessengerAccount,
  tools: Tools,
): Promise<Outcome<FetchedFile>> {
  if (part.url === undefined) return { result: 'never', why: 'Messenger gave no link to this file.' };
  const fetched = await tools.download(part.url);
  return fetched.result === 'never' && saysGone(fetched.code) ? { ...fetched, why: expired } : fetched;
}

const expired = 'The link to this file no longer works: Messenger keeps files for a few hours or days only.';

const saysGone = (code: string | undefined): boolean => /\b(?:403|404|410)\b/.test(code ?? '');
