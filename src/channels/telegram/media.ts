import type { Outcome } from '../../domain/outcome.ts';
import type { MediaPart } from '../../domain/part.ts';
import type { FetchedFile } from '../../kit/download.ts';
import type { Tools } from '../../kit/tools.ts';
import { asRecord, asText } from '../shared/json.ts';
import type { TelegramAccount } from './account.ts';
import { callBot, troubleOfHarmless } from './client.ts';

/**
 * The bytes of a file (Telegram Bot API, "getFile"): up to 20 MB. Its link holds the bot's token, so nobody else gets it,
 * and lasts for an hour, so it is asked for anew each time.
 */
export async function fetchMedia(
  part: MediaPart,
  account: TelegramAccount,
  tools: Tools,
): Promise<Outcome<FetchedFile>> {
  if (part.mediaId === undefined) return { result: 'never', why: 'Telegram gave no id for this file.' };
  const answer = await callBot('getFile', { file_id: part.mediaId }, account, tools);
  if (answer.kind !== 'success') return troubleOfHarmless(answer);
  const path = asText(asRecord(answer.result)?.['file_path']);
  if (path === undefined) return { result: 'later', why: 'Telegram does not say yet where the file is.' };
  const fetched = await tools.download(linkTo(path, account));
  if (fetched.result === 'never' && /\b401\b/.test(fetched.code ?? ''))
    return { result: 'account-broken', why: "Telegram does not take the bot's token for this file." };
  return fetched;
}

const linkTo = (path: string, { apiUrl, botToken }: TelegramAccount): string =>
  `${apiUrl}/file/bot${botToken.reveal()}/${path.split('/').map(encodeURIComponent).join('/')}`;
