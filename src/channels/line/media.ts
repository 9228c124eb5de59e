import type { Outcome } from '../../domain/outcome.ts';
import { done } from '../../domain/outcome.ts';
import type { MediaPart } from '../../domain/part.ts';
import type { FetchedFile } from '../../kit/download.ts';
import type { Tools } from '../../kit/tools.ts';
import type { LineAccount } from './account.ts';
import { authorization, callLine } from './client.ts';
import { troubleOfRepeatable } from './trouble.ts';

/** "Get content": with the access token, from a host of its own, for as long as LINE keeps it, which it does not promise. */
export async function fetchMedia(part: MediaPart, account: LineAccount, tools: Tools): Promise<Outcome<FetchedFile>> {
  if (part.type === 'sticker') return fetchSticker(part, account, tools);
  if (part.url !== undefined) return tools.download(part.url);
  if (part.mediaId === undefined) return { result: 'never', why: 'LINE gave neither an id nor a link for this file.' };
  const prepared = isPlayed(part) ? await whetherPrepared(part.mediaId, account, tools) : done(undefined);
  return prepared.result === 'done' ? fetchContent(part.mediaId, account, tools) : prepared;
}

const isPlayed = ({ type }: MediaPart): boolean => type === 'video' || type === 'audio';

const contentPath = (id: string): string => `/v2/bot/message/${encodeURIComponent(id)}/content`;

/** LINE prepares videos and sounds first ("Verify the preparation status of a video or audio"). */
async function whetherPrepared(id: string, account: LineAccount, tools: Tools): Promise<Outcome<undefined>> {
  const path = `${contentPath(id)}/transcoding`;
  const answer = await callLine({ method: 'GET', path, host: account.dataApiUrl }, account, tools);
  // Where LINE will not say, the content itself tells.
  if (answer.kind === 'refusal' && answer.refusal.status === 404) return done(undefined);
  if (answer.kind !== 'success') return troubleOfRepeatable(answer);
  if (answer.json['status'] === 'processing') return notYet;
  return answer.json['status'] === 'failed' ? notPrepared : done(undefined);
}

const notYet = { result: 'later', why: 'LINE is still preparing this file' } as const;
const notPrepared = { result: 'never', why: 'LINE could not prepare this file', code: 'not-prepared' } as const;

async function fetchContent(id: string, account: LineAccount, tools: Tools): Promise<Outcome<FetchedFile>> {
  const fetched = await tools.download(`${account.dataApiUrl}${contentPath(id)}`, { headers: authorization(account) });
  if (fetched.result === 'never') return refused(fetched);
  if (fetched.result !== 'done') return fetched;
  const { bytes, contentType } = fetched.value;
  // A 202 without content: it is still being prepared.
  return bytes.length === 0 ? notYet : done({ bytes, contentType });
}

function refused(trouble: { result: 'never'; why: string; code?: string }): Outcome<FetchedFile> {
  if (trouble.code === 'http-401')
    return { result: 'account-broken', why: 'LINE no longer takes the channel access token.' };
  if (trouble.code !== 'http-404' && trouble.code !== 'http-410') return trouble;
  return { ...trouble, why: 'LINE no longer has it: it keeps files for a while only, and not once they are withdrawn' };
}

async function fetchSticker(
  { stickerId }: MediaPart,
  { stickerUrl }: LineAccount,
  tools: Tools,
): Promise<Outcome<FetchedFile>> {
  if (stickerId === undefined || !/^\d+$/.test(stickerId))
    return { result: 'never', why: 'LINE did not say which sticker it is' };
  return tools.download(`${stickerUrl}/stickershop/v1/sticker/${stickerId}/android/sticker.png`);
}
