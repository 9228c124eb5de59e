import FormData from 'form-data';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import type { OutgoingBody } from '../channel.ts';
import type { WeChatAccount } from './account.ts';
import { askWeChat } from './client.ts';
import { mediaKinds } from './limits.ts';
import { word } from './wire.ts';

export type OutgoingFile = Extract<OutgoingBody, { type: 'file' }>;
export type MediaKind = keyof typeof mediaKinds;

/** What WeChat can show the file as; undefined for what it has no form for, or not in that size. */
export function mediaKind({ contentType, bytes }: OutgoingFile): MediaKind | undefined {
  const mime = contentType.split(';', 1)[0]!.trim().toLowerCase();
  const fits = ([, rule]: [string, { contentTypes: readonly string[]; bytes: number }]) =>
    rule.contentTypes.includes(mime) && bytes.length <= rule.bytes;
  return Object.entries(mediaKinds).find(fits)?.[0] as MediaKind | undefined;
}

/** Nobody sees this name, but WeChat goes by its ending. */
const fileNames: Readonly<Record<string, string>> = {
  'image/jpeg': 'image.jpg',
  'image/png': 'image.png',
  'image/gif': 'image.gif',
  'audio/amr': 'voice.amr',
  'video/mp4': 'video.mp4',
};

/** Leaves a file with WeChat ("Upload temporary media"): its id can be sent for 3 days. */
export async function uploadFile(
  kind: MediaKind,
  file: OutgoingFile,
  account: WeChatAccount,
  tools: Tools,
): Promise<Outcome<string>> {
  const contentType = file.contentType.split(';', 1)[0]!.trim().toLowerCase();
  const form = () => {
    const made = new FormData();
    made.append('media', file.bytes, { filename: fileNames[contentType] ?? 'voice.mp3', contentType });
    return made;
  };
  const call = { method: 'POST', path: '/cgi-bin/media/upload', query: { type: kind }, form } as const;
  const answer = await askWeChat(call, account, tools);
  if (answer.result !== 'done') return answer;
  const id = word(answer.value, 'media_id');
  return id === undefined ? { result: 'later', why: 'WeChat took the file but gave no id for it.' } : done(id);
}
