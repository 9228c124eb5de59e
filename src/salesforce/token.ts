import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { done, type Outcome, type Trouble } from '../domain/outcome.ts';
import type { HttpAnswer } from '../kit/http.ts';
import type { Tools } from '../kit/tools.ts';
import { jwtAssertion, readPrivateKey } from './jwt.ts';
import type { Login } from './login.ts';

export interface Token {
  accessToken: string;
  /** Where the API is, without a trailing slash. */
  instanceUrl: string;
  /** The user it acts as; 18 characters. Undefined where the login does not tell. */
  userId?: string;
}

/** Holds the account's token. Many callers who need a new one share one login. */
export interface TokenKeeper {
  /** The token held; logs in when there is none. */
  current(): Promise<Outcome<Token>>;
  /** A token other than `refused`: the newer one held already, or else a new login. */
  renew(refused: Token): Promise<Outcome<Token>>;
  /** Without a call. */
  held(): Token | undefined;
}

export function keepToken(account: Login, tools: Tools): TokenKeeper {
  let token: Token | undefined;
  let pending: Promise<Outcome<Token>> | undefined;
  const fresh = (): Promise<Outcome<Token>> => {
    pending ??= logIn(account, tools)
      .then((outcome) => {
        token = outcome.result === 'done' ? outcome.value : undefined;
        return outcome;
      })
      .finally(() => {
        pending = undefined;
      });
    return pending;
  };
  const current = async () => (token ? done(token) : fresh());
  return {
    current,
    renew: (refused) => (token?.accessToken === refused.accessToken ? fresh() : current()),
    held: () => token,
  };
}

async function logIn(account: Login, tools: Tools): Promise<Outcome<Token>> {
  const form = await loginForm(account, tools.clock.now());
  if (form.result !== 'done') return form;
  const answer = await tools.http.request({
    method: 'POST',
    url: `${account.loginUrl}/services/oauth2/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams(form.value).toString(),
  });
  // A login that may have happened does no harm when it happens again.
  if (!answer.answered) return { result: 'later', why: `Salesforce login: ${answer.why}` };
  const outcome = readLogin(answer, account);
  tools.log.info('salesforce.login', { account: account.id, status: answer.status, result: outcome.result });
  return outcome;
}

async function loginForm(account: Login, now: Date): Promise<Outcome<Record<string, string>>> {
  const { clientId, clientSecret, username } = account;
  if (clientSecret)
    return done({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret.reveal() });
  const pem = account.privateKey?.reveal() ?? (await textOf(account.privateKeyFile ?? ''));
  if (pem === undefined) return broken('the file that privateKeyFile names cannot be read');
  const key = readPrivateKey(pem);
  if (key?.asymmetricKeyType !== 'rsa') return broken('the private key is not an RSA key in PEM form');
  const claims = { clientId, username: username ?? '', audience: account.loginUrl };
  return done({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: jwtAssertion(claims, key, now),
  });
}

/** Read at each login, so that a key exchanged on disk is taken up. */
const textOf = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined);

const granted = z.object({
  access_token: z.string().min(1),
  instance_url: z.url(),
  // The address of the identity: {login}/id/{organization}/{user}.
  id: z
    .string()
    .transform((url) => /\/id\/\w{15,18}\/(\w{18})$/.exec(url)?.[1])
    .optional()
    .catch(undefined),
});
const refused = z.object({ error: z.string(), error_description: z.string().optional() });

function readLogin(answer: HttpAnswer, account: Login): Outcome<Token> {
  const grant = granted.safeParse(answer.json());
  if (answer.status === 200 && grant.success) {
    const instanceUrl = account.instanceUrl ?? grant.data.instance_url.replace(/\/+$/, '');
    const { access_token: accessToken, id: userId } = grant.data;
    return done({ accessToken, instanceUrl, ...(userId ? { userId } : {}) });
  }
  if (answer.status >= 500 || answer.status === 429)
    return { result: 'later', why: `Salesforce login answered ${answer.status}` };
  const refusal = refused.safeParse(answer.json());
  if (refusal.success) return readRefusal(refusal.data);
  return broken(`loginUrl does not answer as Salesforce does (status ${answer.status})`);
}

/** OAuth error codes that say nothing about the account itself. */
const passing = new Set(['server_error', 'temporarily_unavailable', 'slow_down']);

/** What to do about an OAuth error, by its description where one code has many causes (OAuth 2.0 JWT Bearer Flow). */
const advice: Record<string, string> = {
  "user hasn't approved this consumer":
    'pre-authorize the user: in the app’s policies choose "Admin approved users are pre-authorized" and add their permission set',
  'audience is invalid':
    'loginUrl must be https://login.salesforce.com, https://test.salesforce.com for a sandbox org, or your My Domain',
  'invalid assertion': 'the private key does not belong to the app’s certificate, or this machine’s clock is wrong',
  'user is locked': 'unlock the user in Salesforce',
  'no client credentials user enabled': 'choose a "Run As" user in the app’s client credentials settings',
  'invalid client credentials': 'clientId or clientSecret is wrong',
  'client identifier invalid': 'clientId is not the consumer key of an app in this org',
};

function readRefusal({ error, error_description: description }: z.infer<typeof refused>): Trouble {
  const said = description ? `${error}: ${description.slice(0, 200)}` : error;
  if (passing.has(error)) return { result: 'later', why: `Salesforce login refused for now (${said})` };
  const help = advice[description ?? ''];
  return broken(help ? `${said}; ${help}` : said);
}

const broken = (why: string): Trouble => ({ result: 'account-broken', why: `Salesforce login refused: ${why}` });
