import type { Outcome } from '../../../domain/outcome.ts';
import type { MediaPart } from '../../../domain/part.ts';
import type { FetchedFile } from '../../../kit/download.ts';
import type { Tools } from '../../../kit/tools.ts';

/** Fetches what a link of Meta's leads to; links are signed and need no token. `expired` is said of one that has ended. */
export async function fetchFile(
  part: MediaPart,
  tools: Pick<Tools, 'download'>,
  words: { noLink: string; expired: string },
): Promise<Outcome<FetchedFile>> {
  if (part.url === undefined) return { result: 'never', why: words.noLink };
  const fetched = await tools.download(part.url);
  return fetched.result === 'never' && saysGone(fetched.code) ? { ...fetched, why: words.expired } : fetched;
}

const saysGone = (code: string | undefined): boolean => /\b(?:403|404|410)\b/.test(code ?? '');
