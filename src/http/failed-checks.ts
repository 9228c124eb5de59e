import type { Request, Response } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { problem } from './problem.ts';

/** Slows down whoever gets credentials wrong. What is right is never counted, and so never slowed. */
export interface FailedChecks {
  /** Counts one more failure from where the request came, and answers it: as given, or 429 once they are too many. */
  refuse(request: Request, response: Response, status: number, detail: string): void;
  /** Whether there were too many from there already. For what can be guessed: then do not even look. */
  tooMany(request: Request): Promise<boolean>;
  /** Answers 429. */
  refuseUnseen(response: Response): void;
}

const windowMs = 60_000;
const detail = 'too many wrong credentials came from this address; wait a minute';

/** Allows `perMinute` failures a minute from one IPv4 address, or one network of IPv6. */
export function makeFailedChecks(perMinute: number): FailedChecks {
  const key = (request: Request) => ipKeyGenerator(request.ip ?? '', 56);
  const tooMuch = (response: Response) => {
    response.set('retry-after', String(windowMs / 1_000));
    problem(response, 429, detail);
  };
  // Only failures pass through it, so that it counts nothing else. Its own checks would write to the console.
  const counted = rateLimit({
    windowMs,
    limit: perMinute,
    standardHeaders: false,
    legacyHeaders: false,
    validate: false,
    keyGenerator: key,
    handler: (_request, response) => tooMuch(response),
  });
  return {
    refuse: (request, response, status, why) => void counted(request, response, () => problem(response, status, why)),
    tooMany: async (request) => ((await counted.getKey(key(request)))?.totalHits ?? 0) >= perMinute,
    refuseUnseen: tooMuch,
  };
}
