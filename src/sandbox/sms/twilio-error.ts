import type { NextFunction, Request, Response } from 'express';
import type { FaultAnswer } from '../simulator.ts';

/** An error of Twilio's REST API, thrown by a route and written by `writeTwilioError`. */
export class TwilioError extends Error {
  readonly code: number;
  readonly status: number;
  constructor(message: string, code: number, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export const notFound = (path: string): TwilioError =>
  new TwilioError(`The requested resource ${path} was not found`, 20404, 404);
export const notAuthentic = (): TwilioError => new TwilioError('Authenticate', 20003, 401);

const bodyOf = ({ code, message, status }: TwilioError) => ({
  code,
  message,
  more_info: `https://www.twilio.com/docs/errors/${code}`,
  status,
});

export function writeTwilioError(error: unknown, _request: Request, response: Response, next: NextFunction): void {
  if (error instanceof TwilioError) response.status(error.status).json(bodyOf(error));
  else next(error);
}

const faults: Record<Parameters<FaultAnswer>[0], () => TwilioError> = {
  '429': () => new TwilioError('Too Many Requests', 20429, 429),
  '500': () => new TwilioError('Internal Server Error', 20500, 500),
  '503': () => new TwilioError('Service unavailable', 20503, 503),
  'expired-token': notAuthentic,
};

/** Twilio's own bodies for injected faults. */
export const faultAnswer: FaultAnswer = (kind, { retryAfter }) => {
  const error = faults[kind]();
  const wait = retryAfter === undefined ? {} : { headers: { 'retry-after': String(retryAfter) } };
  return { status: error.status, body: bodyOf(error), ...wait };
};
