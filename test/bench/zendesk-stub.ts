import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ZendeskStub {
  url: string;
  /** When the creation of a ticket was asked for, by the first words of its first comment. */
  created: Map<string, number>;
  comments: () => number;
  /** Times each numbered message (“Message 12: …”) was written in a comment. */
  written: Map<number, number>;
  comeBack(): void;
  counted(): { calls: number; refused: number };
  close(): void;
}

export interface StubLimits {
  callsPerMinute: number;
  updatesPerMinute: number;
  /** It answers 503 until `comeBack`. */
  away: boolean;
}

const profile = JSON.stringify({ id: '1', first_name: 'Ida', last_name: 'Berg', name: 'Ida Berg' });

const fields =
  'messages,messaging_postbacks,message_echoes,message_deliveries,message_reads,message_reactions,message_edits,' +
  'messaging_referrals,messaging_optins,messaging_account_linking,messaging_handovers,messaging_policy_enforcement,standby';
const subscribed = JSON.stringify({ data: [{ id: '9911', subscribed_fields: fields.split(',') }] });

/**
 * A Zendesk without memory: says yes to everything after `delayMs`, within its limits if it has any (over the last 60 s, as
 * strict as can be). It is the Graph API, too, as far as that tells names and subscriptions. For measuring, not for testing.
 */
export async function startZendeskStub(delayMs = 0, limits?: StubLimits): Promise<ZendeskStub> {
  let away = limits?.away ?? false;
  let calls = 0;
  let refused = 0;
  const times: Record<'calls' | 'updates', number[]> = { calls: [], updates: [] };
  /** Seconds to wait, or undefined if it may go. */
  const limited = (method: string, path: string): number | undefined => {
    if (!limits) return undefined;
    const now = performance.now();
    const counted = [{ of: times.calls, most: limits.callsPerMinute }];
    if (method === 'PUT' && path.includes('/tickets/'))
      counted.push({ of: times.updates, most: limits.updatesPerMinute });
    for (const { of, most } of counted) {
      while (of[0] !== undefined && of[0] <= now - 60_000) of.shift();
      if (of.length >= most) return Math.ceil((of[0]! + 60_000 - now) / 1_000);
    }
    for (const { of } of counted) of.push(now);
    return undefined;
  };
  const created = new Map<string, number>();
  let next = 1;
  let comments = 0;
  const written = new Map<number, number>();
  const note = (text: string) => {
    for (const [, n] of text.matchAll(/Message (\d+):/g)) written.set(Number(n), (written.get(Number(n)) ?? 0) + 1);
  };
  const answer = (method: string, path: string, body: Record<string, never>): unknown => {
    if (path.endsWith('/tokens')) return { access_token: 'token', token_type: 'bearer', expires_in: 86_400 };
    if (path.includes('/users/me')) return { user: { id: 1, role: 'admin' } };
    if (path.includes('/users/search')) return { users: [], count: 0 };
    if (path.includes('/users')) return { user: { id: next++, ...(body as { user?: object }).user } };
    if (method === 'GET' && /\/comments(\.json)?$/.test(path))
      return { comments: [], users: [], meta: { has_more: false } };
    if (path.includes('/uploads')) return { upload: { token: `upload-${next++}` } };
    if (method !== 'GET') comments++;
    const id = /tickets\/(\d+)/.exec(path)?.[1] ?? next++;
    const ticket = { id: Number(id), status: 'open', requester_id: 2, updated_at: new Date().toISOString() };
    return { ticket, audit: { id: next++, events: [{ id: next++, type: 'Comment', public: true }] } };
  };
  const headers = (): Record<string, string> =>
    limits
      ? {
          'x-rate-limit': String(limits.callsPerMinute),
          'x-rate-limit-remaining': String(limits.callsPerMinute - times.calls.length),
        }
      : {};
  const comeBack = () => {
    away = false;
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
      if (/^\/v\d+\.\d+\//.test(path))
        return void response.end(path.endsWith('/subscribed_apps') ? subscribed : profile);
      if (away) return void response.writeHead(503).end();
      calls++;
      const wait = path.endsWith('/tokens') ? undefined : limited(request.method ?? 'GET', path);
      if (wait !== undefined) {
        refused++;
        return void response.writeHead(429, { 'retry-after': String(wait) }).end();
      }
      if (request.method !== 'GET' && path.includes('/tickets')) note(body.ticket?.comment?.body ?? '');
      const json = JSON.stringify(answer(request.method ?? 'GET', path, body));
      const send = () => response.writeHead(200, { 'content-type': 'application/json', ...headers() }).end(json);
      if (delayMs > 0) setTimeout(send, delayMs);
      else send();
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    created,
    comments: () => comments,
    written,
    comeBack,
    counted: () => ({ calls, refused }),
    close: () => server.close().closeAllConnections(),
  };
}
