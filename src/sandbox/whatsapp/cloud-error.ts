import type { NextFunction, Request, Response } from 'express';
import type { FaultAnswer } from '../simulator.ts';

/** An error of the Cloud API, thrown by a route and written by `writeCloudError`. */
export class CloudError extends Error {
  readonly code: number;
  readonly details: string;
  readonly status: number;
  readonly subcode: number | undefined;
  constructor(code: number, title: string, details: string, status = 400, subcode?: number) {
    super(`(#${code}) ${title}`);
    this.code = code;
    this.details = details;
    this.status = status;
    this.subcode = subcode;
  }
}

export const invalid = (details: string): CloudError => new CloudError(100, 'Invalid parameter', details);
export const missing = (id: string): CloudError =>
  new CloudError(100, 'Unsupported request', `Object with ID '${id}' does not exist or cannot be loaded.`, 400, 33);
export const badToken = (expired: boolean): CloudError =>
  new CloudError(190, 'Invalid OAuth access token', 'The access token cannot be used.', 401, expired ? 463 : 467);

function errorBody(error: CloudError, transient = false) {
  return {
    error: {
      message: error.message,
      type: 'OAuthException',
      code: error.code,
      ...(error.subcode === undefined ? {} : { error_subcode: error.subcode }),
      ...(transient ? { is_transient: true } : {}),
      error_data: { messaging_product: 'whatsapp', details: error.details },
      fbtrace_id: 'ASandboxTrace0000000000',
    },
  };
}

export function writeCloudError(error: unknown, _request: Request, response: Response, next: NextFunction): void {
  if (error instanceof CloudError) response.status(error.status).json(errorBody(error));
  else if (isBodyError(error)) response.status(400).json(errorBody(invalid('The request body cannot be read.')));
  else next(error);
}

const isBodyError = (error: unknown): boolean => typeof error === 'object' && error !== null && 'expose' in error;

/** WhatsApp's own bodies for injected faults. How long to wait it does not say. */
export const faultAnswer: FaultAnswer = (kind) => {
  switch (kind) {
    case 'expired-token':
      return { status: 401, body: errorBody(badToken(true)) };
    case '429':
      return { status: 400, body: errorBody(new CloudError(130429, 'Rate limit hit', 'Throughput was exceeded.')) };
    case '503':
      return { status: 503, body: errorBody(new CloudError(131016, 'Service unavailable', 'Overloaded.'), true) };
    default:
      return { status: 500, body: errorBody(new CloudError(131000, 'Something went wrong', 'Please try again.')) };
  }
};
