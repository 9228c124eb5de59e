import type { NextFunction, Request, Response } from 'express';
import type { FaultAnswer } from '../simulator.ts';

/** A refusal, thrown by a route and written by `writeWeChatError`: an errcode, with HTTP status 200. */
export class WeChatError extends Error {
  readonly errcode: number;
  constructor(errcode: number, errmsg: string) {
    super(errmsg);
    this.errcode = errcode;
  }
}

const written = (errcode: number, errmsg: string) => ({ errcode, errmsg: `${errmsg} rid: 6924a1f0-1b2c3d4e-5f607182` });

export function writeWeChatError(error: unknown, _request: Request, response: Response, next: NextFunction): void {
  if (error instanceof WeChatError) response.json(written(error.errcode, error.message));
  else next(error);
}

/** WeChat's own bodies for injected faults. It sends no Retry-After. */
export const faultAnswer: FaultAnswer = (kind) => {
  if (kind === '429')
    return { status: 200, body: written(45011, 'api minute-quota reach limit, must slower, retry next minute') };
  if (kind === '503') return { status: 200, body: written(-1, 'system error') };
  if (kind === 'expired-token') return { status: 200, body: written(42001, 'access_token expired') };
  return { status: 500, body: written(-1, 'system error') };
};
