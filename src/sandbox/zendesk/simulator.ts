import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { ZendeskSimulator, ZendeskSimulatorOptions } from '../contract.ts';
import { type FaultAnswer, startSimulator } from '../simulator.ts';
import { agentComments, setStatus } from './agents.ts';
import { type Answer, badRequest, invalidToken, noSuchEndpoint, tooManyRequests } from './answer.ts';
import { makeCallbacks } from './callbacks.ts';
import type { Desk, Route } from './desk.ts';
import { exportRoutes, usualExportPage } from './exports.ts';
import { limitHeaders, perMinute, useLimits, usualLimits, type ZendeskLimits } from './limits.ts';
import { giveToken, refuseLogin } from './login.ts';
import { namedControls, namedRoutes } from './named.ts';
import { provisioningRoutes } from './provisioning.ts';
import { redactionRoutes } from './redactions.ts';
import { type CallbackState, freshState } from './state.ts';
import { ticketRoutes } from './tickets.ts';
import { serveAttachment, uploadRoutes } from './uploads.ts';
import { userRoutes } from './users.ts';
import { ticketView } from './views.ts';

/** What this simulator can do beside the contract. */
export interface ZendeskSandbox extends ZendeskSimulator {
  /** Where callbacks go, once the service has a port. */
  setWebhookUrl(url: string | undefined): void;
  /** What an administrator (or Zendesk itself) does to the webhook that calls back, or to its trigger. */
  setCallback(state: CallbackState): void;
  /** So many tickets on a page of the incremental export, instead of 1,000. */
  pageExports(tickets: number): void;
  /** Moves this account's clock ahead: tokens, uploads, limits and idempotency keys age by as much. */
  passTime(ms: number): void;
  /** Whether this service's user may take words out of comments (Agent Workspace, and the permission). */
  permitRedacting(permitted: boolean): void;
  /** Removes a user, as when an admin deletes or merges it. */
  removeUser(id: number): void;
  /** An administrator makes or deletes a group; returns its number. */
  addGroup(name: string): number;
  removeGroup(name: string): void;
}

export interface ZendeskSandboxOptions extends ZendeskSimulatorOptions {
  limits?: Partial<ZendeskLimits>;
  /** The incremental export leaves out the last minute, as the real one does. Off, so that nobody waits for it. */
  exportLags?: boolean;
  /** How long a callback waits for its answer, in milliseconds. Default 12,000, as the real one. */
  callbackTimeoutMs?: number;
}

/**
 * A strict Zendesk in memory: refuses what the real one refuses, with its bodies, and sends signed callbacks when an agent
 * answers in public.
 */
export async function startZendeskSimulator(options: ZendeskSandboxOptions): Promise<ZendeskSandbox> {
  const app = express();
  const callbacks = makeCallbacks(options.webhookSecret, options.webhookUrl, options.callbackTimeoutMs);
  const planned = { ...usualLimits, ...options.limits };
  let url = '';
  let changed = () => {};
  const desk: Desk = {
    state: freshState(),
    options,
    limits: { ...planned },
    exportLags: options.exportLags ?? false,
    exportPage: usualExportPage,
    mayRedact: true,
    url: () => url,
    callbackUrl: callbacks.url,
    changed: () => changed(),
  };
  const base = await startSimulator(app, {
    answer: faultAnswer,
    ...(options.port !== undefined && { port: options.port }),
    reset: () => {
      desk.state = freshState();
      desk.limits = { ...planned };
      callbacks.stop();
      Object.assign(callbacks, { copies: 1, lose: false });
    },
    before: (misbehave) => {
      app.use(misbehave);
      addRoutes(app, desk);
    },
  });
  url = base.url;
  changed = base.changed;
  return {
    ...base,
    ...controls(desk, callbacks, planned.perMinute),
    ...namedControls(desk),
    webhooks: callbacks,
    setWebhookUrl: callbacks.setUrl,
    close: () => {
      callbacks.stop();
      return base.close();
    },
  };
}

type Controls = Pick<
  ZendeskSandbox,
  | 'tickets'
  | 'agentComments'
  | 'setStatus'
  | 'expireToken'
  | 'setRateLimit'
  | 'setCallback'
  | 'pageExports'
  | 'passTime'
  | 'removeUser'
  | 'permitRedacting'
