import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { memoryBudgets } from '../../../kit/budgets.ts';
import { systemClock } from '../../../kit/clock.ts';
import type { Download } from '../../../kit/download.ts';
import { makeHttp } from '../../../kit/http.ts';
import { silentLog } from '../../../kit/log.ts';
import { memoryTokens } from '../../../kit/shared-tokens.ts';
import type { Tools } from '../../../kit/tools.ts';

/** Real HTTP; downloads without any guard. */
export function localTools(more: Partial<Tools> = {}): Tools & { close(): void } {
  const http = makeHttp();
  const plain = {
    http,
    download: plainDownload,
    tokens: memoryTokens(),
    budgets: memoryBudgets(),
    clock: systemClock,
    log: silentLog,
  };
  return { ...plain, ...more, close: http.close } as Tools & { close(): void };
}

const plainDownload: Download = async (url) => {
  const answer = await fetch(url);
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (answer.status !== 200) return { result: 'never', why: `HTTP ${answer.status}`, code: String(answer.status) };
  return { result: 'done', value: { bytes, contentType: answer.headers.get('content-type') ?? '' } };
};

export interface SeenCall {
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What the platform answers to the next call; `hang up` reads the request and closes the connection. */
export type Answer = { status: number; body: unknown; headers?: Record<string, string> } | 'hang up';

/** A platform that answers as told, one answer per call, and remembers the calls. */
export async function platformAnswering(...answers: Answer[]) {
  const calls: SeenCall[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    calls.push({ method: request.method ?? '', url, headers: request.headers, body: Buffer.concat(chunks).toString() });
    const answer = answers.shift() ?? { status: 500, body: 'no answer was prepared' };
    if (answer === 'hang up') return void response.destroy();
    response.writeHead(answer.status, answer.headers);
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls, close };
}
