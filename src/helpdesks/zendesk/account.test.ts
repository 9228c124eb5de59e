import { expect, test } from 'vitest';
import { zendeskAccount } from './account.ts';
import { zendesk } from './helpdesk.ts';

const base = { id: 'acme', kind: 'zendesk', url: 'https://acme.zendesk.com', webhookSecret: 'w' };
const client = { clientId: 'c', clientSecret: 'top-secret' };
const apiToken = { email: 'a@acme.example', apiToken: 'top-secret' };

test.each([
  ['client credentials', client, []],
  ['an access token', { accessToken: 'top-secret' }, []],
  ['e-mail and API token, with a warning', apiToken, [expect.stringContaining('30 April 2027')]],
])('takes %s', (_it, login, warnings) => {
  const account = zendeskAccount.parse({ ...base, ...login });
  expect(zendesk.warnings(account)).toEqual(warnings);
  expect(JSON.stringify(account)).not.toContain('top-secret');
});

test.each([
  ['no login', {}, 'no way to log in'],
  ['two logins', { ...client, ...apiToken }, 'only one of'],
  ['a client without a secret', { clientId: 'c' }, 'clientId and clientSecret belong together'],
  ['an API token without an e-mail', { apiToken: 't' }, 'email and apiToken belong together'],
  ['a key that is not known', { ...client, subdomain: 'acme' }, 'subdomain'],
  ['a URL with a path', { ...client, url: 'https://acme.zendesk.com/api/v2' }, 'address of the Zendesk alone'],
  ['a URL that is none', { ...client, url: 'acme' }, 'address of the Zendesk alone'],
  ['an empty secret', { ...client, webhookSecret: ' ' }, '>=1 characters'],
])('refuses %s', (_it, change, message) => {
  const parsed = zendeskAccount.safeParse({ ...base, ...change });
  expect(parsed.error?.issues.map((issue) => issue.message).join('; ')).toContain(message);
});

test('takes the URL without its last slash, and a simulator by http', () => {
  expect(zendeskAccount.parse({ ...base, ...client, url: 'https://acme.zendesk.com/' }).url).toBe(
    'https://acme.zendesk.com',
  );
  expect(zendeskAccount.parse({ ...base, ...client, url: 'http://127.0.0.1:8081' }).url).toBe('http://127.0.0.1:8081');
});
