import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { salesforceAccount } from './account.ts';

const base = { id: 'acme-salesforce', kind: 'salesforce', clientId: 'consumer-key' };
const jwt = { ...base, username: 'service@acme.example', privateKey: 'PEM-TEXT' };
const client = { ...base, clientSecret: 'SECRET-TEXT', loginUrl: 'https://acme.my.salesforce.com' };

test.each([
  ['JWT', jwt],
  ['JWT with a file', { ...base, username: 'service@acme.example', privateKeyFile: '/etc/key.pem' }],
  ['client credentials', client],
  ['a simulator', { ...client, loginUrl: 'http://127.0.0.1:8123' }],
])('takes %s', (_, settings) => {
  expect(salesforceAccount.safeParse(settings).error?.issues).toBeUndefined();
});

test('fills in what was left out and takes slashes off', () => {
  expect(salesforceAccount.parse(jwt)).toMatchObject({ loginUrl: 'https://login.salesforce.com', apiVersion: '62.0' });
  expect(salesforceAccount.parse({ ...jwt, instanceUrl: 'https://a.example//' }).instanceUrl).toBe('https://a.example');
});

const faults: [string, Record<string, unknown>, string, RegExp][] = [
  ['no way to log in', base, 'clientId', /add username and privateKey .*or add clientSecret/],
  ['two ways', { ...jwt, clientSecret: 'x' }, 'clientSecret', /not both/],
  ['a user without a key', { ...base, username: 'a@b' }, 'privateKey', /needs privateKey or privateKeyFile/],
  ['a key without a user', { ...base, privateKey: 'x' }, 'username', /needs the username/],
  ['two keys', { ...jwt, privateKeyFile: '/x' }, 'privateKeyFile', /not both/],
  ['the shared login with a secret', { ...base, clientSecret: 'x' }, 'loginUrl', /your My Domain/],
  ['an open connection', { ...jwt, loginUrl: 'http://login.salesforce.com' }, 'loginUrl', /https/],
  ['no URL', { ...jwt, instanceUrl: 'acme' }, 'instanceUrl', /must be a URL/],
  ['a version without quotes', { ...jwt, apiVersion: 62 }, 'apiVersion', /in quotes/],
  ['a version that is none', { ...jwt, apiVersion: 'v62' }, 'apiVersion', /look like/],
  ['an empty secret', { ...client, clientSecret: '' }, 'clientSecret', /./],
  ['an unknown key', { ...jwt, password: 'x' }, '', /password/],
];
test.each(faults)('refuses %s and says what is wrong', (_, settings, path, message) => {
  const issues = salesforceAccount.safeParse(settings).error?.issues ?? [];
  expect(issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  expect(issues[0]?.message).toMatch(message);
});

test('an unknown key and a missing login are told together', () => {
  const issues = salesforceAccount.safeParse({ ...base, password: 'x' }).error?.issues ?? [];
  expect(issues.map((issue) => issue.code).sort()).toEqual(['custom', 'unrecognized_keys']);
});

test('secrets do not show', () => {
  const shown = [jwt, client].map(
    (settings) => inspect(salesforceAccount.parse(settings)) + JSON.stringify(salesforceAccount.parse(settings)),
  );
  expect(shown.join()).not.toMatch(/PEM-TEXT|SECRET-TEXT/);
});

test('every field says what it is', () => {
  const { properties = {} } = z.toJSONSchema(salesforceAccount, { io: 'input' });
  const descriptions = Object.values(properties).map((each) => (typeof each === 'object' ? each.description : ''));
  expect(descriptions.length).toBeGreaterThan(8);
  expect(descriptions).toEqual(descriptions.map(() => expect.stringMatching(/\w+/)));
});
