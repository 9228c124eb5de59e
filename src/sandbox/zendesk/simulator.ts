import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { ZendeskSimulator, ZendeskSimulatorOptions } from '../contract.ts';
import { type FaultAnswer, startSimulator } from '../simulator.ts';
import { agentComments, setStatus } from './agents.ts';
import { type Answer, badRequest, invalidToken, noSuchEndpoint, tooManyRequests } from './answer.ts';
import { makeCallbacks } from './callbacks.ts';
import { handOver } from './channelback.ts';
import type { Desk, Route } from './desk.ts';
import { exportRoutes, usualExportPage } from './exports.ts';
import { fireTriggers } from './fire-triggers.ts';
import { addIntegrationAccount, frameworkOf, frameworkRoutes } from './framework.ts';
import { limitHeaders, perMinute, useLimits, usualLimits, type ZendeskLimits } from './limits.ts';
import { giveToken, refuseLogin } from './login.ts';
import { type CallbackState, makeByHand } from './made-by-hand.ts';
import { namedControls, namedRoutes } from './named.ts';
import { pushRoutes } from './pushed.ts';
import { redactionRoutes } from './redactions.ts';
import { addRuleByHand, ruleRoutes, rulesOf } from './rules.ts';
import { freshState, nextId, type Rule, staff, type User, userOf, type Webhook } from './state.ts';
import { ticketRoutes } from './tickets.ts';
import { serveAttachment, uploadRoutes } from './uploads.ts';
import { userRoutes } from './users.ts';
import { ticketView } from './views.ts';
import { resetSecret, webhookRoutes } from './webhooks.ts';

/** What this simulator can do beside the contract. */
export interface ZendeskSandbox extends ZendeskSimulator {
  /** Where callbacks go, once the service has a port. */
  setWebhookUrl(url: string | undefined): void;
  /** What an administrator (or Zendesk itself) does to the webhook that calls back, or to its trigger. */
  setCallback(state: CallbackState): void;
  /** Makes the user that the service logs in as an agent, who may not see or change what administrators make. */
  setRole(role: 'end-user' | 'agent' | 'admin'): void;
  /** What is in a list an administrator looks after: `triggers`, `views`, `macros`, `ticket_fields`, `user_fields`. */
  rules(list: string): Rule[];
  /** The webhooks, with their secrets. */
  hooks(): Omit<Webhook, 'fields'>[];
  /** The account sorts its triggers into these categories from now on, and wants one for each. */
  sortTriggers(categories: string[]): void;
  /** An administrator makes something by hand. Returns its id. */
  addRule(list: string, fields: Record<string, unknown>): number;
  /** An administrator deletes something. */
  removeRule(list: string, id: number): void;
  /** An administrator resets a webhook's signing secret. Returns the new one. */
  resetSecret(webhookId: string): string;
  /** So many tickets on a page of the incremental export, instead of 1,000. */
  pageExports(tickets: number): void;
  /** Moves this account's clock ahead: tokens, uploads, limits and idempotency keys age by as much. */
  passTime(ms: number): void;
  /** Whether this service's user may take words out of comments (Agent Workspace, and the permission). */
  permitRedacting(permitted: boolean): void;
  /** Every user there is or was, with all that is left of them. */
  users(): User[];
  /** Removes a user, as when an admin deletes or merges it. */
  removeUser(id: number): void;
  /** An administrator makes or deletes a group; returns its number. */
  addGroup(name: string): number;
  removeGroup(name: string): void;
  /** An administrator installs the integration and adds an account to it. Returns the page they were shown. */
  addIntegrationAccount(manifestUrl: string, locale?: string): Promise<string>;
  /** They take it out of service, or into it again; or Zendesk did so after a 401. */
  setIntegrationAccount(active: boolean): void;
  /** What the framework was told, for tests of what goes out with it. */
  integrationAccount(): { instance: string; token: string; metadata: string; off: boolean } | undefined;
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
  const callbacks = makeCallbacks(options.callbackTimeoutMs);
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
    callbacks,
    changed: () => changed(),
  };
  let byHand: { url: string | undefined; state: CallbackState } = { url: options.webhookUrl, state: 'active' };
  makeByHand(desk, byHand);
  const base = await startSimulator(app, {
    answer: faultAnswer,
    ...(options.port !== undefined && { port: options.port }),
    reset: () => {
      desk.state = freshState();
      desk.limits = { ...planned };
      callbacks.stop();
      Object.assign(callbacks, { copies: 1, lose: false });
      byHand = { ...byHand, state: 'active' };
      makeByHand(desk, byHand);
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
    ...controls(desk, planned.perMinute),
    ...namedControls(desk),
    webhooks: callbacks,
    setWebhookUrl: (to) => {
      byHand = { ...byHand, url: to };
      makeByHand(desk, byHand);
    },
    setCallback: (to) => {
      byHand = { ...byHand, state: to };
      makeByHand(desk, byHand);
    },
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
  | 'setRole'
  | 'rules'
  | 'hooks'
  | 'addRule'
  | 'removeRule'
  | 'sortTriggers'
  | 'resetSecret'
  | 'pageExports'
  | 'passTime'
  | 'removeUser'
  | 'users'
  | 'permitRedacting'
  | 'addIntegrationAccount'
  | 'setIntegrationAccount'
  | 'integrationAccount'
>;

function controls(desk: Desk, plan: number): Controls {
  return {
    tickets: () => [...desk.state.tickets.values()].map((ticket) => ticketView(desk.state, desk.url(), ticket)),
    agentComments: async (ticketId, said) => {
      const { comment, change } = agentComments(desk.state, ticketId, said);
      desk.changed();
      fireTriggers(desk, change);
      if (said.public) void handOver(desk, change.ticket, comment);
      return comment.id;
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
    setRole: (role) => {
      userOf(desk.state, staff.service).role = role;
    },
    rules: (list) => structuredClone(rulesOf(desk.state, list)),
    hooks: () => desk.state.webhooks.map(({ fields: _, ...hook }) => ({ ...hook })),
    sortTriggers: (names) => {
      desk.state.triggerCategories = names.map((name) => ({ id: String(nextId(desk.state)), name }));
    },
    addRule: (list, fields) => addRuleByHand(desk, list, fields),
    removeRule: (list, id) => {
      const rest = rulesOf(desk.state, list).filter((rule) => rule.id !== id);
      desk.state.rules.set(list, rest);
    },
    resetSecret: (id) => resetSecret(desk, id),
    pageExports: (tickets) => {
      desk.exportPage = tickets;
    },
    passTime: (ms) => {
      desk.state.ahead += ms;
    },
    permitRedacting: (permitted) => {
      desk.mayRedact = permitted;
    },
    users: () => structuredClone([...desk.state.users.values()]),
    addIntegrationAccount: (manifestUrl, locale) => addIntegrationAccount(desk, manifestUrl, locale),
    setIntegrationAccount: (active) => {
      const framework = frameworkOf(desk);
      if (framework) framework.off = !active;
    },
    integrationAccount: () => {
      const framework = frameworkOf(desk);
      return framework && { ...framework };
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
  ...webhookRoutes,
  ...ruleRoutes,
  ...frameworkRoutes,
  ...pushRoutes,
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
    app[method](`/api/v2${path}{.json}`, async (request, response) => reply(response, await handler(desk, request)));
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
