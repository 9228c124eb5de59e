import express, { type Express, type Request, type Response } from 'express';
import type { SalesforceRecord, SalesforceSimulator, SalesforceSimulatorOptions } from '../contract.ts';
import { type FaultAnswer, startSimulator } from '../simulator.ts';
import { agentChanges, agentWrites } from './agents.ts';
import { type Answer, type Call, expired, notThere, refuse } from './answer.ts';
import { answerApi } from './api.ts';
import { answerComet, type Comet, newComet } from './comet.ts';
import { beginDeployment } from './deployments.ts';
import { answerLogin, type Sessions } from './login.ts';
import { asRecord, makeBare, makeOrg, type Org, rowsOf, schemaOf } from './org.ts';
import { addPersonAccount, convertLead, type PersonAccount } from './people.ts';
import { createRecord, deleteRecord, findRecord } from './records.ts';

/** What an admin of the simulated org can do, and how it can be made to refuse. */
export interface SalesforceSwitches {
  /** From now on a contact whose e-mail or mobile number is there already is refused (DUPLICATES_DETECTED). */
  duplicateRule(on: boolean): void;
  /** From now on new Cases go to this user or queue, unless a request says that the assignment rule is not to be used. */
  assignCases(owner: string | undefined): void;
  /** The next `times` API calls are refused with this error, whatever they ask. */
  refuseNext(refusal: { status: number; errorCode: string; message?: string; times: number }): void;
  /** Calls allowed per day; those made so far count. */
  setApiLimit(max: number): void;
  /** As an admin would delete it: what is written to it afterwards is refused. */
  remove(object: string, id: string): void;
  /** Takes a field away, or its being unique, as in an org that is not set up yet. */
  changeField(object: string, field: string, change: 'remove' | 'not-unique'): void;
  /** An org that nobody has prepared: without our fields, objects, flow and permission set. */
  bare(): void;
  events: {
    /** How long a poll waits for an event, in milliseconds. Salesforce: 110,000. */
    hold(ms: number): void;
    /** Forgets who listens, as when a server of the platform is exchanged. */
    forgetClients(): void;
    /** What was published so far is no longer kept, as after 72 hours. */
    forgetPast(): void;
    /** Switches the record-triggered flow of an object on or off. */
    flow(object: string, active: boolean): void;
    /** How many listen. */
    listening(): number;
  };
  /** As a salesperson does: the lead is this contact from now on, and its tasks are the contact's. */
  convertLead(lead: string, contact: string): void;
  /** Makes it an org with Person Accounts, and this a person: their account and their contact. */
  addPersonAccount(fields: PersonAccount): { account: string; contact: string };
}

interface State {
  org: Org;
  sessions: Sessions;
  refusals: { answer: Answer; times: number }[];
  comet: Comet;
}

/** A Salesforce org in memory: login, records with their rules, queries. Refuses what Salesforce refuses. */
export async function startSalesforceSimulator(
  options: SalesforceSimulatorOptions,
): Promise<SalesforceSimulator & SalesforceSwitches> {
  const state = newState(options);
  const app = express().disable('x-powered-by').disable('etag');
  const base = await startSimulator(app, {
    answer: faultAnswer,
    ...(options.port === undefined ? {} : { port: options.port }),
    reset: () => {
      hangUp(state.comet);
      Object.assign(state, newState(options));
    },
    before: (misbehave) => app.use(misbehave),
  });
  addRoutes(app, options, state, base);
  return Object.assign(base, controls(state, base.changed));
}

const newState = (options: SalesforceSimulatorOptions): State => ({
  org: makeOrg(options.username ?? 'service@acme.example'),
  sessions: { tokens: new Set(), refused: false },
  refusals: [],
  comet: newComet(),
});

