import { guardedRequest, type Resolve, systemResolve } from './guarded-request.ts';

export type WebhookPosted =
  | { result: 'done' }
  /** It was not taken now; `after` in milliseconds, where the other side said when. */
  | { result: 'later'; why: string; after?: number }
  /** It is refused, and will be: the shop's own word, or an address that is not called. */
  | { result: 'never'; why: string };

/** Posts JSON to an address of the shop's. */
export type PostWebhook = (url: string, body: string, headers: Record<string, string>) => Promise<WebhookPosted>;

/** What the other side may take to answer. */
const timeoutMs = 10_000;
const longestWaitMs = 3_600_000;

/**
 * Posts to addresses on the internet alone, unless a host is allowed by setting; follows no redirect and reads no answer but its
 * status: 2xx is done, 410 never, all else later.
 */
export function makePostWebhook(allowedHosts: readonly string[], resolve: Resolve = systemResolve): PostWebhook {
  return async (url, body, headers) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const all = {
      ...headers,
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'passerelle',
    };
    try {
      const request = { url: new URL(url), headers: all, signal, allowedHosts, resolve, method: 'POST', body } as const;
      const answer = await guardedRequest(request);
      if (answer === 'forbidden')
        return {
          result: 'never',
          why: 'its address is inside a private network: allow the host under shop.allowedHosts',
        };
      answer.destroy();
      return postedOf(answer.statusCode ?? 0, answer.headers['retry-after']);
    } catch (error) {
      if (signal.aborted) return { result: 'later', why: `no answer within ${timeoutMs / 1000} s` };
      return { result: 'later', why: `the connection failed (${codeOf(error)})` };
    }
  };
}

function postedOf(status: number, retryAfter: string | undefined): WebhookPosted {
  if (status >= 200 && status < 300) return { result: 'done' };
  const why = `the shop answered with status ${status}`;
  if (status === 410) return { result: 'never', why: `${why}: it wants no more of these` };
  const ms = Number(retryAfter) * 1000;
  return { result: 'later', why, ...(ms > 0 ? { after: Math.min(ms, longestWaitMs) } : {}) };
}

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown';
}
