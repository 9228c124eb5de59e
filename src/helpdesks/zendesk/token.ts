import { z } from 'zod';
import type { Trouble } from '../../domain/outcome.ts';
import type { HttpAnswer } from '../../kit/http.ts';
import type { Tools } from '../../kit/tools.ts';
import { type Login, loginOf, type ZendeskAccount } from './account.ts';
import { ZendeskFailure } from './failure.ts';
import { retryAfterOf } from './retry-after.ts';

/** Where the `Authorization` header of each request comes from. Both throw a ZendeskFailure when there is no token. */
export interface Authorization {
  header(): Promise<string>;
  /** After a 401 with `stale`: another header to try once, or undefined where there can be no other. */
  renewed(stale: string): Promise<string | undefined>;
}

type CallTools = Pick<Tools, 'http' | 'clock' | 'log'>;

export function makeAuthorization(account: ZendeskAccount, tools: CallTools, timeoutMs: number): Authorization {
  const login = loginOf(account);
  switch (login.by) {
    case 'client-credentials':
      return cached(tools, () => fetchToken(account.url, login, tools, timeoutMs));
    case 'access-token':
      return fixed(`Bearer ${login.accessToken.reveal()}`);
    case 'api-token':
      return fixed(`Basic ${Buffer.from(`${login.email}/token:${login.apiToken.reveal()}`).toString('base64')}`);
  }
}

const fixed = (header: string): Authorization => ({ header: async () => header, renewed: async () => undefined });

interface Token {
  header: string;
  /** Milliseconds of the clock after which it is replaced. */
  until: number;
}

function cached({ clock }: CallTools, fetch: () => Promise<Token>): Authorization {
  let held: Token | undefined;
  let fetching: Promise<Token> | undefined;
  const replace = (): Promise<Token> => {
    fetching ??= fetch().finally(() => {
      fetching = undefined;
    });
    return fetching;
  };
  const header = async (): Promise<string> => {
    if (!held || clock.now().getTime() >= held.until) held = await replace();
    return held.header;
  };
  return {
    header,
    renewed: async (stale) => {
      // Another call may have replaced it already.
      if (held?.header === stale) held = undefined;
      return header();
    },
  };
}

const tokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.number().positive().nullish() });

type Credentials = Extract<Login, { by: 'client-credentials' }>;

async function fetchToken(url: string, login: Credentials, tools: CallTools, timeoutMs: number): Promise<Token> {
  const answer = await tools.http.request({
    method: 'POST',
    url: `${url}/oauth/tokens`,
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: {
      grant_type: 'client_credentials',
      client_id: login.clientId,
      client_secret: login.clientSecret.reveal(),
      // Narrower scopes are refused by the user identities API.
      scope: 'read write',
    },
    timeoutMs,
  });
  if (!answer.answered) throw noToken({ result: 'later', why: `Zendesk gives no token: ${answer.why}` });
  const token = tokenAnswer.safeParse(answer.json());
  if (answer.status >= 300 || !token.success) throw noToken(tokenTrouble(answer));
  tools.log.debug('zendesk.token-fetched', { expiresIn: token.data.expires_in });
  return tokenUntil(token.data.access_token, token.data.expires_in ?? undefined, tools.clock.now().getTime());
}

/** Replaced a minute before it expires, or a tenth of its life if that is shorter. One without an end is kept until refused. */
function tokenUntil(token: string, expiresIn: number | undefined, now: number): Token {
  const lifeMs = expiresIn === undefined ? Number.POSITIVE_INFINITY : expiresIn * 1000;
  return { header: `Bearer ${token}`, until: now + lifeMs - Math.min(60_000, lifeMs / 10) };
}

function tokenTrouble(answer: HttpAnswer): Trouble {
  const after = retryAfterOf(answer.headers);
  const may = answer.status === 429 || answer.status >= 500 || answer.status === 408 || answer.status < 300;
  if (may) return { result: 'later', why: `Zendesk gives no token (${answer.status})`, ...(after && { after }) };
  return {
    result: 'account-broken',
    why: `Zendesk gives no token (${answer.status}): check clientId and clientSecret, and that the client is confidential`,
  };
}

const noToken = (trouble: Trouble) => new ZendeskFailure({ kind: 'no-token', trouble });
