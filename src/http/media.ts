import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import type { MediaLinks } from '../flows/media-links.ts';
import type { Log } from '../kit/log.ts';
import type { Database } from '../store/database.ts';
import { type PublishedFile, publishedFile } from '../store/published-files.ts';
import type { Vault } from '../store/vault.ts';
import { problem } from './problem.ts';

export interface MediaParts {
  db: Database;
  vault: Vault;
  log: Log;
  /** Absent: nobody was told how the internet reaches this service, so there are no links. */
  links: MediaLinks | undefined;
}

interface Stretch {
  start: number;
  /** The last byte that is sent, as in a Range header. */
  end: number;
}

/** Answers `GET` and `HEAD /media/{token}`. Whatever is wrong with a token, the answer is the same. */
export function makeMediaRoute({ db, vault, log, links }: MediaParts) {
  return async (request: Request, response: Response, token: string): Promise<void> => {
    const id = links?.fileOf(token);
    const file = id === undefined ? undefined : await publishedFile(db, id);
    if (!file) return notThere(response);
    describe(response, file);
    const asked = stretchOf(request, file.bytes);
    if (asked === 'beyond') {
      response.set('content-range', `bytes */${file.bytes}`);
      return problem(response, 416, 'the file is not that long');
    }
    const stretch = asked ?? { start: 0, end: file.bytes - 1 };
    response.set('content-length', String(stretch.end - stretch.start + 1));
    if (asked) response.status(206).set('content-range', `bytes ${asked.start}-${asked.end}/${file.bytes}`);
    if (request.method === 'HEAD') response.end();
    else await send(response, vault, log, file, stretch);
  };
}

const notThere = (response: Response): void => problem(response, 404, 'there is no such file, or no longer');

/** A file here came from somebody else: nothing in it may run, and nobody may take it for something it is not. */
function describe(response: Response, { name, contentType }: PublishedFile): void {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const shown = /^(?:image\/(?!svg)|video\/|audio\/)/.test(contentType) ? 'inline' : 'attachment';
  // Express would add a charset that nobody checked.
  response.setHeader('content-type', contentType);
  response.set({
    'content-disposition': `${shown}; filename="${ascii}"; filename*=UTF-8''${encoded}`,
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'cross-origin',
    'cache-control': 'private, no-store',
    'accept-ranges': 'bytes',
    'x-robots-tag': 'noindex',
  });
}

/** The one stretch that is asked for; undefined for the whole, also for several or what cannot be read (RFC 9110, 14.2). */
function stretchOf(request: Request, bytes: number): Stretch | 'beyond' | undefined {
  const ranges = request.headers['if-range'] === undefined ? request.range(bytes) : undefined;
  if (ranges === -1) return 'beyond';
  if (!Array.isArray(ranges) || ranges.type !== 'bytes' || ranges.length !== 1) return undefined;
  return ranges[0];
}

async function send(response: Response, vault: Vault, log: Log, file: PublishedFile, stretch: Stretch): Promise<void> {
  const stream = await vault.stream(file.key);
  if (!stream) {
    for (const name of ['content-length', 'content-range', 'content-disposition']) response.removeHeader(name);
    return notThere(response);
  }
  try {
    await pipeline(stream, (source: AsyncIterable<Buffer>) => cut(source, stretch), response);
  } catch (error) {
    // Whoever fetched it hung up: that is theirs to do.
    if ((error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE') return;
    log.warn('media.not-sent', { file: file.id, why: (error as Error).message });
    response.destroy();
  }
}

/** Stores differ in whether they can begin in the middle; all can be read from the start. */
async function* cut(source: AsyncIterable<Buffer>, { start, end }: Stretch): AsyncGenerator<Buffer> {
  let at = 0;
  for await (const piece of source) {
    const wanted = piece.subarray(Math.max(0, start - at), Math.max(0, end + 1 - at));
    at += piece.length;
    if (wanted.length > 0) yield wanted;
    if (at > end) return;
  }
}
