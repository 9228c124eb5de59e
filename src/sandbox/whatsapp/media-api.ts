import { createHash, createHmac } from 'node:crypto';
import type { Express } from 'express';
import { CloudError, invalid, missing } from './cloud-error.ts';
import type { Json } from './json.ts';
import { type StoredFile, store, type World } from './state.ts';

/** A link to a file lives this long, in seconds. */
const linkLasts = 300;
const uploadDays = 30;
const largest = 100 * 1024 * 1024;

const signature = (world: World, id: string, ends: string): string =>
  createHmac('sha256', world.options.appSecret).update(`${id}:${ends}`).digest('base64url');

export function linkTo(world: World, file: StoredFile): string {
  const ends = String(Math.floor(Date.now() / 1000) + linkLasts);
  const query = new URLSearchParams({ mid: file.id, ext: ends, hash: signature(world, file.id, ends) });
  return `${world.url}/whatsapp_business/attachments/?${query}`;
}

/** The link wants the token, and tells nothing of a file that is gone. */
export function serveMedia(app: Express, world: World): void {
  app.get('/whatsapp_business/attachments/', (request, response) => {
    const { mid, ext, hash } = request.query as Record<string, string>;
    const file = world.state.files.get(String(mid));
    const authorised = request.headers.authorization === `Bearer ${world.options.token}` && !world.state.tokenExpired;
    if (!authorised) return void response.status(401).type('text/plain').send('Unauthorized');
    const good = hash === signature(world, String(mid), String(ext)) && Number(ext) * 1000 > Date.now();
    if (!file || !good) return void response.status(404).type('text/plain').send('Not found');
    response.status(200).set('content-type', file.contentType).send(file.bytes);
  });
}

/** GET /{media}: a link that lives for five minutes. */
export function readMedia(world: World, id: string): Json {
  const file = world.state.files.get(id);
  if (!file || file.expiresAt < Date.now()) throw missing(id);
  return {
    messaging_product: 'whatsapp',
    url: linkTo(world, file),
    mime_type: file.contentType,
    sha256: createHash('sha256').update(file.bytes).digest('hex'),
    file_size: file.bytes.length,
    id,
  };
}

/** POST /{number}/media as multipart. */
export async function acceptUpload(world: World, contentType: string, body: unknown): Promise<Json> {
  const form = await formOf(contentType, body);
  if (form.get('messaging_product') !== 'whatsapp') throw invalid('The parameter messaging_product is required.');
  const type = form.get('type');
  const file = form.get('file');
  if (typeof type !== 'string' || !/^[\w.+-]+\/[\w.+-]+$/.test(type)) throw invalid('Param type must be a MIME type.');
  if (file === null || typeof file === 'string' || file.size === 0) throw invalid('Param file must be a file.');
  if (file.size > largest) throw new CloudError(131053, 'Media upload error', 'The file is too large.');
  const bytes = Buffer.from(await file.arrayBuffer());
  return { id: store(world.state, { name: file.name, contentType: type, bytes }, uploadDays).id };
}

async function formOf(contentType: string, body: unknown): Promise<FormData> {
  if (!Buffer.isBuffer(body)) throw invalid('The body must be multipart/form-data.');
  try {
    return await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  } catch {
    throw invalid('The multipart body cannot be read.');
  }
}
