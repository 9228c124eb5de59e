import type { Request, Response } from 'express';

/** Shows a simulator's file on the page; no other address is fetched. */
export function mediaFrom(origins: readonly string[]) {
  return async (request: Request, response: Response): Promise<void> => {
    const url = String(request.query['url'] ?? '');
    if (!origins.some((origin) => url.startsWith(`${origin}/`))) {
      response.status(404).end();
      return;
    }
    const answer = await fetch(url);
    response.status(answer.status);
    for (const name of ['content-type', 'content-disposition']) {
      const value = answer.headers.get(name);
      if (value) response.set(name, value);
    }
    response.set('cache-control', 'private, max-age=600');
    // The file is a stranger's: shown, it may run nothing.
    response.set('content-security-policy', "sandbox; default-src 'none'; style-src 'unsafe-inline'; media-src 'self'");
    response.set('x-content-type-options', 'nosniff');
    response.end(Buffer.from(await answer.arrayBuffer()));
  };
}
