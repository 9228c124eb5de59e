import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream';
import { createBrotliDecompress, createUnzip } from 'node:zlib';
import { contentTypeOf } from './content-type.ts';
import { fileNameOf } from './file-name.ts';
import { type GuardedRequest, guardedRequest, type Resolve, systemResolve } from './guarded-request.ts';
import { step } from './step.ts';
import { describeBytes } from './units.ts';

/** A file fetched from outside, held in memory. */
export interface FetchedFile {
  bytes: Buffer;
  /** By its first bytes where they tell, else as the server said, else `application/octet-stream`. */
  contentType: string;
  /** From Content-Disposition or the URL's last segment; no path, no control characters. */
  name?: string;
}

/**
 * Fetches a URL that a stranger gave. Only http and https, no private, loopback or link-local address (also after a
 * redirect or a change of DNS) unless the host is allowed by setting, within a time and a size.
 * `later` for what may pass, `never` with a reason in plain words for what will not (404, too large, forbidden address).
 */
export type Download = (
  url: string,
  options?: { maxBytes?: number; timeoutMs?: number; headers?: Record<string, string> },
) => Promise<
  | { result: 'done'; value: FetchedFile }
  | { result: 'later'; why: string; after?: Milliseconds }
  | { result: 'never'; why: string; code?: string }
>;

/** Of the same shape as the domain's Duration, so that what a channel fetched is an Outcome as it is. */
type Milliseconds = number & { readonly _: 'Duration' };

export interface DownloadOptions {
  /** Hosts exempt from the guard, such as `127.0.0.1` or `127.0.0.1:8080`: for simulators. */
  allowedHosts: readonly string[];
  /** The most any call may ask for. */
  maxBytes: number;
  /** From the first look-up to the last byte, over all redirects, in milliseconds. */
  timeoutMs: number;
  /** For tests: how host names become addresses. */
  resolve?: Resolve;
}

const mostRedirects = 5;

/** Makes the guarded download. Limits given with a call can only be tighter than these. */
export function makeDownload(options: DownloadOptions): Download {
  return async (url, call = {}) => {
    const first = httpUrl(url);
    if (!first) return never('its address is not a web address (http or https)', 'bad-address');
    const timeoutMs = Math.min(call.timeoutMs ?? options.timeoutMs, options.timeoutMs);
    const signal = AbortSignal.timeout(timeoutMs);
    const attempt: Attempt = {
      allowedHosts: options.allowedHosts,
      resolve: options.resolve ?? systemResolve,
      signal,
      maxBytes: Math.min(call.maxBytes ?? options.maxBytes, options.maxBytes),
      headers: call.headers ?? {},
    };
    try {
      return await followed(attempt, first, mostRedirects);
    } catch (error) {
      if (signal.aborted) return later(`it did not arrive within ${timeoutMs / 1000} s`);
      return later(`the connection failed (${codeOf(error)})`);
    }
  };
}

type Downloaded = Awaited<ReturnType<Download>>;

interface Attempt extends Pick<GuardedRequest, 'allowedHosts' | 'resolve' | 'signal'> {
  maxBytes: number;
  /** The caller's headers. They may hold credentials, so a redirect to another origin does not get them. */
  headers: Record<string, string>;
}

async function followed(attempt: Attempt, url: URL, redirectsLeft: number): Promise<Downloaded> {
  const headers = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'passerelle', ...attempt.headers };
  const answer = await guardedRequest({ ...attempt, url, headers });
  if (answer === 'forbidden') return never('its address is inside a private network', 'forbidden-address');
  const location = redirectIn(answer);
  if (location === undefined) return read(answer, url, attempt.maxBytes);
  answer.destroy();
  const next = httpUrl(location, url.href);
  if (!next) return never('it was redirected to something that is not a web address', 'bad-address');
  if (redirectsLeft === 0) return never('it was redirected too often', 'redirects');
  const own = next.origin === url.origin ? attempt.headers : {};
  return followed({ ...attempt, headers: own }, next, redirectsLeft - 1);
}

