import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ZendeskStub {
  url: string;
  /** When the creation of a ticket was asked for, by the first words of its first comment. */
  created: Map<string, number>;
  comments: () => number;
  close(): void;
}

/** A Zendesk without limits or memory: says yes to everything after `delayMs`. For measuring, not for testing. */
export async function startZendeskStub(delayMs = 0): Promise<ZendeskStub> {
  const created = new Map<string, number>();
  let next = 1;
  let comments = 0;
  const answer = (method: string, path: string, body: Record<string, never>): unknown => {
    if (path.endsWith('/tokens')) return { access_token: 'token', token_type: 'bearer', expires_in: 86_400 };
    if (path.includes('/users/me')) return { user: { id: 1, role: 'admin' } };
    if (path.includes('/users/search')) return { users: [], count: 0 };
    if (path.includes('/users')) return { user: { id: next++, ...(body as { user?: object }).user } };
    if (path.includes('/uploads')) return { upload: { token: `upload-${next++}` } };
    if (method !== 'GET') comments++;
    const id = /tickets\/(\d+)/.exec(path)?.[1] ?? next++;
    const ticket = { id: Number(id), status: 'open', requester_id: 2, updated_at: new Date().toISOString() };
    return { ticket, audit: { id: next++, events: [{ id: next++, type: 'Comment', public: true }] } };
  };
  const server = http.createServer((request, response) => {
    const at = performance.now();
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const text = Buffer.concat(pieces).toString();
      const body = text.startsWith('{') ? JSON.parse(text) : {};
      const path = request.url?.split('?')[0] ?? '';
      if (request.method === 'POST' && path.includes('/tickets'))
        created.set(body.ticket?.comment?.body?.slice(0, 40), at);
      const json = JSON.stringify(answer(request.method ?? 'GET', path, body));
      const send = () => response.writeHead(200, { 'content-type': 'application/json' }).end(json);
      if (delayMs > 0) setTimeout(send, delayMs);
      else send();
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, created, comments: () => comments, close: () => server.close().closeAllConnections() };
}
