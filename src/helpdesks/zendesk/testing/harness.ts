import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Marker, PersonId } from '../../../domain/ids.ts';
import { memoryBudgets } from '../../../kit/budgets.ts';
import { systemClock } from '../../../kit/clock.ts';
import { makeHttp } from '../../../kit/http.ts';
import type { Log } from '../../../kit/log.ts';
import { memoryTokens } from '../../../kit/shared-tokens.ts';
import type { Tools } from '../../../kit/tools.ts';
import type { CommentDraft, HelpdeskSession, TicketDraft } from '../../helpdesk.ts';
import { type ZendeskAccount, zendeskAccount } from '../account.ts';
import { connectZendesk } from '../session.ts';

export const webhookSecret = 'dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==';
export const credentials = { clientId: 'passerelle', clientSecret: 'client-secret', webhookSecret };

export const accountAt = (url: string, login: object = { clientId: 'passerelle', clientSecret: 'client-secret' }) =>
  zendeskAccount.parse({ id: 'acme-zendesk', kind: 'zendesk', url, webhookSecret, ...login });

export interface TestTools extends Tools {
  logged: { level: keyof Log; event: string; fields?: Record<string, unknown> | undefined }[];
  /** URLs asked of `download`. */
  downloaded: string[];
  /** Moves the clock the client sees, in milliseconds. */
  pass(ms: number): void;
  close(): void;
}

/** Real HTTP, a clock that can be moved, a log and a download that remember. */
export function testTools(): TestTools {
  const http = makeHttp();
  const logged: TestTools['logged'] = [];
  const downloaded: string[] = [];
  const at = (level: keyof Log) => (event: string, fields?: Record<string, unknown>) =>
    void logged.push({ level, event, fields });
  let ahead = 0;
  return {
    http,
    logged,
    downloaded,
    log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
    clock: { ...systemClock, now: () => new Date(Date.now() + ahead) },
    download: async (url) => {
      downloaded.push(url);
      return { result: 'done', value: { bytes: Buffer.from('from elsewhere'), contentType: 'image/png' } };
    },
    tokens: memoryTokens(),
    budgets: memoryBudgets(),
    pass: (ms) => {
      ahead += ms;
    },
    close: () => http.close(),
  };
}

/** A session whose calls give up after a second and a half. */
export const connected = (account: ZendeskAccount, tools: Tools): HelpdeskSession =>
  connectZendesk(account, tools, { callMs: 1_500, fileMs: 3_000 });

export const comment = (
  author: PersonId | 'service',
  marker: string,
  also: Partial<CommentDraft> = {},
): CommentDraft => ({
  marker: marker as Marker,
  author,
  public: true,
  body: `said with ${marker}`,
  uploads: [],
  ...also,
});

export const ticketFrom = (requester: PersonId, key: string, also: Partial<TicketDraft> = {}): TicketDraft => ({
  externalId: `conversation:${key}`,
  idempotencyKey: `key-${key}`,
  requester,
  subject: 'A chat',
  comment: comment(requester, `marker-${key}`),
  tags: ['chat'],
  fields: {},
  ...also,
});

/** What a call must have given; fails with what it gave instead. */
export function gave<Value>(outcome: { result: 'done'; value: Value } | { result: string }): Value {
  if (outcome.result !== 'done' || !('value' in outcome)) throw new Error(`not done: ${JSON.stringify(outcome)}`);
  return outcome.value;
}

export interface Stub {
  url: string;
  seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[];
  close(): void;
}

/** A server that answers as it is told, for what no simulator does. */
export async function startStub(
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<Stub> {
  const seen: Stub['seen'] = [];
  const server: Server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces).toString('utf8');
    seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
    answer(request, response, body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A test that fails before it closes this must not keep the run from ending.
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
