import { createServer, type Server } from 'node:http';
import express, { type Request, type Response, type Router } from 'express';
import { probeAnswer, probePath } from '../flows/doctor/reach.ts';
import type { Log } from '../kit/log.ts';
import { sparingLog } from '../kit/sparing-log.ts';
import { type ApiParts, makeApi } from './api/api.ts';
import { type CallbackAccount, makeCallbacks } from './callbacks.ts';
import { commitInTime } from './commit-in-time.ts';
import { type ConnectionLimits, limitConnections, usualConnectionLimits } from './connections.ts';
import { type DoorParts, makeDoor } from './door.ts';
import { explainFailure } from './explain-failure.ts';
import { makeFailedChecks } from './failed-checks.ts';
import { type HealthParts, readiness } from './health.ts';
import type { HealthDetail } from './health-detail.ts';
import { type HelpdeskCallParts, makeHelpdeskCalls } from './helpdesk-calls.ts';
import { type MediaParts, makeMediaRoute } from './media.ts';
import { makePrivacy } from './privacy.ts';
import { problem } from './problem.ts';
import { rawBody } from './raw-body.ts';
import { setSecurityHeaders } from './security-headers.ts';
import { makeShopDoor, type ShopDoorParts } from './shop-door.ts';

export interface ServerParts
  extends Omit<DoorParts, 'guesses' | 'forgeries'>,
    Pick<ShopDoorParts, 'shops' | 'takeInShop'>,
    Pick<HelpdeskCallParts, 'calls'>,
    HealthParts,
    MediaParts {
  helpdesks: readonly CallbackAccount[];
  maxBodyBytes: number;
  maxConnections: number;
  /** Of the configuration: see `flows/doctor/reach.ts`. */
  digest: string;
  /** What the checks of `passerelle doctor` last found. */
  detail: () => HealthDetail;
  /** How many of the door's statements the database answered. */
  progress: { answers: number };
  now: () => Date;
  api: ApiParts;
  /** The admin pages. */
  console?: Router;
  /** What the app beside a ticket asks. */
  agentApp?: Router;
  /** Other than the usual ones, for tests. */
  limits?: ConnectionLimits;
}

/** Wrong verify tokens that one address may try in a minute; a person who sets up a webhook needs a few. */
const guessesPerMinute = 30;
/**
 * Wrong signatures from one address in a minute, after which they are answered 429. They are still looked at: a secret that
 * signs cannot be guessed, and a right webhook may come from the same proxy as the wrong ones.
 */
const forgeriesPerMinute = 600;

/** All routes of the service, without a port yet. */
export function makeServer(parts: ServerParts): Server {
  const app = express().disable('x-powered-by').disable('etag');
  app.set('query parser', false);
  // A proxy in front is on this machine or its network; strangers on the internet cannot pretend to be one.
  app.set('trust proxy', 'loopback, linklocal, uniquelocal');
  app.use(setSecurityHeaders);
  mountWebhooks(app, {
    ...parts,
    takeIn: commitInTime(parts.takeIn, parts.progress),
    log: sparingLog(parts.log, 10_000),
  });
  mountOperations(app, parts);
  app.use(makeApi(parts.api));
  if (parts.console) app.use('/console', parts.console);
  if (parts.agentApp) app.use('/agent-app', parts.agentApp);
  const media = makeMediaRoute(parts);
  app.get('/media/:token', (request, response) => media(request, response, request.params.token));
  app.use((request, response) => problem(response, 404, `there is nothing at ${request.path}`));
  app.use(explainFailure(parts));
  const limits = parts.limits ?? usualConnectionLimits(parts.maxConnections);
  const server = createServer({ connectionsCheckingInterval: Math.min(1_000, limits.headersMs / 2) }, app);
  limitConnections(server, limits);
  return server;
}

/** First in line, with nothing before them that the answer does not need. */
function mountWebhooks(app: express.Express, parts: ServerParts): void {
  const guesses = makeFailedChecks(guessesPerMinute);
  const forgeries = makeFailedChecks(forgeriesPerMinute);
  const door = makeDoor({ ...parts, guesses, forgeries });
  const callbacks = makeCallbacks({ ...parts, forgeries });
  const shopDoor = makeShopDoor({ ...parts, forgeries });
  app.get(`${probePath}/:nonce`, (request, response, next) => {
    if (/^[0-9a-f]{16,64}$/.test(request.params.nonce))
      response.json({ probe: probeAnswer(parts.digest, request.params.nonce) });
    else next();
  });
  const webhooks = app.route('/webhooks/:kind{/:id}');
  webhooks.get((request, response) => door.get(request, response, request.params.kind, request.params.id));
  webhooks.post(rawBody(parts.maxBodyBytes), async (request, response) => {
    const { kind, id } = request.params as { kind: string; id?: string };
    if (kind === 'shop') return shopDoor(request, response, id);
    const takes = callbacks.kinds.has(kind) ? callbacks : door;
    await takes.post(request, response, kind, id);
  });
  webhooks.all(onlyBy('GET, POST'));
  const calls = app.route('/webhooks/:kind/:id/:name{/:key}');
  const takeCall = makeHelpdeskCalls({ ...parts, forgeries });
  calls.get(takeCall);
  calls.post(rawBody(parts.maxBodyBytes), takeCall);
  calls.all(onlyBy('GET, POST'));
  const privacy = makePrivacy({ ...parts, operations: parts.api.operations, forgeries });
  const deletion = app.route('/privacy/:kind/deletion');
  deletion.post(rawBody(parts.maxBodyBytes), (request, response) =>
    privacy.ask(request, response, request.params['kind'] ?? ''),
  );
  deletion.all(onlyBy('POST'));
  const removal = app.route('/privacy/:kind/deauthorize');
  removal.post(rawBody(parts.maxBodyBytes), (request, response) =>
    privacy.removed(request, response, request.params['kind'] ?? ''),
  );
  removal.all(onlyBy('POST'));
  const receipt = app.route('/privacy/deletions/:code');
  receipt.get((request, response) => privacy.show(response, request.params.code));
  receipt.all(onlyBy('GET, HEAD'));
}

function mountOperations(app: express.Express, parts: HealthParts & Pick<ServerParts, 'metrics' | 'detail'>): void {
  const pages: Record<string, (response: Response) => unknown> = {
    '/health/live': (response) => response.json({ live: true }),
    '/health/ready': async (response) => {
      const found = await readiness(parts);
      response.status(found.ready ? 200 : 503).json(found);
    },
    '/health/detail': (response) => response.json(parts.detail()),
    '/metrics': async (response) => {
      const { contentType, body } = await parts.metrics.page();
      response.set('content-type', contentType).send(body);
    },
    '/': (response) =>
      response.json({
        service: 'passerelle',
        health: '/health/ready',
        metrics: '/metrics',
        api: '/docs',
        console: '/console',
      }),
  };
  for (const [path, answer] of Object.entries(pages)) {
    const page = app.route(path);
    page.get((_request, response) => answer(response));
    page.all(onlyBy('GET, HEAD'));
  }
}

const onlyBy = (methods: string) => (request: Request, response: Response) => {
  response.set('allow', methods);
  problem(response, 405, `${request.method} is not possible here, only ${methods}`);
};

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
