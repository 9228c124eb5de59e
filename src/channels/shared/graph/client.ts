import { createHash } from 'node:crypto';
import type { Duration } from '../../../domain/duration.ts';
import type { HttpAnswer, NoAnswer } from '../../../kit/http.ts';
import type { Secret } from '../../../kit/secret.ts';
import type { Tools } from '../../../kit/tools.ts';
import { asNumber, asRecord, asText, type JsonRecord } from '../json.ts';
import { fullness, nearlyFull, waitAskedFor } from './rate-headers.ts';
import { appSecretProof } from './signature.ts';

/** What a call to the Graph API needs of an account. */
export interface GraphAccess {
  apiUrl: string;
  apiVersion: string;
  token: Secret;
  /** Absent where the API takes no proof that we hold it. */
  appSecret?: Secret;
  /** The token goes into a header instead of the query, as this part of the API wants it. */
  bearer?: true;
}

export interface GraphCall {
  method: 'GET' | 'POST' | 'DELETE';
  /** After the version: `/555/messages`. */
  path: string;
  /** The path stands without a version before it. */
  unversioned?: true;
  query?: Record<string, string>;
  body?: unknown;
  headers?: Record<string, string>;
  timeoutMs?: number;
  /** It can wait while the quota is nearly used up: what is left then is for messages. */
  canWait?: true;
}

/** The platform answered, but not with success. Without `code` the answer was not one of the Graph API's own. */
export interface Refusal {
  status: number;
  code?: number;
  subcode?: number;
  transient: boolean;
  after?: Duration;
}

export type GraphAnswer = { kind: 'success'; json: JsonRecord } | { kind: 'refusal'; refusal: Refusal } | Silence;
/** No answer that can be read came back. */
export type Silence = { kind: 'silence'; sent: NoAnswer['sent']; why: string };

/** Calls the Graph API once, with the access token and, where it is taken, the proof that we hold the app secret. */
export async function callGraph(call: GraphCall, access: GraphAccess, tools: Tools): Promise<GraphAnswer> {
  const quota = quotaOf(access);
  if (call.canWait && tools.budgets.blockedFor(quota) > 0)
    return { kind: 'silence', sent: 'no', why: 'the quota is nearly used up; what is left is for messages' };
  const answer = await tools.http.request({
    method: call.method,
    url: urlOf(call, access),
    ...(call.body === undefined ? {} : { body: call.body }),
    headers: { ...call.headers, ...(access.bearer ? bearerOf(access.token) : {}) },
    ...(call.timeoutMs ? { timeoutMs: call.timeoutMs } : {}),
  });
  if (!answer.answered) return { kind: 'silence', sent: answer.sent, why: answer.why };
  const told = read(answer, tools);
  // A refusal says itself how long to wait.
  const full = (fullness(answer.headers) ?? 0) >= nearlyFull;
  if (full && told.kind === 'success') await tools.budgets.block(quota, whileNearlyFullMs);
  return told;
}

export const bearerOf = (token: Secret) => ({ authorization: `Bearer ${token.reveal()}` });

const whileNearlyFullMs = 60_000;
/** Quotas are counted by token; its name must not hold it. */
const quotaOf = ({ token }: GraphAccess): string =>
  `graph:${createHash('sha256').update(token.reveal()).digest('hex').slice(0, 16)}`;

function urlOf(call: GraphCall, access: GraphAccess): string {
  const query = new URLSearchParams({
    ...call.query,
    ...(access.bearer ? {} : { access_token: access.token.reveal() }),
    ...(access.appSecret ? { appsecret_proof: appSecretProof(access.token, access.appSecret) } : {}),
  });
  return `${access.apiUrl}${call.unversioned ? '' : `/${access.apiVersion}`}${call.path}?${query}`;
}

function read(answer: HttpAnswer, tools: Tools): GraphAnswer {
  const json = asRecord(answer.json());
  const error = asRecord(json?.['error']);
  const success = answer.status >= 200 && answer.status < 300 && !error;
  if (success && json) return { kind: 'success', json };
  if (success) return { kind: 'silence', sent: 'maybe', why: 'the answer cannot be read' };
  const refusal = refusalOf(answer, error);
  tools.log.info('graph.refused', { ...refusal, trace: asText(error?.['fbtrace_id']) });
  return { kind: 'refusal', refusal };
}

function refusalOf(answer: HttpAnswer, error: JsonRecord | undefined): Refusal {
  const code = asNumber(error?.['code']);
  const subcode = asNumber(error?.['error_subcode']);
  const after = waitAskedFor(answer.headers);
  return {
    status: answer.status,
    transient: error?.['is_transient'] === true,
    ...(code === undefined ? {} : { code }),
    ...(subcode === undefined ? {} : { subcode }),
    ...(after === undefined ? {} : { after }),
  };
}
