import { done, type Outcome } from '../../domain/outcome.ts';
import type { MediaPart } from '../../domain/part.ts';
import type { FetchedFile } from '../../kit/download.ts';
import type { Tools } from '../../kit/tools.ts';
import { asRecord, type JsonRecord } from '../shared/json.ts';
import type { WeChatAccount } from './account.ts';
import { answerIn, harmless, outcomeOf, withToken } from './client.ts';
import { blamesToken } from './error-rules.ts';
import { text } from './wire.ts';

/** "Get temporary media", by id for 3 days. Of pictures there is a link too, which needs no token and lasts longer. */
export async function fetchMedia(part: MediaPart, account: WeChatAccount, tools: Tools): Promise<Outcome<FetchedFile>> {
  const { mediaId, url } = part;
  if (mediaId === undefined) return url === undefined ? nowhere : tools.download(url);
  const fetched = await withToken(account, tools, (token) => fetchById(mediaId, token, account, tools));
  const instead = fetched.result === 'never' && url !== undefined ? await tools.download(url) : fetched;
  return instead.result === 'done' ? instead : fetched;
}

const nowhere = {
  result: 'never',
  why: 'WeChat gave no way to fetch this file: it hands on no documents that customers send',
  code: 'no-media-id',
} as const;

interface Fetched {
  refused: boolean;
  outcome: Outcome<FetchedFile>;
}

async function fetchById(mediaId: string, token: string, account: WeChatAccount, tools: Tools): Promise<Fetched> {
  const query = new URLSearchParams({ access_token: token, media_id: mediaId });
  const fetched = await tools.download(`${account.apiUrl}/cgi-bin/media/get?${query}`);
  if (fetched.result !== 'done') return { refused: false, outcome: fetched };
  const { bytes, contentType, name } = fetched.value;
  const json = jsonIn(bytes);
  if (json) return said(json, tools);
  // Without a name of its own the file would be called as the last of its address is.
  return { refused: false, outcome: done({ bytes, contentType, ...(name && name !== 'get' ? { name } : {}) }) };
}

/** What went wrong, or where a video is: with HTTP status 200, and not always said to be JSON. */
async function said(json: JsonRecord, tools: Tools): Promise<Fetched> {
  const answer = answerIn(json);
  const videoUrl = text(json, 'video_url');
  if (answer.kind === 'success' && videoUrl !== undefined)
    return { refused: false, outcome: await tools.download(videoUrl) };
  if (answer.kind !== 'refusal') return { refused: false, outcome: nothing };
  if (gone.includes(answer.code)) return { refused: false, outcome: expired };
  const outcome = harmless(outcomeOf(answer));
  return { refused: blamesToken(answer.code), outcome: outcome.result === 'done' ? nothing : outcome };
}

const gone = [40004, 40007];
const expired = {
  result: 'never',
  why: 'WeChat no longer has it: it keeps files for 3 days',
  code: 'expired',
} as const;
const nothing = { result: 'later', why: 'WeChat answered without a file' } as const;

/** Larger than any such answer; a file that looks like JSON otherwise stays a file. */
const longestAnswer = 10_000;

function jsonIn(bytes: Buffer): JsonRecord | undefined {
  if (bytes.length > longestAnswer || bytes[0] !== '{'.charCodeAt(0)) return undefined;
  try {
    const json = asRecord(JSON.parse(bytes.toString('utf8')));
    return json && ('errcode' in json || 'video_url' in json) ? json : undefined;
  } catch {
    return undefined;
  }
}
