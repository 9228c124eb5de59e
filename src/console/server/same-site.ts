import type { NextFunction, Request, Response } from 'express';
import { problem } from '../../http/problem.ts';

/** The header by which our own pages are known: no form and no other site's script can send it without our leave. */
export const pageHeader = 'x-passerelle-console';

/**
 * Lets only our own pages change anything. The cookie is `SameSite=Strict` already; this holds where a browser does not keep to it,
 * and against other services on sister domains.
 */
export const onlyOwnPages =
  (publicUrl: string | undefined) =>
  (request: Request, response: Response, next: NextFunction): void => {
    const reads = request.method === 'GET' || request.method === 'HEAD';
    const fault = reads ? undefined : faultOf(request, publicUrl);
    if (fault) problem(response, 403, `${fault}; the console takes changes from its own pages only`);
    else next();
  };

function faultOf(request: Request, publicUrl: string | undefined): string | undefined {
  if (request.get(pageHeader) !== '1') return `the header ${pageHeader} is missing`;
  const origin = request.get('origin');
  if (origin === undefined) return 'the header Origin is missing';
  const hosts = [request.get('host'), request.get('x-forwarded-host'), publicUrl && new URL(publicUrl).host];
  return URL.canParse(origin) && hosts.includes(new URL(origin).host)
    ? undefined
    : 'the request comes from another site';
}