const faultAnswer: FaultAnswer = (kind, { retryAfter }) => {
  if (kind === 'expired-token') return bodied(expired());
  // Salesforce has no 429 of its own: too many calls are a 403.
  if (kind === '429') return bodied(refuse(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'));
  if (kind === '500')
    return bodied(refuse(500, 'UNKNOWN_EXCEPTION', 'An unexpected error occurred. Please include this ErrorId'));
  const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  return {
    status: 503,
    headers: { 'content-type': 'text/html; charset=UTF-8', ...headers },
    body: '<html><head><title>Service Unavailable</title></head><body>Down for maintenance</body></html>',
  };
};

const bodied = ({ status, body }: Answer) => ({ status, body });

function addRoutes(
  app: Express,
  options: SalesforceSimulatorOptions,
  state: State,
  base: { url: string; changed(): void },
): void {
  app.use(express.raw({ type: 'multipart/form-data', limit: '50mb' }));
  app.use(
    express.text({ type: (request) => !/^multipart/.test(request.headers['content-type'] ?? ''), limit: '50mb' }),
  );
  app.post('/services/oauth2/token', (request, response) => {
    const form = new URLSearchParams(textOf(request));
    give(response, answerLogin(options, state.org, state.sessions, form, base.url));
  });
  app.post('/cometd/:version', (request, response) => answerComet(callerOf(state), request, response));
  app.get('/services/data', (_request, response) => give(response, { status: 200, body: versions }));
  app.post('/services/data/:version/metadata/deployRequest', async (request, response) => {
    const refused = unauthorized(state, request) ?? takeRefusal(state);
    give(response, refused ?? (await beginDeployment(state.org, request.body, request.headers['content-type'] ?? '')));
    base.changed();
  });
  app.use((request, response) => {
    const answer = answerAuthorized(state, request);
    give(response, answer);
    if (request.method !== 'GET' && answer.status < 300) base.changed();
  });
}

const tokenIn = (authorization: string | undefined): string | undefined =>
  /^(?:Bearer|OAuth) (.+)$/.exec(authorization ?? '')?.[1];

const callerOf = ({ org, comet, sessions }: State) => ({
  org,
  comet,
  known: (authorization: string | undefined) => sessions.tokens.has(tokenIn(authorization) ?? ''),
});

const known = { oldest: 31, newest: 66 };

const versions = Array.from({ length: known.newest - known.oldest + 1 }, (_, i) => {
  const version = `${known.oldest + i}.0`;
  return { label: `Version ${version}`, url: `/services/data/v${version}`, version };
});

function answerAuthorized(state: State, request: Request): Answer {
  const [, version, path = ''] = /^\/services\/data\/v(\d+\.0)(\/.*)?$/.exec(request.path) ?? [];
  if (version === undefined || !versions.some((each) => each.version === version)) return notThere();
  const refused = unauthorized(state, request);
  if (refused) return refused;
  const call = readCall(request, version, path);
  return 'status' in call ? call : (takeRefusal(state) ?? answerApi(state.org, call));
}

function unauthorized({ sessions }: State, request: Request): Answer | undefined {
  const token = tokenIn(request.headers.authorization);
  if (token === undefined) return refuse(401, 'INVALID_AUTH_HEADER', 'INVALID_HEADER_TYPE');
  return sessions.tokens.has(token) ? undefined : expired();
}

function readCall(request: Request, version: string, path: string): Call | Answer {
  const query = new URL(request.originalUrl, 'http://org').searchParams;
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const call = { method: request.method, path, query, headers, version, body: undefined };
  const text = textOf(request);
  if (text === '') return call;
  if (!request.is('application/json'))
    return refuse(415, 'UNSUPPORTED_MEDIA_TYPE', 'The HTTP entity is in a format not supported by this method');
  try {
    return { ...call, body: JSON.parse(text) as unknown };
  } catch {
    return refuse(400, 'JSON_PARSER_ERROR', 'Unexpected character at [line:1, column:1]');
  }
}

const textOf = ({ body }: Request): string => (typeof body === 'string' ? body : '');

function takeRefusal({ refusals }: State): Answer | undefined {
  const [next] = refusals;
  if (next && --next.times <= 0) refusals.shift();
  return next?.answer;
}

function give(response: Response, { status, body, bytes, headers = {} }: Answer): void {
  response.status(status).set(headers);
  if (bytes) response.type('application/octet-stream').send(bytes);
  else if (body === undefined) response.end();
  else response.type('application/json;charset=UTF-8').send(JSON.stringify(body));
}

function controls(
  state: State,
  changed: () => void,
): Omit<SalesforceSimulator, keyof Awaited<ReturnType<typeof startSimulator>>> & SalesforceSwitches {
  return {
    records: (object) => recordsOf(state.org, object),
    add: (object, fields) => {
      const id = addRecord(state.org, object, fields);
      changed();
      return id;
    },
    agentWrites: (caseId, said) => {
      const id = agentWrites(state.org, caseId, said);
      changed();
      return id;
    },
    agentChanges: (object, id, fields) => {
      agentChanges(state.org, object, id, fields);
      changed();
    },
    remove: (object, id) => {
      const schema = schemaNamed(state.org, object);
      const found = findRecord(state.org, schema, id);
      if ('refusal' in found) throw new Error(`no ${object} ${id}`);
      deleteRecord(state.org, schema, found.row);
      changed();
    },
    expireSession: () => state.sessions.tokens.clear(),
    refuseLogin: (on) => void Object.assign(state.sessions, { refused: on }),
    duplicateRule: (on) => void Object.assign(state.org, { duplicateRule: on }),
    assignCases: (owner) => void Object.assign(state.org, { caseRule: owner }),
    setApiLimit: (max) => void Object.assign(state.org, { apiMax: max }),
    refuseNext: ({ status, errorCode, message = errorCode, times }) =>
      void state.refusals.push({ answer: refuse(status, errorCode, message), times }),
    changeField: (object, field, change) => changeField(state.org, object, field, change),
    bare: () => makeBare(state.org),
    events: {
      hold: (ms) => void Object.assign(state.comet, { holdMs: ms }),
      forgetClients: () => {
        state.comet.clients.clear();
        hangUp(state.comet);
      },
      forgetPast: () => void Object.assign(state.org.bus, { forgottenUntil: state.org.bus.lastReplayId, events: [] }),
      flow: (object, active) => void (active ? state.org.flows.add(object) : state.org.flows.delete(object)),
      listening: () => state.comet.waiting.size,
    },
    convertLead: (lead, contact) => convertLead(state.org, lead, contact),
    addPersonAccount: (fields) => addPersonAccount(state.org, fields),
  };
}

function hangUp({ waiting }: Comet): void {
  for (const end of [...waiting]) end();
}

function schemaNamed(org: Org, object: string) {
  const schema = schemaOf(org, object);
  if (!schema) throw new Error(`the org has no object ${object}`);
  return schema;
}

const recordsOf = (org: Org, object: string): SalesforceRecord[] => {
  const schema = schemaNamed(org, object);
  return rowsOf(org, schema.name).map((row) => asRecord(schema, { ...row }));
};

function addRecord(org: Org, object: string, fields: Record<string, unknown>): string {
  const written = createRecord(org, schemaNamed(org, object), fields, {
    'sforce-duplicate-rule-header': 'allowSave=true',
  });
  if ('refusal' in written) throw new Error(`the org refuses it: ${JSON.stringify(written.refusal.body)}`);
  return written.row.Id;
}

function changeField(org: Org, object: string, name: string, change: 'remove' | 'not-unique'): void {
  const schema = schemaNamed(org, object);
  const changed = schema.fields.flatMap((field) => {
    if (field.name !== name) return [field];
    const { unique: _unique, ...rest } = field;
    return change === 'remove' ? [] : [rest];
  });
  org.schemas.set(schema.name, { ...schema, fields: changed });
}
