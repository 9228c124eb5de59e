import { expect, test } from 'vitest';
import { addressOf, telegramAccount } from './account.ts';
import { accountAt, botToken, secretToken } from './fixtures/support.ts';
import { verifySecretToken } from './secret-token.ts';

const settings = { id: 'acme-telegram', kind: 'telegram', botToken, secretToken };

test('a bot is known by the id in its token', () => {
  const account = telegramAccount.parse(settings);
  expect(addressOf(account)).toBe('4242');
  expect(account.apiUrl).toBe('https://api.telegram.org');
  expect(`${account.botToken} ${JSON.stringify(account)}`).not.toContain('SECRET');
});

test.each([
  ['a token that is none', { botToken: 'acme_bot' }, /bot token/],
  ['a secret with signs Telegram does not take', { secretToken: 'a b' }, /letters, digits/],
  ['a secret that is too long', { secretToken: 'a'.repeat(257) }, /at most 256/],
])('%s is refused', (_name, more, why) => {
  const parsed = telegramAccount.safeParse({ ...settings, ...more });
  expect(parsed.error?.issues.map(({ message }) => message).join()).toMatch(why);
});

test.each([
  ['the secret', secretToken, true],
  ['another', 'tg-secret-2', false],
  ['its beginning', 'tg-secret', false],
  ['more than it', `${secretToken}x`, false],
  ['nothing', '', false],
  ['no header', undefined, false],
])('a webhook with %s', (_name, given, holds) => {
  const headers = { 'x-telegram-bot-api-secret-token': given };
  const request = { method: 'POST', url: '', headers, query: {}, body: Buffer.from('{}') };
  expect(verifySecretToken(request, accountAt('https://api.telegram.org').secretToken) !== 'forged').toBe(holds);
});
