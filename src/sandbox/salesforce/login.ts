import { createPublicKey, randomBytes, verify } from 'node:crypto';
import type { SalesforceSimulatorOptions } from '../contract.ts';
import type { Answer } from './answer.ts';
import type { Org } from './org.ts';

/** Where a JWT may say it is for, beside the simulator's own address. */
const audiences = ['https://login.salesforce.com', 'https://test.salesforce.com'];

/** Salesforce takes an assertion that ends within 3 minutes; a little more for clocks. */
const longestLifeSeconds = 200;

/** Who may log in, and which tokens are good. */
export interface Sessions {
  tokens: Set<string>;
  refused: boolean;
}

const refused = (error: string, description: string): Answer => ({
  status: 400,
  body: { error, error_description: description },
});

/** `POST /services/oauth2/token`: client credentials or a JWT bearer assertion. */
export function answerLogin(
  options: SalesforceSimulatorOptions,
  org: Org,
  sessions: Sessions,
  form: URLSearchParams,
  url: string,
): Answer {
  if (sessions.refused) return refused('invalid_grant', "user hasn't approved this consumer");
  const fault = loginFault(options, form, url);
  if (fault) return fault;
  const accessToken = `${org.organizationId.slice(0, 15)}!AQ${randomBytes(30).toString('base64url').replace(/-/g, '.')}`;
  sessions.tokens.add(accessToken);
  const id = `${url}/id/${org.organizationId}/${org.userId}`;
  return {
    status: 200,
    body: { access_token: accessToken, scope: 'api', instance_url: url, id, token_type: 'Bearer' },
  };
}

function loginFault(options: SalesforceSimulatorOptions, form: URLSearchParams, url: string): Answer | undefined {
  switch (form.get('grant_type')) {
    case 'client_credentials':
      return clientFault(options, form);
    case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
      return assertionFault(options, form.get('assertion') ?? '', url);
    default:
      return refused('unsupported_grant_type', 'grant type not supported');
  }
}

function clientFault({ clientId, clientSecret }: SalesforceSimulatorOptions, form: URLSearchParams) {
  if (form.get('client_id') !== clientId) return refused('invalid_client_id', 'client identifier invalid');
  if (clientSecret === undefined) return refused('invalid_grant', 'no client credentials user enabled');
  if (form.get('client_secret') !== clientSecret) return refused('invalid_client', 'invalid client credentials');
  return undefined;
}

function assertionFault(options: SalesforceSimulatorOptions, assertion: string, url: string): Answer | undefined {
  const [head = '', body = '', signature = ''] = assertion.split('.');
  const claims = decoded(body);
  if (decoded(head)['alg'] !== 'RS256' || options.publicKey === undefined)
    return refused('invalid_grant', 'invalid assertion');
  if (claims['iss'] !== options.clientId) return refused('invalid_client_id', 'client identifier invalid');
  const key = createPublicKey(options.publicKey);
  if (!verify('RSA-SHA256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url')))
    return refused('invalid_grant', 'invalid assertion');
  return claimsFault(options, claims, url);
}

function claimsFault(options: SalesforceSimulatorOptions, claims: Record<string, unknown>, url: string) {
  const { aud, exp, sub } = claims;
  if (typeof aud !== 'string' || ![url, ...audiences].includes(aud))
    return refused('invalid_grant', 'audience is invalid');
  const left = Number(exp) - Date.now() / 1000;
  if (!(left > 0 && left < longestLifeSeconds)) return refused('invalid_grant', 'expired authorization code');
  if (sub !== options.username) return refused('invalid_grant', "user hasn't approved this consumer");
  return undefined;
}

function decoded(part: string): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
  } catch {
    return {};
  }
}
