import type { messagingApi } from '@line/bot-sdk';
import type { Marker } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import type { OutgoingBody } from '../channel.ts';
import { largestFile, linksHold } from './limits.ts';
import { playLength } from './play-length.ts';
import { previewPicture } from './preview.ts';

type Message = messagingApi.Message;
type OutgoingFile = Extract<OutgoingBody, { type: 'file' }>;
type Publish = NonNullable<Tools['publish']>;

/** By content type, how LINE shows a file ("Image message", "Video message", "Audio message"). */
const shownAs: Readonly<Record<string, 'image' | 'video' | 'audio'>> = {
  'image/jpeg': 'image',
  'image/png': 'image',
  'video/mp4': 'video',
  'audio/mp4': 'audio',
  'audio/x-m4a': 'audio',
  'audio/m4a': 'audio',
  'audio/mpeg': 'audio',
  'audio/mp3': 'audio',
};

/** LINE takes no uploads: it and the customer's phone fetch a file from a link. What it cannot show is sent as the link itself. */
export async function fileMessage(
  file: OutgoingFile,
  marker: Marker,
  { publish }: Pick<Tools, 'publish'>,
): Promise<Outcome<Message>> {
  if (!publish) return notPublic;
  if (file.bytes.length === 0) return empty;
  try {
    const { name, contentType, bytes } = file;
    const url = await publish({ name, contentType, bytes, forMs: linksHold });
    return done((await shown(file, url, marker, publish)) ?? { type: 'text', text: `📎 ${name}\n${url}` });
  } catch {
    // Nothing has been said yet, so that it can simply be tried again.
    return { result: 'later', why: 'The file could not be put where LINE is to fetch it.' };
  }
}

const notPublic = {
  result: 'never',
  why: 'LINE fetches files from this service, which does not know its own public address: the operator must set server.publicUrl.',
  code: 'no-public-url',
} as const;
const empty = { result: 'never', why: 'The file is empty, and LINE shows no empty files.', code: 'empty' } as const;

async function shown(file: OutgoingFile, url: string, marker: Marker, publish: Publish): Promise<Message | undefined> {
  const kind = shownAs[file.contentType.split(';', 1)[0]!.trim().toLowerCase()];
  if (kind === undefined || file.bytes.length > largestFile[kind]) return undefined;
  if (kind === 'audio') {
    const duration = playLength(file.bytes);
    return duration === undefined ? undefined : { type: 'audio', originalContentUrl: url, duration };
  }
  const small = kind === 'image' && file.bytes.length <= largestFile.preview;
  const previewImageUrl = small ? url : await publishedPreview(publish);
  if (kind === 'image') return { type: 'image', originalContentUrl: url, previewImageUrl };
  // Comes back when the customer has watched it.
  const trackingId = fitForTracking.test(marker) ? { trackingId: marker } : {};
  return { type: 'video', originalContentUrl: url, previewImageUrl, ...trackingId };
}

const publishedPreview = (publish: Publish): Promise<string> =>
  publish({ name: 'preview.png', contentType: 'image/png', bytes: previewPicture(), forMs: linksHold });

/** "Video message", trackingId. */
const fitForTracking = /^[\w\-.=,+*()%$&;:@{}!?<>[\]]{1,100}$/;
