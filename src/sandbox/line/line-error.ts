import type { NextFunction, Request, Response } from 'express';
import type { FaultAnswer } from '../simulator.ts';

export interface Detail {
  message: string;
  property: string;
}

/** A refusal of the Messaging API, thrown by a route and written by `writeLineError`. */
export class LineError extends Error {
  readonly status: number;
  readonly more: { details?: Detail[]; sentMessages?: unknown[] };
  readonly headers: Record<string, string>;
  constructor(status: number, message: string, more: LineError['more'] = {}, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.more = more;
    this.headers = headers;
  }
}

export const badBody = (details: Detail[]): LineError =>
  new LineError(400, `The request body has ${details.length} error(s)`, { details });

export const badToken = (): LineError =>
  new LineError(
    401,
    'Authentication failed due to the following reason: invalid token. Confirm that the access token in the authorization header is valid.',
  );

export function writeLineError(error: unknown, _request: Request, response: Response, next: NextFunction): void {
  if (error instanceof LineError) {
    response
      .status(error.status)
      .set(error.headers)
      .json({ message: error.message, ...error.more });
    return;
  }
  const status = statusOf(error);
  if (status === 413) response.status(413).json({ message: 'Request Entity Too Large' });
  else if (status !== undefined)
    response.status(400).json({ message: 'The request body could not be parsed as JSON (line: 1, column: 1)' });
  else next(error);
}

const statusOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;

/** LINE's own bodies for injected faults. It promises no Retry-After; whoever injects the fault may add one. */
export const faultAnswer: FaultAnswer = (kind, { retryAfter }) => {
  if (kind === 'expired-token') return { status: 401, body: { message: badToken().message } };
  const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  if (kind === '429')
    return { status: 429, headers, body: { message: 'The API rate limit has been exceeded. Try again later.' } };
  if (kind === '503') return { status: 503, headers, body: { message: 'Service Unavailable' } };
  return { status: 500, body: { message: 'An error occurred on the LINE Platform' } };
};
