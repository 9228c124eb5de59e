import { promises as dns, type LookupAddress } from 'node:dns';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isAllowedHost, isPublicAddress } from './guard.ts';

/** All addresses of a host name; rejects when there are none. */
export type Resolve = (host: string) => Promise<LookupAddress[]>;

export const systemResolve: Resolve = (host) => dns.lookup(host, { all: true });

export interface GuardedRequest {
  url: URL;
  headers: Record<string, string>;
  signal: AbortSignal;
  allowedHosts: readonly string[];
  resolve: Resolve;
}

/** Something to send along; absent: a GET. */
export interface GuardedBody {
  method: 'POST';
  body: string;
}

/**
 * One request without redirects. The host is resolved once, and the connection goes to the very addresses that were checked,
 * so an answer of DNS that changes in between (rebinding) reaches nothing. Rejects when there is no answer.
 */
export async function guardedRequest(
  request: GuardedRequest & Partial<GuardedBody>,
): Promise<IncomingMessage | 'forbidden'> {
  const addresses = await addressesOf(request);
  const exempt = isAllowedHost(request.url, request.allowedHosts);
  if (!exempt && !addresses.every(({ address }) => isPublicAddress(address))) return 'forbidden';
  return get(request, pinnedTo(addresses));
}

async function addressesOf({ url, resolve, signal }: GuardedRequest): Promise<LookupAddress[]> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  if (family) return [{ address: host, family }];
  const addresses = await orAborted(resolve(host), signal);
  if (addresses.length === 0) throw Object.assign(new Error('no address'), { code: 'ENOTFOUND' });
  return addresses;
}

const pinnedTo =
  (addresses: LookupAddress[]): LookupFunction =>
  (_host, options, callback) => {
    const first = addresses[0];
    if (options.all) callback(null, addresses);
    else callback(null, first?.address ?? '', first?.family);
  };

function get(
  { url, headers, signal, method, body }: GuardedRequest & Partial<GuardedBody>,
  lookup: LookupFunction,
): Promise<IncomingMessage> {
  const { request } = url.protocol === 'https:' ? https : http;
  const target = withoutCredentials(url);
  return new Promise((resolve, reject) => {
    // A shared agent could hand over a connection that was opened without these checks.
    const asked = request(target, { agent: false, method: method ?? 'GET', headers, lookup, signal }, resolve);
    asked.on('error', reject);
    asked.end(body);
  });
}

function withoutCredentials(url: URL): URL {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return bare;
}

function orAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
