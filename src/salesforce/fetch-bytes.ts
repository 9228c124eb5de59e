import { z } from 'zod';
import { done, type Outcome } from '../domain/outcome.ts';
import type { Http, HttpAnswer, HttpRequest, NoAnswer } from '../kit/http.ts';
import { type Reply, troubleOf } from './outcome.ts';
import type { Token, TokenKeeper } from './token.ts';

const timeoutMs = 120_000;

/** What the library cannot send or read: it takes every body and every answer for text, which spoils a file. */
interface RawRequest extends Pick<HttpRequest, 'body' | 'maxBytes'> {
  method: 'GET' | 'POST';
  /** `/services/data/…` */
  path: string;
  headers?: Record<string, string>;
}

/** The bytes at an address of the API; `never` when there are more than `maxBytes`. */
export async function fetchBytes(
  http: Http,
  tokens: TokenKeeper,
  path: string,
  maxBytes: number,
): Promise<Outcome<Buffer>> {
  // One byte more, so that a file of just the limit is not mistaken for a longer one.
  const answer = await ask(http, tokens, { method: 'GET', path, maxBytes: maxBytes + 1 });
  if (!('answered' in answer)) return answer;
  if (!answer.answered) return { result: 'later', why: `Salesforce: ${answer.why}` };
  if (answer.status !== 200) return troubleOf(refusalIn(answer), true);
  const { bytes } = answer;
  return bytes.length > maxBytes ? { result: 'never', why: 'the file is larger than can be sent' } : done(bytes);
}

/** Posts bytes, and reads the answer as JSON. */
export async function postBytes(
  http: Http,
  tokens: TokenKeeper,
  request: { path: string; body: Buffer; headers: Record<string, string> },
): Promise<Reply> {
  const answer = await ask(http, tokens, { ...request, method: 'POST' });
  if (!('answered' in answer)) return answer;
  if (!answer.answered) return { result: answer.sent === 'no' ? 'later' : 'unsure', why: `Salesforce: ${answer.why}` };
  return answer.status < 300 ? { result: 'done', value: answer.json() } : refusalIn(answer);
}

type Asked = HttpAnswer | NoAnswer | Exclude<Outcome<never>, { result: 'done' }>;

/** A refused token is renewed once. */
async function ask(http: Http, tokens: TokenKeeper, request: RawRequest): Promise<Asked> {
  const token = await tokens.current();
  if (token.result !== 'done') return token;
  const answer = await send(http, token.value, request);
  if (!answer.answered || answer.status !== 401) return answer;
  const renewed = await tokens.renew(token.value);
  return renewed.result === 'done' ? send(http, renewed.value, request) : renewed;
}

const send = (http: Http, { instanceUrl, accessToken }: Token, { path, headers, ...request }: RawRequest) =>
  http.request({
    ...request,
    url: `${instanceUrl}${path}`,
    headers: { ...headers, authorization: `Bearer ${accessToken}` },
    timeoutMs,
  });

const refusals = z.array(z.object({ errorCode: z.string(), message: z.string().catch('') })).min(1);

function refusalIn(answer: HttpAnswer): Extract<Reply, { result: 'refused' }> {
  const told = refusals.safeParse(answer.json());
  const errors = told.success
    ? told.data.map(({ errorCode: code, message }) => ({ code, message, fields: [] }))
    : [{ code: `ERROR_HTTP_${answer.status}`, message: '', fields: [] }];
  return { result: 'refused', errors };
}
