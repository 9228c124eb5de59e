import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

/** Helmet's headers, the same for every answer: also for those that are written before there is a request. */
export const securityHeaders: readonly (readonly [string, string])[] = gathered();

function gathered(): [string, string][] {
  const headers = new Map<string, string>();
  const response = {
    setHeader: (name: string, value: unknown) => headers.set(name, String(value)),
    removeHeader: () => undefined,
  };
  helmet()({} as IncomingMessage, response as unknown as ServerResponse, () => undefined);
  return [...headers];
}

/** Express middleware; a page that needs more sets its own headers over these. */
export function setSecurityHeaders(_request: unknown, response: ServerResponse, next: () => void): void {
  for (const [name, value] of securityHeaders) response.setHeader(name, value);
  next();
}
