import { z } from 'zod';
import { Secret } from '../kit/secret.ts';

/** Production orgs share this login page; sandboxes use https://test.salesforce.com. */
const productionLogin = 'https://login.salesforce.com';
const sharedLogins = [productionLogin, 'https://test.salesforce.com'];

const secret = () =>
  z
    .string()
    .min(1)
    .transform((value) => new Secret(value));

const url = () =>
  z
    .url({ protocol: /^https?$/, error: 'must be a URL, like https://acme.my.salesforce.com' })
    .refine(isSafe, 'must begin with https:// (http:// is only for 127.0.0.1 and localhost)')
    .transform((value) => value.replace(/\/+$/, ''));

/** The settings by which an org is reached and logged in to, whatever it is used for. */
export const loginFields = {
  loginUrl: url()
    .default(productionLogin)
    .describe(
      'Where to log in. JWT: https://login.salesforce.com, or https://test.salesforce.com for a sandbox org. ' +
        'Client credentials: your own My Domain, like https://acme.my.salesforce.com.',
    ),
  instanceUrl: url().optional().describe('Where the API is, when it is not where the login says. Rarely needed.'),
  apiVersion: z
    .string({ error: 'must be text: write it in quotes, like "62.0"' })
    .regex(/^[1-9]\d\.0$/, 'must look like "62.0"')
    .default('62.0')
    .describe('Version of the Salesforce REST API. Write it in quotes.'),
  dailyReserve: z
    .number()
    .min(0)
    .max(0.95)
    .default(0.1)
    .describe('The share of the org’s daily API requests that is left to others: at 0.1 history waits from 90 % on.'),
  clientId: z.string().min(1).describe('Consumer key of the External Client App (or connected app).'),
  username: z.string().min(1).optional().describe('JWT: the Salesforce user to work as, like passerelle@acme.example.'),
  privateKey: secret()
    .optional()
    .describe('JWT: the private key whose certificate the app holds, as PEM text. Line breaks may be written as \\n.'),
  privateKeyFile: z.string().min(1).optional().describe('JWT: a file with that private key, instead of privateKey.'),
  clientSecret: secret().optional().describe('Client credentials: consumer secret of the app.'),
};

const login = z.object(loginFields);

/** How to reach one org. `id` names it in logs. */
export type Login = z.infer<typeof login> & { id: string };

/** A zod check for an object with these fields: JWT bearer or client credentials, whole and not mixed. */
export function checkLogin({ value, issues }: { value: z.infer<typeof login>; issues: z.core.$ZodRawIssue[] }): void {
  // Half a login is not judged by what of it was refused already.
  if (issues.some(({ path }) => namesOfLogin.has(path?.[0]))) return;
  for (const { path, message } of loginFaults(value))
    issues.push({ code: 'custom', path: [path], message, input: value });
}

const namesOfLogin = new Set<PropertyKey | undefined>([
  'loginUrl',
  'clientId',
  'username',
  'privateKey',
  'privateKeyFile',
  'clientSecret',
]);

function isSafe(value: string): boolean {
  // What is no URL at all is said already.
  if (!URL.canParse(value)) return true;
  const { protocol, hostname } = new URL(value);
  return protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}

interface Fault {
  path: keyof z.infer<typeof login>;
  message: string;
}

function loginFaults(account: z.infer<typeof login>): Fault[] {
  const hasKey = account.privateKey !== undefined || account.privateKeyFile !== undefined;
  const wantsJwt = hasKey || account.username !== undefined;
  if (wantsJwt && account.clientSecret)
    return [fault('clientSecret', 'give either username and a private key, or clientSecret: not both')];
  if (wantsJwt) return jwtFaults(account, hasKey);
  if (!account.clientSecret)
    return [
      fault(
        'clientId',
        'is not enough to log in: add username and privateKey (or privateKeyFile), or add clientSecret',
      ),
    ];
  return sharedLogins.includes(account.loginUrl)
    ? [fault('loginUrl', 'must be your My Domain, like https://acme.my.salesforce.com, when clientSecret is used')]
    : [];
}

function jwtFaults(account: z.infer<typeof login>, hasKey: boolean): Fault[] {
  if (!hasKey) return [fault('privateKey', 'is missing: username needs privateKey or privateKeyFile')];
  if (account.privateKey && account.privateKeyFile)
    return [fault('privateKeyFile', 'give either privateKey or privateKeyFile: not both')];
  return account.username ? [] : [fault('username', 'is missing: a private key needs the username it logs in')];
}

const fault = (path: Fault['path'], message: string): Fault => ({ path, message });
