import { randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import { type Answer, badRequest, created, unprocessable } from './answer.ts';
import type { Desk, Route } from './desk.ts';
import { text } from './paging.ts';
import { type Attachment, nextId, now, type State } from './state.ts';
import { wireUpload } from './wire.ts';

export const uploadRoutes: Route[] = [['post', '/uploads', upload]];

const mostBytes = 50 * 1024 * 1024;
const tokenLife = 60 * 60_000;

/** Extensions whose files have one content type, so that a wrong one can be told. */
const contentTypes: Record<string, string[]> = {
  jpg: ['image/jpeg'],
  jpeg: ['image/jpeg'],
  png: ['image/png'],
  gif: ['image/gif'],
  webp: ['image/webp'],
  pdf: ['application/pdf'],
  mp4: ['video/mp4', 'audio/mp4'],
  mp3: ['audio/mpeg'],
  ogg: ['audio/ogg', 'video/ogg'],
  wav: ['audio/wav', 'audio/x-wav'],
  txt: ['text/plain'],
  csv: ['text/csv'],
  json: ['application/json'],
  zip: ['application/zip'],
};

function upload(desk: Desk, request: Request): Answer {
  const name = text(request, 'filename');
  const contentType = request.headers['content-type']?.split(';')[0]?.trim() ?? '';
  const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const refusal = refuse(name, contentType, bytes);
  if (refusal) return refusal;
  const attachment = addAttachment(desk.state, { name: name!, contentType, bytes });
  const known = desk.state.uploads.get(text(request, 'token') ?? '');
  const uploaded = known ?? { token: newToken(), attachments: [], createdAt: now(desk.state), used: false };
  uploaded.attachments.push(attachment);
  desk.state.uploads.set(uploaded.token, uploaded);
  return created({ upload: wireUpload(desk.url(), uploaded) });
}

function refuse(name: string | undefined, contentType: string, bytes: Buffer): Answer | undefined {
  if (!name) return badRequest('InvalidValue', 'filename is required');
  if (!contentType) return unprocessable('AttachmentUnprocessable', 'Content-Type is required');
  if (bytes.length === 0) return unprocessable('AttachmentUnprocessable', 'File is empty');
  if (bytes.length > mostBytes)
    return { status: 413, body: { error: 'AttachmentTooLarge', description: 'File is too large' } };
  const fitting = contentTypes[/\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''];
  if (!fitting || fitting.includes(contentType)) return undefined;
  return unprocessable('AttachmentUnprocessable', 'Content-Type does not match the extension of filename');
}

const newToken = (): string => randomBytes(12).toString('hex');

export function addAttachment(state: State, file: Pick<Attachment, 'name' | 'contentType' | 'bytes'>): Attachment {
  const attachment = { id: nextId(state), token: newToken(), ...file };
  state.attachments.set(attachment.token, attachment);
  return attachment;
}

/** The files behind upload tokens, or undefined if one is unknown, expired or used. Marks nothing yet. */
export function uploadsFor(state: State, tokens: unknown): Attachment[] | undefined {
  if (tokens === undefined) return [];
  if (!Array.isArray(tokens)) return undefined;
  const uploads = tokens.map((token) => state.uploads.get(String(token)));
  const at = now(state).getTime();
  const usable = uploads.every((each) => each && !each.used && at - each.createdAt.getTime() < tokenLife);
  return usable ? uploads.flatMap((each) => each?.attachments ?? []) : undefined;
}

export function markUsed(state: State, tokens: unknown): void {
  if (!Array.isArray(tokens)) return;
  for (const token of tokens) {
    const upload = state.uploads.get(String(token));
    if (upload) upload.used = true;
  }
}

/** `GET /attachments/token/{token}/`: whoever has the address may read it, as in Zendesk without private attachments. */
export function serveAttachment(state: State, request: Request, response: Response): void {
  const attachment = state.attachments.get(String(request.params['token']));
  if (!attachment) return void response.status(404).type('html').send('<h1>Not found</h1>');
  response.setHeader('content-type', attachment.contentType);
  const name = encodeURIComponent(attachment.name);
  response.setHeader('content-disposition', `inline; filename*=UTF-8''${name}`);
  // Files come from strangers and the demo shows them on its own page.
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('content-security-policy', 'sandbox');
  response.end(attachment.bytes);
}
