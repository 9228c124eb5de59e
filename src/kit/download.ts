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
  | { result: 'later'; why: string }
  | { result: 'never'; why: string; code?: string }
>;
