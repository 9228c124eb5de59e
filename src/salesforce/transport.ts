import { PassThrough } from 'node:stream';
import type { Connection } from '@salesforce/core';
import type { Http, NoAnswer } from '../kit/http.ts';
import type { DailyLimit } from './daily-limit.ts';

type Transport = Connection['_transport'];
type Request = Parameters<Transport['httpRequest']>[0];
type Answer = Awaited<ReturnType<Transport['httpRequest']>>;

/** No usable answer came. Thrown only through the library, to whoever made the request. */
export class NoAnswerError extends Error {
  readonly noAnswer: NoAnswer;
  constructor(noAnswer: NoAnswer) {
    super(noAnswer.why);
    this.noAnswer = noAnswer;
  }
}

/**
 * How the library reaches the network: through our http client. With the library's own transport a connection that
 * breaks in the middle of an answer ends the process by an uncaught error and the call never settles; it also retries
 * by itself, waits half an hour, follows redirects with the token in hand and hides the status.
 */
export function httpTransport(http: Http, timeoutMs: number, daily: DailyLimit): Transport {
  return {
    httpRequest: (request) => Object.assign(send(http, request, timeoutMs, daily), { stream: unread }),
    getRequestStreamCreator: () => unread,
  };
}

async function send(http: Http, request: Request, timeoutMs: number, daily: DailyLimit): Promise<Answer> {
  const answer = await http.request({
    method: methodOf(request),
    url: request.url,
    headers: request.headers ?? {},
    body: request.body,
    timeoutMs: timeoutMs + timeToSend(request.body),
  });
  if (!answer.answered) throw new NoAnswerError(answer);
  daily.learn(answer.headers['sforce-limit-info']);
  return { statusCode: answer.status, headers: answer.headers, body: answer.text() };
}

/** A file in a body may need a while: at least 100,000 characters a second are expected. Milliseconds. */
const timeToSend = (body: unknown): number => (typeof body === 'string' ? Math.ceil(body.length / 100) : 0);

function methodOf({ method }: Request): 'GET' | 'POST' | 'PATCH' | 'DELETE' {
  if (method === 'GET' || method === 'POST' || method === 'PATCH' || method === 'DELETE') return method;
  throw new Error(`no call here uses ${method}`);
}

/** The library offers every answer as a stream too; nobody reads it here. */
const unread = () => new PassThrough();
