import { pageHeader } from '../../src/console/server/same-site.ts';

export const consoleAdmin = { email: 'admin@acme.example', password: 'correct horse battery' };

export interface ConsoleAnswer {
  status: number;
  body: never;
  headers: Headers;
}

/** A browser without a screen: speaks to `/console/api` as the pages do, and keeps the cookie. */
export function consoleClient(url: string) {
  let cookie = '';
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}/console/api${path}`, {
      method,
      headers: {
        origin: url,
        [pageHeader]: '1',
        ...(cookie && { cookie }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const [set] = response.headers.getSetCookie();
    if (set) cookie = set.split(';')[0]!;
    const text = await response.text();
    return { status: response.status, body: (text ? JSON.parse(text) : undefined) as never, headers: response.headers };
  };
  return {
    get: (path: string) => call('GET', path),
    post: (path: string, body: unknown, headers?: Record<string, string>) => call('POST', path, body, headers),
    delete: (path: string, headers?: Record<string, string>) => call('DELETE', path, undefined, headers),
    call,
    signIn: (who: { email: string; password: string } = consoleAdmin) => call('POST', '/session', who),
    /** What the browser would send along. */
    cookie: () => cookie,
    useCookie: (other: string) => {
      cookie = other;
    },
  };
}
