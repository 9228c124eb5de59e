import type { NextFunction, Request, Response } from 'express';
import type { FaultAnswer } from '../simulator.ts';

/** An error of the Graph API, thrown by a route and written by `writeGraphError`. */
export class GraphError extends Error {
  readonly code: number;
  readonly subcode: number | undefined;
  readonly status: number;
  constructor(message: string, code: number, subcode?: number, status = 400) {
    super(message);
    this.code = code;
    this.subcode = subcode;
    this.status = status;
  }
}

export const invalid = (message: string, subcode?: number): GraphError =>
  new GraphError(`(#100) ${message}`, 100, subcode);

const expiredToken = () => new GraphError('Error validating access token: Session has expired.', 190, 463, 401);
export const badToken = (expired: boolean): GraphError =>
  expired ? expiredToken() : new GraphError('Invalid OAuth access token.', 190, 467, 401);

export function errorBody(error: GraphError, transient = false) {
  return {
    error: {
      message: error.message,
      type: 'OAuthException',
      code: error.code,
      ...(error.subcode === undefined ? {} : { error_subcode: error.subcode }),
      ...(transient ? { is_transient: true } : {}),
      fbtrace_id: 'ASandboxTrace0000000000',
    },
  };
}

export function writeGraphError(error: unknown, _request: Request, response: Response, next: NextFunction): void {
  if (error instanceof GraphError) response.status(error.status).json(errorBody(error));
  else if (isBodyError(error)) response.status(400).json(errorBody(invalid('The request body cannot be read')));
  else next(error);
}

const isBodyError = (error: unknown): boolean => typeof error === 'object' && error !== null && 'expose' in error;

/**
 * Meta's own bodies for injected faults. A failure after the message was taken carries the subcode that says so; a
 * limit says in a header, in minutes, when it ends.
 */
export const faultAnswer: FaultAnswer = (kind, fault) => {
  if (kind === 'expired-token') return { status: 401, body: errorBody(expiredToken()) };
  if (kind === '429') return limited(fault.retryAfter);
  if (kind === '503')
    return { status: 503, body: errorBody(new GraphError('Service temporarily unavailable', 2), true) };
  const subcode = fault.kind === '500-after' ? 1357046 : undefined;
  return { status: 500, body: errorBody(new GraphError('An unknown error has occurred.', 1, subcode)) };
};

function limited(retryAfter: number | undefined): ReturnType<FaultAnswer> {
  const minutes = Math.ceil((retryAfter ?? 0) / 60);
  const usage = [{ type: 'messenger', call_count: 100, total_time: 20, estimated_time_to_regain_access: minutes }];
  return {
    status: 400,
    headers: { 'x-business-use-case-usage': JSON.stringify({ 0: usage }) },
    body: errorBody(new GraphError('(#613) Calls to this api have exceeded the rate limit.', 613)),
  };
}
