import { SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import type { AccountId } from '../../domain/ids.ts';
import { Secret } from '../../kit/secret.ts';
import { verifyAppCall } from './app-call.ts';

const secret = 'a-secret-of-more-than-32-characters-0001';
const account = { id: 'acme-zendesk' as AccountId, appSecret: new Secret(secret) };
const now = new Date('2026-03-01T10:00:00Z');
const seconds = (after: number) => now.getTime() / 1_000 + after;

const claims = { aud: 'passerelle:acme-zendesk', exp: seconds(120), agent: 17, agentName: 'Ann', ticket: '42' };
const signed = (given: Record<string, unknown> = {}, key = secret, alg = 'HS256') =>
  new SignJWT({ ...claims, ...given }).setProtectedHeader({ alg }).sign(new TextEncoder().encode(key));

const unsigned = () => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part(claims)}.`;
};

test('what Zendesk signed for this account tells the agent and the ticket', async () => {
  expect(await verifyAppCall(await signed(), account, now)).toEqual({ agent: '17', agentName: 'Ann', ticket: '42' });
  expect(await verifyAppCall(await signed({ agentName: undefined }), account, now)).toMatchObject({
    agentName: 'agent 17',
  });
});

describe('is refused', () => {
  test.each<[string, () => string | Promise<string>]>([
    ['another secret', () => signed({}, `${secret}x`)],
    ['another account', () => signed({ aud: 'passerelle:other-zendesk' })],
    ['no account', () => signed({ aud: undefined })],
    ['over', () => signed({ exp: seconds(-31) })],
    ['without an end', () => signed({ exp: undefined })],
    ['one that holds too long', () => signed({ exp: seconds(86_400) })],
    ['not yet', () => signed({ nbf: seconds(60) })],
    ['no agent', () => signed({ agent: undefined })],
    ['a ticket that is no number', () => signed({ ticket: '42/../7' })],
    ['another way to sign', () => signed({}, secret, 'HS512')],
    ['no signature', unsigned],
    ['a cut one', async () => (await signed()).slice(0, -2)],
    ['no token', () => 'nonsense'],
    ['nothing', () => ''],
  ])('%s', async (_, token) => {
    expect(await verifyAppCall(await token(), account, now)).toBe('forged');
  });
});

test('without the setting no app may ask', async () => {
  expect(await verifyAppCall(await signed(), { id: account.id }, now)).toBe('off');
});
