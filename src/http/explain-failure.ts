import type { NextFunction, Request, Response } from 'express';
import type { DatabaseWatch } from '../kit/database-watch.ts';
import { faultOf } from '../kit/fault.ts';
import type { Log } from '../kit/log.ts';
import type { Metrics } from './metrics.ts';
import { problem } from './problem.ts';

interface FailureParts {
  metrics: Metrics;
  log: Log;
  watch: DatabaseWatch;
  maxBodyBytes: number;
}

/** What express and its body reader throw; a bug is logged and answered without its innards. */
export function explainFailure({ metrics, log, watch, maxBodyBytes }: FailureParts) {
  return (
    error: { status?: number; type?: string; message?: string; limit?: number },
    request: Request,
    response: Response,
    _next: NextFunction,
  ) => {
    const status = error.status ?? 500;
    const [, place, kind = 'none'] = request.path.split('/');
    const channel = place === 'webhooks' ? kind : 'none';
    if (status < 500) metrics.refused(channel, error.type ?? 'bad-request');
    else if (!watch.saw(error)) log.error('request.failed', { path: place, ...faultOf(error) });
    if (response.headersSent) return response.destroy();
    return problem(
      response,
      status,
      explanations(error.limit ?? maxBodyBytes)[error.type ?? ''] ??
        (status < 500 ? 'the request could not be read' : 'something went wrong here; it has been logged'),
    );
  };
}

const explanations = (maxBodyBytes: number): Record<string, string> => ({
  'entity.too.large': `the body is larger than ${maxBodyBytes} bytes`,
  'encoding.unsupported': 'the body must not be compressed: the signature is over the bytes as they came',
  'request.aborted': 'the body did not arrive in full',
});
