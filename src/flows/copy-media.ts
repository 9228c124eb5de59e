import { seconds } from '../domain/duration.ts';
import { isMedia, type MediaPart } from '../domain/part.ts';
import type { FetchedFile } from '../kit/download.ts';
import { step } from '../kit/step.ts';
import { mediaOf, type StoredMedia, saveMedia } from '../store/media.ts';
import type { Message } from '../store/messages.ts';
import type { ConnectedChannel, World } from './world.ts';

/** How long the text waits for a file whose platform stumbles; then it goes with the reason and the link. */
const patience = seconds(30);

/** A file of a message, copied or given up on. */
export interface CopiedFile {
  position: number;
  media: StoredMedia;
}

/** Copies the files of a message to the media folder, once each. `later`: one may still come. */
export async function copyMedia(
  world: Pick<World, 'db' | 'media' | 'tools'>,
  connected: ConnectedChannel,
  message: Message,
  attempts: number,
): Promise<{ result: 'done'; files: CopiedFile[] } | { result: 'later'; why: string }> {
  const known = await mediaOf(world.db, message.id);
  const files: CopiedFile[] = [];
  for (const [position, part] of message.parts.entries()) {
    if (!isMedia(part)) continue;
    const media = known.get(position) ?? (await copied(world, connected, message, position, part, attempts));
    if (media === 'later') return { result: 'later', why: 'a file cannot be fetched yet' };
    if (!known.has(position)) await saveMedia(world.db, message.id, position, media);
    files.push({ position, media });
  }
  return { result: 'done', files };
}

async function copied(
  { media, tools }: Pick<World, 'media' | 'tools'>,
  { channel, account }: ConnectedChannel,
  message: Message,
  position: number,
  part: MediaPart,
  attempts: number,
): Promise<StoredMedia | 'later'> {
  const fetched = channel.fetchMedia
    ? await channel.fetchMedia(part, account, tools)
    : part.url
      ? await tools.download(part.url)
      : { result: 'never' as const, why: 'the platform gave no link to it' };
  const name = fileName(part, fetched.result === 'done' ? fetched.value : undefined, position);
  if (fetched.result === 'done') {
    step('media.fetched');
    const key = `${message.conversation}/${message.id}-${position}`;
    await media.put(key, fetched.value);
    step('media.kept');
    return { state: 'stored', key, name, contentType: fetched.value.contentType, bytes: fetched.value.bytes.length };
  }
  if (fetched.result !== 'never' && attempts * 5_000 < patience) return 'later';
  tools.log.warn('media.given-up', { account: account.id, message: message.id, position, why: fetched.why });
  return { state: 'failed', name, reason: fetched.why };
}

const endings: Record<string, string> = {
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/gif': '.gif',
  'image/webp': '.webp',
  'image/svg+xml': '.svg',
  'video/mp4': '.mp4',
  'audio/mpeg': '.mp3',
  'audio/mp4': '.m4a',
  'audio/aac': '.aac',
  'audio/ogg': '.ogg',
  'audio/wav': '.wav',
  'application/pdf': '.pdf',
  'application/zip': '.zip',
  'text/plain': '.txt',
};

/** A name whose ending fits the content: helpdesks refuse a file whose ending and type disagree. */
function fileName(part: MediaPart, file: FetchedFile | undefined, position: number): string {
  const given = part.name ?? file?.name ?? `${part.type}-${position + 1}`;
  const ending = file && endings[file.contentType];
  if (!ending || given.toLowerCase().endsWith(ending)) return given;
  if (ending === '.jpg' && /\.jpe?g$/i.test(given)) return given;
  return `${given.replace(/\.[a-z0-9]{1,5}$/i, '')}${ending}`;
}
