import { expect, test } from 'vitest';
import { lineAccount } from './account.ts';

const given = { id: 'acme-line', kind: 'line', channelSecret: 's', channelAccessToken: 't' };

test('the standard hosts, and no slash at their end', () => {
  expect(lineAccount.parse(given)).toMatchObject({
    apiUrl: 'https://api.line.me',
    dataApiUrl: 'https://api-data.line.me',
  });
  expect(lineAccount.parse({ ...given, apiUrl: 'http://127.0.0.1:9000/' }).apiUrl).toBe('http://127.0.0.1:9000');
});

const mistakes: [string, object][] = [
  ['an id that does not fit a URL', { id: 'acme line' }],
  ['an empty secret', { channelSecret: '' }],
  ['no secret', { channelSecret: undefined }],
  ['no token', { channelAccessToken: undefined }],
  ['a bot named by its basic id', { botUserId: '@216acme' }],
  ['an answer to groups that is too long', { groupAnswer: 'x'.repeat(5001) }],
  ['a host that is no URL', { apiUrl: 'api.line.me' }],
];
test.each(mistakes)('refused: %s', (_name, change) => {
  expect(lineAccount.safeParse({ ...given, ...change }).success).toBe(false);
});
