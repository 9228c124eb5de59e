import type { Response } from 'express';
import { pictureUrl } from './customer-acts.ts';
import { keep, type World } from './state.ts';
import { WeChatError } from './wechat-error.ts';

/** "Upload temporary media". */
const rules: Readonly<Record<string, { names: RegExp; bytes: number; tooLarge: number }>> = {
  image: { names: /\.(?:png|jpe?g|gif)$/i, bytes: 10 * 1024 * 1024, tooLarge: 40009 },
  voice: { names: /\.(?:amr|mp3)$/i, bytes: 2 * 1024 * 1024, tooLarge: 40010 },
  video: { names: /\.mp4$/i, bytes: 10 * 1024 * 1024, tooLarge: 40011 },
  thumb: { names: /\.jpe?g$/i, bytes: 64 * 1024, tooLarge: 40012 },
};

/** POST /cgi-bin/media/upload as multipart, the file under `media`. */
export async function upload(world: World, type: string, contentType: string, body: unknown) {
  const rule = Object.hasOwn(rules, type) ? rules[type] : undefined;
  if (!rule) throw new WeChatError(40004, 'invalid media type');
  const file = await fileIn(contentType, body);
  if (!rule.names.test(file.name)) throw new WeChatError(40005, 'invalid file type');
  if (file.size > rule.bytes) throw new WeChatError(rule.tooLarge, 'invalid size');
  const bytes = Buffer.from(await file.arrayBuffer());
  const media_id = keep(world.state, type, { name: file.name, contentType: file.type, bytes });
  return { type, media_id, created_at: Math.floor(Date.now() / 1000), item: [] };
}

async function fileIn(contentType: string, body: unknown): Promise<File> {
  if (!Buffer.isBuffer(body)) throw new WeChatError(41005, 'media data missing');
  const form = await new globalThis.Response(new Uint8Array(body), { headers: { 'content-type': contentType } })
    .formData()
    .catch(() => undefined);
  const file = form?.get('media');
  if (!file || typeof file === 'string') throw new WeChatError(41005, 'media data missing');
  if (file.size === 0) throw new WeChatError(44001, 'empty media data');
  return file;
}

/** GET /cgi-bin/media/get: the bytes; of a video, where they are. */
export function download(world: World, id: string, response: Response): void {
  const media = world.state.media.get(id);
  if (!media || media.until < Date.now()) throw new WeChatError(40007, 'invalid media_id');
  if (media.kind === 'video') response.type('text/plain').send(JSON.stringify({ video_url: pictureUrl(world, id) }));
  else sendFile(media.file, response);
}

/** Pictures and videos by link, without a token. */
export function show(world: World, id: string, response: Response): void {
  const media = world.state.media.get(id);
  if (media) sendFile(media.file, response);
  else response.status(404).end();
}

function sendFile(
  { name, contentType, bytes }: { name: string; contentType: string; bytes: Buffer },
  response: Response,
) {
  const disposition = `attachment; filename*=utf-8''${encodeURIComponent(name)}`;
  response.set('content-disposition', disposition).set('content-type', contentType).send(bytes);
}
