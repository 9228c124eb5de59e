import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { salesforceDesk } from './account.ts';

const base = {
  id: 'acme-cases',
  kind: 'salesforce',
  loginUrl: 'https://acme.my.salesforce.com',
  clientId: 'consumer-key',
  clientSecret: 'SECRET-TEXT',
  webhookSecret: 'SECRET-TEXT',
};

test('fills in what most orgs have', () => {
  expect(salesforceDesk.parse(base)).toMatchObject({
    comments: 'case-comment',
    keyField: 'Passerelle_Key__c',
    newStatus: 'New',
    reopenedStatus: 'Working',
    closedCases: 'reopen',
    alsoHistory: false,
  });
});

const faults: [string, Record<string, unknown>, string][] = [
  ['comments of a kind there is none of', { comments: 'email' }, 'comments'],
  ['a field that could break out of a query', { keyField: "Key__c = '' OR Name" }, 'keyField'],
  ['an empty status', { newStatus: ' ' }, 'newStatus'],
  ['two logins', { username: 'a@b' }, 'clientSecret'],
  ['an unknown key', { subdomain: 'acme' }, ''],
];
test.each(faults)('refuses %s', (_, change, path) => {
  const issues = salesforceDesk.safeParse({ ...base, ...change }).error?.issues ?? [];
  expect(issues.map((issue) => issue.path.join('.'))).toEqual([path]);
});

test('secrets do not show', () => {
  const account = salesforceDesk.parse(base);
  expect(inspect(account) + JSON.stringify(account)).not.toContain('SECRET-TEXT');
});
