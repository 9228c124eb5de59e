import http from 'node:http';
import https from 'node:https';
import axios, { type AxiosInstance, isAxiosError } from 'axios';

/** One outgoing request. Nothing is retried and no redirect is followed here; whoever calls decides. */
export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  headers?: Record<string, string>;
  /** An object is sent as JSON; a Buffer, string or stream (form-data) as it is. */
  body?: unknown;
  /** From connecting to the last byte, in milliseconds. Default 15,000. */
  timeoutMs?: number;
  /** An answer longer than this many bytes is cut off and reported as no answer. Default 5 MB. */
  maxBytes?: number;
  signal?: AbortSignal;
}

/** The other side answered, whatever the status. */
export interface HttpAnswer {
  answered: true;
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  bytes: Buffer;
  /** The body parsed, or undefined when it is not JSON. */
  json(): unknown;
  text(): string;
}

/** No usable answer. `sent: 'no'` means the request surely did not arrive; `'maybe'` that it may have been acted upon. */
export interface NoAnswer {
  answered: false;
  sent: 'no' | 'maybe';
  /** Safe to log: holds no URL, header or body. */
  why: string;
}

export interface Http {
  request(request: HttpRequest): Promise<HttpAnswer | NoAnswer>;
}

/** Errors of the connection phase: not a byte of the request has left. */
const neverLeft = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** An http client with kept-alive connections. Call `close` when done. */
export function makeHttp(): Http & { close(): void } {
  const httpAgent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  const httpsAgent = new https.Agent({ keepAlive: true, maxSockets: 64 });
  const client = axios.create({
    httpAgent,
    httpsAgent,
    maxRedirects: 0,
    proxy: false,
    responseType: 'arraybuffer',
    validateStatus: () => true,
    decompress: true,
  });
  return {
    request: (request) => ask(client, request),
    close: () => {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

async function ask(client: AxiosInstance, request: HttpRequest): Promise<HttpAnswer | NoAnswer> {
  const timeoutMs = request.timeoutMs ?? 15_000;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await client.request<Buffer>({
      method: request.method,
      url: request.url,
      headers: request.headers ?? {},
      data: request.body,
      maxContentLength: request.maxBytes ?? 5_000_000,
      maxBodyLength: Number.POSITIVE_INFINITY,
      signal: request.signal ? AbortSignal.any([timeout, request.signal]) : timeout,
    });
    return answerOf(answer.status, answer.headers, answer.data);
  } catch (error) {
    return noAnswer(error, timeout.aborted, timeoutMs);
  }
}

function answerOf(status: number, headers: unknown, data: Buffer): HttpAnswer {
  const bytes = Buffer.from(data ?? '');
  return {
    answered: true,
    status,
    headers: Object.fromEntries(
      Object.entries(headers as Record<string, unknown>).map(([k, v]) => [k.toLowerCase(), String(v)]),
    ),
    bytes,
    text: () => bytes.toString('utf8'),
    json: () => parsedOrUndefined(bytes),
  };
}

function parsedOrUndefined(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function noAnswer(error: unknown, timedOut: boolean, timeoutMs: number): NoAnswer {
  if (timedOut) return { answered: false, sent: 'maybe', why: `no answer within ${timeoutMs} ms` };
  const code = isAxiosError(error)
    ? (error.code ?? 'unknown')
    : String((error as { name?: unknown }).name ?? 'unknown');
  const sent = neverLeft.has(code) ? 'no' : 'maybe';
  return { answered: false, sent, why: `connection failed (${code})` };
}