function redirectIn({ statusCode, headers }: IncomingMessage): string | undefined {
  return [301, 302, 303, 307, 308].includes(statusCode ?? 0) ? headers.location : undefined;
}

async function read(answer: IncomingMessage, url: URL, maxBytes: number): Promise<Downloaded> {
  const status = answer.statusCode ?? 0;
  try {
    if (status < 200 || status > 299) return refusal(status, answer.headers['retry-after']);
    const bytes = await bytesOf(answer, maxBytes);
    if (!bytes) return never(tooLarge(answer, maxBytes), 'too-large');
    const name = fileNameOf(answer.headers['content-disposition'], url);
    const contentType = await contentTypeOf(bytes, answer.headers['content-type']);
    return { result: 'done', value: { bytes, contentType, ...(name && { name }) } };
  } finally {
    answer.destroy();
  }
}

const toldBytes = ({ headers }: IncomingMessage) => Number(headers['content-length'] ?? 0);

function tooLarge(answer: IncomingMessage, maxBytes: number): string {
  const told = toldBytes(answer);
  const size = told > maxBytes ? `it has ${describeBytes(told)}, more` : 'it is larger';
  return `${size} than the ${describeBytes(maxBytes)} that are fetched`;
}

/** Undefined when there are more than `maxBytes`, told or found. */
async function bytesOf(answer: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  if (toldBytes(answer) > maxBytes) return undefined;
  // With room made at once a large file is in memory once; put together at the end it would be there twice.
  let bytes: Buffer = Buffer.allocUnsafeSlow(Math.min(toldBytes(answer) || firstRoom, maxBytes));
  let total = 0;
  for await (const piece of decoded(answer)) {
    if (total + piece.length > maxBytes) return undefined;
    if (total + piece.length > bytes.length) bytes = enlarged(bytes, total + piece.length, maxBytes);
    bytes.set(piece, total);
    total += piece.length;
    step('media.arriving');
  }
  return total === bytes.length ? bytes : bytes.subarray(0, total);
}

const firstRoom = 64 * 1024;

function enlarged(bytes: Buffer, needed: number, maxBytes: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(Math.min(Math.max(needed, bytes.length * 2), maxBytes));
  larger.set(bytes);
  return larger;
}

/** Compression is not asked for, but some servers compress all the same. */
function decoded(answer: IncomingMessage): AsyncIterable<Buffer> {
  const encoding = answer.headers['content-encoding']?.toLowerCase();
  if (encoding === 'br') return pipeline(answer, createBrotliDecompress(), () => {});
  const known = ['gzip', 'x-gzip', 'deflate'].includes(encoding ?? '');
  return known ? pipeline(answer, createUnzip(), () => {}) : answer;
}

function refusal(status: number, retryAfter: string | undefined): Downloaded {
  const code = `http-${status}`;
  if (status === 404 || status === 410) return never('it is no longer there', code);
  if (status === 401 || status === 403) return never('its link has expired or needs a login', code);
  if (status >= 500 || [408, 425, 429].includes(status))
    return { ...later(`the server answered with status ${status}`), ...waitFor(retryAfter) };
  return never(`the server answered with status ${status}`, code);
}

const longestWaitMs = 3_600_000;

/** Retry-After in seconds or as a date; a stranger's server may make us wait an hour at most. */
function waitFor(retryAfter: string | undefined): { after?: Milliseconds } {
  const ms = /^\d+$/.test(retryAfter ?? '') ? Number(retryAfter) * 1000 : Date.parse(retryAfter ?? '') - Date.now();
  return ms > 0 ? { after: Math.min(ms, longestWaitMs) as Milliseconds } : {};
}

function httpUrl(text: string, base?: string): URL | undefined {
  const url = URL.canParse(text, base) ? new URL(text, base) : undefined;
  return url && ['http:', 'https:'].includes(url.protocol) ? url : undefined;
}

const later = (why: string): Downloaded => ({ result: 'later', why });
const never = (why: string, code: string): Downloaded => ({ result: 'never', why, code });

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown';
}
