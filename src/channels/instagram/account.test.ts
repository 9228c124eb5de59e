import { expect, test } from 'vitest';
import { apiUrlOf, instagramAccount, loginOf } from './account.ts';
import { sample } from './testing.ts';

const logins: [object, string, string][] = [
  [{}, 'instagram', 'https://graph.instagram.com'],
  [{ login: 'facebook' }, 'facebook', 'https://graph.facebook.com'],
  [{ apiUrl: 'https://graph.facebook.com/' }, 'facebook', 'https://graph.facebook.com'],
  [{ apiUrl: 'http://127.0.0.1:9' }, 'instagram', 'http://127.0.0.1:9'],
  [{ apiUrl: 'http://127.0.0.1:9', login: 'facebook' }, 'facebook', 'http://127.0.0.1:9'],
];
test.each(logins)('%j is connected by %s, at %s', (more, login, url) => {
  const account = instagramAccount.parse({ ...sample.account, ...more });
  expect([loginOf(account), apiUrlOf(account)]).toEqual([login, url]);
});

test('an id too long for a number is taken in quotes only', () => {
  expect(
    instagramAccount.safeParse({ ...sample.account, accountId: Number(sample.account['accountId']) }).success,
  ).toBe(false);
});
