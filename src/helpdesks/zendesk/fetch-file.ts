import { seconds } from '../../domain/duration.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { FetchedFile } from '../../kit/download.ts';
import type { HttpAnswer } from '../../kit/http.ts';
import type { Tools } from '../../kit/tools.ts';
import type { AgentFile } from '../called.ts';
import { ZendeskFailure } from './failure.ts';
import { attempt, troubleOf } from './outcome.ts';
import { retryAfterOf } from './retry-after.ts';
import type { Authorization } from './token.ts';
import { authorized } from './transport.ts';

const mostRedirects = 5;

interface Fetching {
  /** The account's own address: the only one that sees the token. */
  origin: string;
  auth: Authorization;
  tools: Pick<Tools, 'http' | 'download'>;
  timeoutMs: number;
}

/**
 * A file of a comment. Zendesk passes the reader on to where files are kept, on another host, which must not see the token:
 * redirects are followed by hand, and another host is asked through the guarded download.
 */
export async function fetchFile(file: AgentFile, maxBytes: number, fetching: Fetching): Promise<Outcome<FetchedFile>> {
  if (file.bytes > maxBytes) return tooLarge(maxBytes);
  const fetched = await attempt('repeatable', () => follow(file, maxBytes, fetching));
  return fetched.result === 'done' ? fetched.value : fetched;
}

async function follow(file: AgentFile, maxBytes: number, fetching: Fetching): Promise<Outcome<FetchedFile>> {
  let url = file.url;
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    if (!URL.canParse(url)) return { result: 'never', why: 'the file has no valid address' };
    if (new URL(url).origin !== fetching.origin) return elsewhere(url, file, maxBytes, fetching);
    const answer = await askOwn(url, maxBytes, fetching);
    const location = answer.status >= 300 && answer.status < 400 ? answer.headers['location'] : undefined;
    if (!location) return fileIn(answer, file, maxBytes);
    url = URL.canParse(location, url) ? new URL(location, url).href : '';
  }
  return { result: 'never', why: `the file was not found within ${mostRedirects} redirects` };
}

async function askOwn(url: string, maxBytes: number, { auth, tools, timeoutMs }: Fetching): Promise<HttpAnswer> {
  const answer = await authorized(auth, (authorization) =>
    // One byte more, so that a file of just the limit is not mistaken for a longer one.
    tools.http.request({ method: 'GET', url, headers: { authorization }, timeoutMs, maxBytes: maxBytes + 1 }),
  );
  if (!answer.answered) throw new ZendeskFailure({ kind: 'no-answer', sent: answer.sent, why: answer.why });
  return answer;
}

function fileIn(answer: HttpAnswer, file: AgentFile, maxBytes: number): Outcome<FetchedFile> {
  const { status, headers } = answer;
  if (status === 404 || status === 410)
    return { result: 'never', why: 'the file is no longer at Zendesk', code: `${status}` };
  if (status < 200 || status >= 300) {
    const retryAfter = retryAfterOf(headers) ?? (status === 429 ? seconds(60) : undefined);
    const refusal = {
      kind: 'refused',
      status,
      headers,
      body: answer.json(),
      ...(retryAfter && { retryAfter }),
    } as const;
    return troubleOf(refusal, 'repeatable');
  }
  if (answer.bytes.length > maxBytes) return tooLarge(maxBytes);
  const contentType = headers['content-type']?.split(';')[0]?.trim() || file.contentType;
  return done({ bytes: answer.bytes, contentType, name: file.name });
}

async function elsewhere(url: string, file: AgentFile, maxBytes: number, { tools, timeoutMs }: Fetching) {
  const fetched = await tools.download(url, { maxBytes, timeoutMs });
  return fetched.result === 'done' ? done({ ...fetched.value, name: file.name }) : fetched;
}

const tooLarge = (maxBytes: number) =>
  ({ result: 'never', why: `the file is larger than ${Math.floor(maxBytes / 1_000_000)} MB` }) as const;
