import { z } from 'zod';
import { done, type Outcome } from '../domain/outcome.ts';
import type { Http, HttpAnswer, NoAnswer } from '../kit/http.ts';
import { troubleOf } from './outcome.ts';
import type { Token, TokenKeeper } from './token.ts';

const timeoutMs = 120_000;

/**
 * The bytes at an address of the API (`/services/data/…`). The library reads every answer as text, which spoils a file.
 * A refused token is renewed once.
 */
export async function fetchBytes(
  http: Http,
  tokens: TokenKeeper,
  path: string,
  maxBytes: number,
): Promise<Outcome<Buffer>> {
  const token = await tokens.current();
  if (token.result !== 'done') return token;
  const answer = await get(http, token.value, path, maxBytes);
  if (!answer.answered || answer.status !== 401) return read(answer, maxBytes);
  const renewed = await tokens.renew(token.value);
  if (renewed.result !== 'done') return renewed;
  return read(await get(http, renewed.value, path, maxBytes), maxBytes);
}

const get = (http: Http, { instanceUrl, accessToken }: Token, path: string, maxBytes: number) =>
  http.request({
    method: 'GET',
    url: `${instanceUrl}${path}`,
    headers: { authorization: `Bearer ${accessToken}` },
    timeoutMs,
    // One byte more, so that a file of just the limit is not mistaken for a longer one.
    maxBytes: maxBytes + 1,
  });

const refusal = z.array(z.object({ errorCode: z.string(), message: z.string().catch('') })).min(1);

function read(answer: HttpAnswer | NoAnswer, maxBytes: number): Outcome<Buffer> {
  if (!answer.answered) return { result: 'later', why: `Salesforce: ${answer.why}` };
  if (answer.status === 200) {
    const { bytes } = answer;
    return bytes.length > maxBytes ? { result: 'never', why: 'the file is larger than can be sent' } : done(bytes);
  }
  const told = refusal.safeParse(answer.json());
  const errors = told.success
    ? told.data.map(({ errorCode: code, message }) => ({ code, message, fields: [] }))
    : [{ code: `ERROR_HTTP_${answer.status}`, message: '', fields: [] }];
  return troubleOf({ result: 'refused', errors }, true);
}
