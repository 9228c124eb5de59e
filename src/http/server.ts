import { createServer, type Server } from 'node:http';
import express, { type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import type { Log } from '../kit/log.ts';
import type { Database } from '../store/database.ts';
import { type ApiParts, makeApi } from './api/api.ts';
import { type CallbackAccount, makeCallbacks } from './callbacks.ts';
import { type DoorParts, makeDoor } from './door.ts';
import { readiness } from './health.ts';
import { problem } from './problem.ts';

export interface ServerParts extends DoorParts {
  helpdesks: readonly CallbackAccount[];
  db: Database;
  maxBodyBytes: number;
  now: () => Date;
  api: ApiParts;
}

/** All routes of the service, without a port yet. */
export function makeServer(parts: ServerParts): Server {
  const app = express().disable('x-powered-by').disable('etag');
  app.set('query parser', false);
  mountWebhooks(app, parts);
  app.use(helmet());
  mountOperations(app, parts);
  app.use(makeApi(parts.api));
  app.get('/', (_request, response) => {
    response.json({ service: 'passerelle', health: '/health/ready', metrics: '/metrics', api: '/docs' });
  });
  app.use((request, response) => problem(response, 404, `there is nothing at ${request.path}`));
  app.use(explainFailure(parts));
  const server = createServer(app);
  server.keepAliveTimeout = 65_000;
  server.headersTimeout = 15_000;
  server.requestTimeout = 30_000;
  return server;
}

/** First in line, with nothing before them that the answer does not need. */
function mountWebhooks(app: express.Express, parts: ServerParts): void {
  const door = makeDoor(parts);
  const callbacks = makeCallbacks(parts);
  // Inflating is off: signatures are over the bytes as they came.
  const raw = express.raw({ type: () => true, limit: parts.maxBodyBytes, inflate: false });
  app.get('/webhooks/:kind{/:id}', (request, response) => {
    door.get(request, response, request.params.kind, request.params.id);
  });
  app.post('/webhooks/:kind{/:id}', raw, async (request, response) => {
    const { kind, id } = request.params as { kind: string; id?: string };
    const takes = callbacks.kinds.has(kind) ? callbacks : door;
    await takes.post(request, response, kind, id);
  });
}

function mountOperations(app: express.Express, { db, metrics }: ServerParts): void {
  app.get('/health/live', (_request, response) => {
    response.json({ live: true });
  });
  app.get('/health/ready', async (_request, response) => {
    const found = await readiness(db);
    response.status(found.ready ? 200 : 503).json(found);
  });
  app.get('/metrics', async (_request, response) => {
    const { contentType, body } = await metrics.page();
    response.set('content-type', contentType).send(body);
  });
}

/** What express and its body reader throw; a bug is logged and answered without its innards. */
function explainFailure({ metrics, log, maxBodyBytes }: ServerParts) {
  return (
    error: { status?: number; type?: string; message?: string },
    request: Request,
    response: Response,
    _next: NextFunction,
  ) => {
    const status = error.status ?? 500;
    const [, place, kind = 'none'] = request.path.split('/');
    const channel = place === 'webhooks' ? kind : 'none';
    if (status < 500) metrics.refused(channel, error.type ?? 'bad-request');
    else log.error('request.failed', { path: place, why: error.message });
    if (response.headersSent) return response.destroy();
    return problem(
      response,
      status,
      explanations(maxBodyBytes)[error.type ?? ''] ??
        (status < 500 ? 'the request could not be read' : 'something went wrong here; it has been logged'),
    );
  };
}

const explanations = (maxBodyBytes: number): Record<string, string> => ({
  'entity.too.large': `the body is larger than ${maxBodyBytes} bytes`,
  'encoding.unsupported': 'the body must not be compressed: the signature is over the bytes as they came',
  'request.aborted': 'the body did not arrive in full',
  'request.size.invalid': 'the body is not as long as its Content-Length says',
});

/** Starts listening; resolves with the port. */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

/** Takes no new connections, lets those under way finish for at most `withinMs`. */
export function stopListening(server: Server, withinMs: number, log: Log): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => {
      log.warn('server.cut', { why: `connections were still open after ${withinMs} ms` });
      server.closeAllConnections();
    }, withinMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
