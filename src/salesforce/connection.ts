import type { Connection as Library } from '@salesforce/core';
import { z } from 'zod';
import { done, type Outcome } from '../domain/outcome.ts';
import type { Tools } from '../kit/tools.ts';
import { type DailyLimit, makeDailyLimit } from './daily-limit.ts';
import { fetchBytes, postBytes } from './fetch-bytes.ts';
import type { Login } from './login.ts';
import { type ApiError, hasCode, type Reply, troubleOf } from './outcome.ts';
import { keepToken, type Token } from './token.ts';
import { httpTransport, NoAnswerError } from './transport.ts';

export interface ApiRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** From the version's root, like `/sobjects/Task`. Whatever varies is encoded already. */
  path: string;
  body?: Record<string, unknown>;
  headers?: Record<string, string>;
}

/** One org, reached with one token. Loads the Salesforce library at the first request and not before. */
export interface Connection {
  /** Where paths begin: `/services/data/v62.0`. */
  readonly root: string;
  /** A refused token is renewed once and the request made once more; a second refusal is `account-broken`. */
  ask(request: ApiRequest): Promise<Reply>;
  /** The bytes at a path from the version's root; `never` when there are more than `maxBytes`. */
  fetch(path: string, maxBytes: number): Promise<Outcome<Buffer>>;
  /** Posts bytes that are no JSON; the answer is. */
  post(path: string, body: Buffer, headers: Record<string, string>): Promise<Reply>;
  logIn(): Promise<Outcome<Token>>;
  /** A token other than the one that was refused, for what does not go through `ask`. */
  renew(refused: Token): Promise<Outcome<Token>>;
  /** Where people open records: as the login said, else as configured. */
  siteUrl(): string;
}

/** `timeoutMs` is for each request, from connecting to the last byte. */
export function openConnection(account: Login, tools: Tools, timeoutMs = 30_000): Connection {
  const tokens = keepToken(account, tools);
  const daily = makeDailyLimit(account.dailyReserve, tools.clock);
  let opened: Promise<Library> | undefined;
  const library = (token: Token) => {
    opened ??= openLibrary(account, token, tools, timeoutMs, daily);
    return opened;
  };
  const root = `/services/data/v${account.apiVersion}`;
  return {
    root,
    ask: async (request) => {
      const after = daily.pause();
      if (after) return { result: 'later', why: 'the rest of the org’s daily API requests is left to others', after };
      const token = await tokens.current();
      if (token.result !== 'done') return token;
      const reply = await send(await library(token.value), token.value, request);
      if (!isTokenRefused(reply)) return reply;
      const renewed = await tokens.renew(token.value);
      if (renewed.result !== 'done') return renewed;
      return send(await library(renewed.value), renewed.value, request);
    },
    fetch: (path, maxBytes) => fetchBytes(tools.http, tokens, `${root}${path}`, maxBytes),
    post: (path, body, headers) => postBytes(tools.http, tokens, { path: `${root}${path}`, body, headers }),
    logIn: tokens.current,
    renew: tokens.renew,
    siteUrl: () => tokens.held()?.instanceUrl ?? account.instanceUrl ?? account.loginUrl,
  };
}

const isTokenRefused = (reply: Reply): boolean =>
  hasCode(reply, 'INVALID_SESSION_ID', 'INVALID_AUTH_HEADER', 'ERROR_HTTP_401');

/**
 * The library's connection without a call and without a file: with these two settings, which it reads when first
 * imported, it keeps its key and log in memory. Otherwise it writes to the home folder, and hangs when it cannot.
 * A token of its own shape makes it ask for nothing; without a refresh function it leaves a 401 to us, where its own
 * way would renew and repeat for ever.
 */
async function openLibrary(
  account: Login,
  { instanceUrl }: Token,
  tools: Tools,
  timeoutMs: number,
  daily: DailyLimit,
): Promise<Library> {
  process.env['FORCE_MEMFS'] = 'true';
  process.env['SF_DISABLE_LOG_FILE'] = 'true';
  const { AuthInfo, Connection } = await import('@salesforce/core');
  const placeholder = `00D000000000000!${account.id.replace(/\W/g, '_')}`;
  const authInfo = await AuthInfo.create({
    username: placeholder,
    accessTokenOptions: { accessToken: placeholder, instanceUrl, loginUrl: instanceUrl },
  });
  const connection = await Connection.create({ authInfo, connectionOptions: { version: account.apiVersion } });
  connection._transport = httpTransport(tools.http, timeoutMs, daily);
  return connection;
}

async function send(library: Library, token: Token, { method, path, body, headers }: ApiRequest): Promise<Reply> {
  library.accessToken = token.accessToken;
  library.instanceUrl = token.instanceUrl;
  try {
    const request = { method, url: path, headers: headers ?? {} };
    return done(await library.request(body ? { ...request, body: JSON.stringify(body) } : request));
  } catch (error) {
    return failureOf(error);
  }
}

function failureOf(error: unknown): Reply {
  if (error instanceof NoAnswerError) {
    const { sent, why } = error.noAnswer;
    return { result: sent === 'no' ? 'later' : 'unsure', why: `Salesforce: ${why}` };
  }
  const answered = httpApiError.safeParse(error);
  if (!answered.success) throw error;
  return { result: 'refused', errors: errorsIn(answered.data) };
}

/** The library names an error after Salesforce's code and keeps the answer in `data`. */
const httpApiError = z.object({ errorCode: z.string(), data: z.unknown() });

const apiError = z.object({
  errorCode: z.string(),
  message: z.string().catch(''),
  fields: z.array(z.string()).catch([]),
  duplicateResult: z.unknown().optional(),
});

function errorsIn({ errorCode, data }: z.infer<typeof httpApiError>): ApiError[] {
  if (errorCode === 'MULTIPLE_CHOICES') return [{ code: errorCode, message: '', fields: [], records: urlsIn(data) }];
  const errors = (Array.isArray(data) ? data : [data]).flatMap((each) => {
    const read = apiError.safeParse(each);
    return read.success ? [read.data] : [];
  });
  if (errors.length === 0) return [{ code: errorCode, message: '', fields: [] }];
  return errors.map(({ errorCode: code, message, fields, duplicateResult }) => ({
    code,
    message,
    fields,
    duplicateResult,
  }));
}

/** The errors of one call among several: as an answer of its own would hold them. */
export const apiErrorsIn = (data: unknown): ApiError[] => errorsIn({ errorCode: 'UNKNOWN_EXCEPTION', data });

const urlsIn = (data: unknown): string[] => z.array(z.string()).catch([]).parse(data);

/** The records a query finds on its first page. */
export async function query<Row>(connection: Connection, soql: string, row: z.ZodType<Row>): Promise<Outcome<Row[]>> {
  const reply = await connection.ask({ method: 'GET', path: `/query?q=${encodeURIComponent(soql)}` });
  if (reply.result !== 'done') return troubleOf(reply, true);
  return readAs(
    z.object({ records: z.array(row) }).transform(({ records }) => records),
    reply.value,
  );
}

/** An answer of another shape than documented is as good as none. */
export function readAs<Value>(shape: z.ZodType<Value>, value: unknown): Outcome<Value> {
  const read = shape.safeParse(value);
  return read.success ? done(read.data) : { result: 'later', why: 'Salesforce answered something unexpected' };
}
