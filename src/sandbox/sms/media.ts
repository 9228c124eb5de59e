import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import type { StoredFile, World } from './state.ts';
import { notFound } from './twilio-error.ts';

/** A file of a message: with the account's credentials, a redirect to the store that holds it. */
export function serveMedia(app: Express, world: World, base: string): void {
  app.get(`${base}/Messages/:message/Media/:file`, (request, response) => {
    const { message, file } = request.params as Record<string, string>;
    if (!fileOf(world, message!, file!)) throw notFound(request.path);
    response.redirect(307, `${world.storeUrl}/${message}/${file}`);
  });
}

const fileOf = ({ state }: World, message: string, file: string): StoredFile | undefined =>
  state.messages.find(({ sid }) => sid === message)?.files.find(({ sid }) => sid === file);

/** The store is another host. Like Amazon's, it refuses whoever brings credentials beside its signed links. */
export async function startStore(world: World): Promise<{ url: string; close(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const [, message = '', file = ''] = (request.url ?? '').split('/');
    const found = fileOf(world, message, file);
    if (request.headers.authorization !== undefined)
      return void response.writeHead(400).end('Only one auth mechanism allowed');
    if (!found) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': found.contentType }).end(found.bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
