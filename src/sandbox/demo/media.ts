import type { Request, Response } from 'express';
import { channelOf, type PlayedChannel } from './channels.ts';

/** Shows a simulator's file on the page; no other address is fetched. */
export function mediaFrom(origins: readonly string[]) {
  return async (request: Request, response: Response): Promise<void> => {
    const url = String(request.query['url'] ?? '');
    if (!origins.some((origin) => url.startsWith(`${origin}/`))) {
      response.status(404).end();
      return;
    }
    const answer = await fetch(url);
    response.status(answer.status);
    for (const name of ['content-type', 'content-disposition']) {
      const value = answer.headers.get(name);
      if (value) response.set(name, value);
    }
    show(response, Buffer.from(await answer.arrayBuffer()));
  };
}

/** Where the page finds the file of a bubble that only its simulator can give. */
export const filePath = (kind: string, messageId: string, index: number): string =>
  `/files/${kind}/${encodeURIComponent(messageId)}/${index}`;

/** Answers on `filePath`. */
export function fileFrom(channels: readonly PlayedChannel[]) {
  return (request: Request, response: Response): void => {
    const { kind, message, index } = request.params as Record<string, string>;
    const file = channelOf(channels, kind ?? '').simulator.fileOf?.(message ?? '', Number(index));
    if (!file) return void response.status(404).end();
    response.set('content-type', file.contentType);
    show(response, file.bytes);
  };
}

/** The file is a stranger's: shown, it may run nothing. */
function show(response: Response, bytes: Buffer): void {
  response.set('cache-control', 'private, max-age=600');
  response.set('content-security-policy', "sandbox; default-src 'none'; style-src 'unsafe-inline'; media-src 'self'");
  response.set('x-content-type-options', 'nosniff');
  response.end(bytes);
}
