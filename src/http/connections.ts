import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { securityHeaders } from './security-headers.ts';

/** How much time and how many connections anybody gets. Milliseconds. */
export interface ConnectionLimits {
  /** For a request's headers, from the connection or the request before. */
  headersMs: number;
  /** For a whole request, its body too. */
  requestMs: number;
  /** For going on sending after an answer, such as that a body is too large. */
  lingerMs: number;
  /** Open at the same time. */
  most: number;
}

export const usualConnectionLimits = (most: number): ConnectionLimits => ({
  headersMs: 10_000,
  requestMs: 20_000,
  lingerMs: 1_000,
  most,
});

/** Cuts what is slow, broken or too much, and says why where somebody may still listen. */
export function limitConnections(server: Server, { headersMs, requestMs, lingerMs, most }: ConnectionLimits): void {
  server.keepAliveTimeout = 65_000;
  server.headersTimeout = headersMs;
  server.requestTimeout = requestMs;
  // Those over `most` are told so; beyond these not even that.
  server.maxConnections = most + 100;
  const answers = new WeakMap<Socket, ServerResponse>();
  let open = 0;
  server.on('connection', (socket: Socket) => {
    open++;
    socket.on('close', () => open--);
    if (open > most) refuse(socket, 503, 'too many connections are open just now; please try again');
  });
  server.on('request', (request, response) => {
    answers.set(request.socket, response);
    response.on('finish', () => {
      if (request.complete) return;
      const keep = cutLater(request.socket, lingerMs);
      request.once('end', keep);
    });
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const answer = answers.get(socket);
    if (!socket.writable || (answer?.headersSent && !answer.writableEnded)) return void socket.destroy();
    const [status, detail] = reasons[error.code ?? ''] ?? [400, 'this is not HTTP as it can be read here'];
    refuse(socket, status, detail);
  });
}

const reasons: Readonly<Record<string, [number, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'the request did not arrive in time'],
  HPE_HEADER_OVERFLOW: [431, 'the headers are too large'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'the chunk extensions are too large'],
};

function refuse(socket: Socket, status: number, detail: string): void {
  const title = STATUS_CODES[status] ?? 'Error';
  const body = JSON.stringify({ type: 'about:blank', title, status, detail });
  const headers = [
    ['Content-Type', 'application/problem+json; charset=utf-8'],
    ['Content-Length', String(Buffer.byteLength(body))],
    ['Connection', 'close'],
    ...(status === 503 ? [['Retry-After', '5']] : []),
    ...securityHeaders,
  ];
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.on('error', () => undefined);
  socket.end(`HTTP/1.1 ${status} ${title}\r\n${lines}\r\n${body}`);
  cutLater(socket, 1_000);
}

/** Time to read the answer; closing at once, with bytes still coming, would reset the connection and lose it. */
function cutLater(socket: Socket, ms: number): () => void {
  const timer = setTimeout(() => socket.destroy(), ms);
  timer.unref();
  const keep = () => clearTimeout(timer);
  socket.once('close', keep);
  return keep;
}
