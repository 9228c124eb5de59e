import { expect, test } from 'vitest';
import { messengerAccount } from './account.ts';

const given = {
  id: 'acme-page',
  kind: 'messenger',
  pageId: 555,
  appId: '9911',
  pageToken: 'token',
  appSecret: 'secret',
  verifyToken: 'verify',
};

test('ids become text, the rest gets its defaults, secrets do not print', () => {
  const account = messengerAccount.parse(given);
  expect(account).toMatchObject({
    pageId: '555',
    appId: '9911',
    apiUrl: 'https://graph.facebook.com',
    apiVersion: 'v26.0',
    humanAgent: false,
  });
  expect(account.pageToken.reveal()).toBe('token');
  expect(JSON.stringify(account)).not.toMatch(/"(?:token|secret|verify)"/);
});

const refused: [string, Record<string, unknown>][] = [
  ['an unknown key', { pageTokn: 'x' }],
  ['another kind', { kind: 'instagram' }],
  ['a missing secret', { appSecret: undefined }],
  ['an empty secret', { appSecret: '' }],
  ['an id with spaces', { id: 'my page' }],
  ['a page id that lost digits', { pageId: Number('12345678901234567890') }],
  ['an address that is none', { apiUrl: 'graph' }],
  ['a version that is none', { apiVersion: '26' }],
];
test.each(refused)('refuses %s', (_name, change) => {
  expect(messengerAccount.safeParse({ ...given, ...change }).success).toBe(false);
});

test('every field says what it is', () => {
  for (const [name, field] of Object.entries(messengerAccount.shape)) {
    expect([name, field.description]).toEqual([name, expect.stringMatching(/^[A-Z].{10,}/)]);
  }
});
