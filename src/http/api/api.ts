import express, { type NextFunction, type Request, type Response, Router } from 'express';
import { rateLimit } from 'express-rate-limit';
import type { z } from 'zod';
import type { CampaignDesk } from '../../flows/campaign-desk.ts';
import type { MappingDesk } from '../../flows/mapping-desk.ts';
import type { NoticeDesk } from '../../flows/notice-desk.ts';
import type { Operations } from '../../flows/operations.ts';
import type { ConnectedChannel, World } from '../../flows/world.ts';
import type { ApiScope } from '../../kit/api-scopes.ts';
import type { Tools } from '../../kit/tools.ts';
import { problem } from '../problem.ts';
import { campaignOperations } from './campaign-operations.ts';
import { consentOperations } from './consent-operations.ts';
import { type Caller, type ConfiguredKey, makeCredentials } from './credentials.ts';
import { customerOperations } from './customer-operations.ts';
import { docsPage } from './docs-page.ts';
import { linkOperations } from './link-operations.ts';
import { mappingOperations } from './mapping-operations.ts';
import { noticePreviewOperation } from './notice-preview.ts';
import { openApi } from './open-api.ts';
import { type Operation, type Problem, wrongField } from './operation.ts';
import { operatorOperations } from './operator-operations.ts';
import { operatorRedaction } from './operator-redaction.ts';
import { orderOperations } from './order-operations.ts';
import { privacyOperations } from './privacy-operations.ts';
import { unstorableIn } from './storable-text.ts';
import { whoIsOperations } from './who-is-operations.ts';

export interface ApiParts {
  operations: Operations;
  channels: ReadonlyMap<string, ConnectedChannel>;
  mapping: MappingDesk;
  notices: World['notices'];
  /** The texts of notices. */
  noticeDesk: NoticeDesk;
  campaigns: CampaignDesk;
  tools: Tools;
  keys: readonly ConfiguredKey[];
  now: () => Date;
}

const minute = 60_000;
/** Wrong keys from one address; a good key is never held up by them. */
const mostFailures = 30;
/** Of an Idempotency-Key. */
const longestKey = 200;
/** Requests with one key, for each replica. */
const mostRequests = 600;

/** The HTTP API under /v1, its description at /v1/openapi.json and, to read, at /docs. */
export function makeApi(parts: ApiParts): Router {
  const { operations, mapping, channels, notices, noticeDesk, campaigns, tools } = parts;
  const all = [
    ...operatorOperations(operations),
    ...operatorRedaction(operations),
    ...linkOperations({ db: operations.db, channels, tools }),
    ...mappingOperations(mapping),
    ...customerOperations(operations.db),
    ...consentOperations({ db: operations.db, channels, notices }),
    ...whoIsOperations(operations),
    ...orderOperations({ db: operations.db, queue: operations.queue, channels }),
    noticePreviewOperation({ channels, noticeDesk }),
    ...campaignOperations(campaigns),
    ...privacyOperations(operations),
  ];
  const router = Router();
  const description = JSON.stringify(openApi(all));
  router.get('/v1/openapi.json', (_request, response) => void response.type('json').send(description));
  router.get('/docs', (_request, response) => void response.type('html').send(docsPage(all)));
  router.use('/v1', authenticated(parts), perKey());
  for (const each of all) {
    const body = express.json({ limit: each.bodyLimit ?? '64kb' });
    router[each.method](each.path.replace(/\{(\w+)\}/g, ':$1'), body, (request, response) =>
      serve(each, parts.now(), request, response),
    );
  }
  return router;
}

function authenticated({ operations, keys, now }: ApiParts) {
  const callerOf = makeCredentials(operations.db, keys, now);
  const failed = rateLimit({
    windowMs: minute,
    limit: mostFailures,
    standardHeaders: false,
    legacyHeaders: false,
    validate: { xForwardedForHeader: false },
    handler: (_request, response) => problem(response, 429, 'too many wrong keys from this address; wait a minute'),
  });
  return async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    const presented = /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '')?.[1];
    const caller = presented === undefined ? undefined : await callerOf(presented);
    if (caller) {
      response.locals['caller'] = caller;
      return next();
    }
    const refuse = () => {
      response.set('www-authenticate', 'Bearer');
      problem(response, 401, 'send a key that is in use: Authorization: Bearer {key}');
    };
    await failed(request, response, refuse);
  };
}

const perKey = () =>
  rateLimit({
    windowMs: minute,
    limit: mostRequests,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: (_request, response) => callerIn(response).name,
    handler: (_request, response) =>
      problem(response, 429, `more than ${mostRequests} requests a minute with this key; wait a little`),
  });

const callerIn = (response: Response): Caller => response.locals['caller'] as Caller;

async function serve(each: Operation, now: Date, request: Request, response: Response): Promise<void> {
  const caller = callerIn(response);
  if (!caller.scopes.includes(each.scope)) return problem(response, 403, lacks(each.scope));
  const checked = check(each, request);
  if ('mistake' in checked) return refuse(response, checked.mistake);
  const idempotencyKey = each.idempotent && request.get('idempotency-key');
  if (idempotencyKey && idempotencyKey.length > longestKey)
    return refuse(response, wrongField('Idempotency-Key', `at most ${longestKey} letters`));
  const answer = await each.handle({
    ...checked.checked,
    ...(idempotencyKey ? { idempotencyKey } : {}),
    caller,
    who: `key:${caller.name}`,
    now,
  } as never);
  if ('detail' in answer) refuse(response, answer);
  else response.status(answer.status).set('cache-control', 'no-store').json(answer.body);
}

const refuse = (response: Response, { status, detail, field }: Problem) => problem(response, status, detail, field);

const lacks = (scope: ApiScope) => `this key may not do that; it needs the scope ${scope}`;

/** All parts of the request against their schemas; the first mistake is told by its place, never with its value. */
function check({ params, query, body }: Operation, request: Request): { checked: object } | { mistake: Problem } {
  const asked = Object.fromEntries(new URLSearchParams(request.url.split('?')[1] ?? ''));
  const given: [string, z.ZodType, unknown][] = [
    ['params', params, request.params],
    ['query', query, asked],
    ...(body ? [['body', body, request.body ?? {}] as [string, z.ZodType, unknown]] : []),
  ];
  const checked: Record<string, unknown> = {};
  for (const [place, schema, value] of given) {
    const odd = unstorableIn(value, place);
    if (odd !== undefined)
      return { mistake: wrongField(odd.toWellFormed().replaceAll('\u0000', ''), 'holds a character that no text has') };
    const parsed = schema.safeParse(value);
    if (!parsed.success) return { mistake: mistakeOf(place, parsed.error) };
    checked[place] = parsed.data;
  }
  return { checked };
}

function mistakeOf(place: string, { issues: [issue] }: z.ZodError): Problem {
  if (issue?.code === 'invalid_union') return wrongField(place, 'say one of the ways there are, and nothing else');
  const at = [place, ...(issue?.path ?? [])].join('.');
  if (issue?.code === 'unrecognized_keys')
    return wrongField(`${at}.${issue.keys[0]?.slice(0, 60)}`, 'there is no such field');
  return wrongField(at, issue?.message ?? 'not right');
}