>;

function controls(desk: Desk, callbacks: ReturnType<typeof makeCallbacks>, plan: number): Controls {
  return {
    tickets: () => [...desk.state.tickets.values()].map((ticket) => ticketView(desk.state, desk.url(), ticket)),
    agentComments: async (ticketId, said) => {
      const id = agentComments(desk.state, ticketId, said);
      desk.changed();
      if (said.public && desk.state.callback === 'active') callbacks.send(ticketId);
      return id;
    },
    setStatus: (ticketId, status) => {
      setStatus(desk.state, ticketId, status);
      desk.changed();
    },
    // Tokens given so far die; client credentials get a new one, a fixed token stays dead until this is lifted.
    expireToken: (expired) => {
      desk.state.fixedTokensExpired = expired;
      for (const token of desk.state.tokens.values()) token.revoked = expired;
    },
    setRateLimit: (perMinuteLimit) => {
      desk.limits.perMinute = perMinuteLimit ?? plan;
    },
    setCallback: (state) => {
      desk.state.callback = state;
    },
    pageExports: (tickets) => {
      desk.exportPage = tickets;
    },
    passTime: (ms) => {
      desk.state.ahead += ms;
    },
    permitRedacting: (permitted) => {
      desk.mayRedact = permitted;
    },
    removeUser: (id) => {
      const user = desk.state.users.get(id);
      if (user) user.gone = true;
    },
  };
}

const routes: Route[] = [
  ...userRoutes,
  ...ticketRoutes,
  ...redactionRoutes,
  ...uploadRoutes,
  ...exportRoutes,
  ...namedRoutes,
  ...provisioningRoutes,
];

function addRoutes(app: Express, desk: Desk): void {
  app.disable('x-powered-by');
  app.get('/attachments/token/:token/', (request, response) => serveAttachment(desk.state, request, response));
  app.post('/oauth/tokens', express.json(), (request, response) => {
    reply(response, giveToken(desk.state, desk.options, request));
  });
  app.use('/api/v2', guard(desk));
  app.post('/api/v2/uploads{.json}', express.raw({ type: () => true, limit: '60mb' }));
  app.use('/api/v2', express.json({ limit: '10mb' }));
  for (const [method, path, handler] of routes) {
    app[method](`/api/v2${path}{.json}`, (request, response) => reply(response, handler(desk, request)));
  }
  app.use((_request, response) => reply(response, noSuchEndpoint));
  app.use((error: { status?: number }, _request: Request, response: Response, _next: NextFunction) => {
    const refusal = badRequest('Unprocessable', 'Server could not read the body');
    reply(response, { ...refusal, status: error.status === 413 ? 413 : 400 });
  });
}

/** Login and the account's own limit; its headers go with every answer. */
const guard = (desk: Desk) => (request: Request, response: Response, next: NextFunction) => {
  const limit = perMinute('account', desk.limits.perMinute);
  const refusal = useLimits(desk.state, [limit]) ?? refuseLogin(desk.state, desk.options, request);
  response.set(limitHeaders(desk.state, limit));
  if (refusal) reply(response, refusal);
  else next();
};

function reply(response: Response, { status, body, headers = {} }: Answer): void {
  response.status(status).set(headers);
  if (body === undefined) response.end();
  else response.json(body);
}

const faultAnswer: FaultAnswer = (kind, fault) => {
  const { status, body, headers = {} } = faultAnswers[kind](fault.retryAfter);
  return { status, body, headers };
};

const faultAnswers: Record<Parameters<FaultAnswer>[0], (retryAfter: number | undefined) => Answer> = {
  '429': (retryAfter = 1) => tooManyRequests(retryAfter),
  '500': () => ({ status: 500, body: { error: 'InternalError', description: 'Something went wrong' } }),
  '503': (retryAfter) => ({
    status: 503,
    body: { error: 'ServiceUnavailable', description: 'Service is temporarily unavailable' },
    ...(retryAfter !== undefined && { headers: { 'retry-after': String(retryAfter) } }),
  }),
  'expired-token': () => invalidToken,
};
