import type { NextFunction, Request, Response } from 'express';
import type { FaultAnswer } from '../simulator.ts';

/** An error of the Bot API, thrown by a method and written by `writeBotError`. */
export class BotError extends Error {
  readonly code: number;
  constructor(code: number, description: string) {
    super(description);
    this.code = code;
  }
}

export const bad = (description: string): BotError => new BotError(400, `Bad Request: ${description}`);
export const forbidden = (description: string): BotError => new BotError(403, `Forbidden: ${description}`);

const bodyOf = (code: number, description: string, parameters?: object) => ({
  ok: false,
  error_code: code,
  description,
  ...(parameters ? { parameters } : {}),
});

export function writeBotError(error: unknown, _request: Request, response: Response, next: NextFunction): void {
  if (error instanceof BotError) response.status(error.code).json(bodyOf(error.code, error.message));
  else if (isBodyError(error)) response.status(400).json(bodyOf(400, "Bad Request: can't parse request"));
  else next(error);
}

const isBodyError = (error: unknown): boolean => typeof error === 'object' && error !== null && 'expose' in error;

/** The Bot API's own bodies for injected faults. */
export const faultAnswer: FaultAnswer = (kind, { retryAfter = 1 }) => {
  if (kind === '429') {
    const wait = { retry_after: retryAfter };
    return { status: 429, body: bodyOf(429, `Too Many Requests: retry after ${retryAfter}`, wait) };
  }
  if (kind === 'expired-token') return { status: 401, body: bodyOf(401, 'Unauthorized') };
  const status = kind === '503' ? 503 : 500;
  return { status, body: bodyOf(status, status === 503 ? 'Service Unavailable' : 'Internal Server Error') };
};
