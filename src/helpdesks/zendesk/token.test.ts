import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TicketId } from '../../domain/ids.ts';
import { startZendeskSimulator, type ZendeskSandbox } from '../../sandbox/zendesk/simulator.ts';
import { accountAt, connected, credentials, startStub, type TestTools, testTools } from './testing/harness.ts';

let zendesk: ZendeskSandbox;
let tools: TestTools;

const apiToken = { email: 'agent@acme.example', token: 'api-token' };

beforeEach(async () => {
  tools = testTools();
  zendesk = await startZendeskSimulator({ ...credentials, accessToken: 'fixed-token', apiToken });
});
afterEach(async () => {
  tools.close();
  await zendesk.close();
});

const ticket = '1' as TicketId;
const gone = { result: 'done', value: { id: ticket, status: 'gone' } };
const tokenRequests = () => zendesk.requests.filter(({ path }) => path === '/oauth/tokens').length;
const session = (login?: object) => connected(accountAt(zendesk.url, login), tools);

test.each([
  ['client credentials', undefined],
  ['an access token', { accessToken: 'fixed-token' }],
  ['e-mail and API token', { email: apiToken.email, apiToken: apiToken.token }],
])('logs in with %s', async (_it, login) => {
  expect(await session(login).showTicket(ticket)).toEqual(gone);
});

test.each([
  ['a client secret', { clientId: 'passerelle', clientSecret: 'wrong' }],
  ['an access token', { accessToken: 'wrong' }],
  ['an API token', { email: apiToken.email, apiToken: 'wrong' }],
])('is broken with the wrong %s', async (_it, login) => {
  expect(await session(login).showTicket(ticket)).toMatchObject({ result: 'account-broken' });
});

test('gets one token for many callers, and keeps it', async () => {
  const one = session();
  await Promise.all(Array.from({ length: 10 }, () => one.showTicket(ticket)));
  await one.showTicket(ticket);
  expect(tokenRequests()).toBe(1);
});

test('gets a new token before the old one expires', async () => {
  const one = session();
  await one.showTicket(ticket);
  tools.pass(28 * 60_000);
  await one.showTicket(ticket);
  expect(tokenRequests()).toBe(1);
  tools.pass(90_000);
  await one.showTicket(ticket);
  expect(tokenRequests()).toBe(2);
});

test('gets a new token when the old one is refused, once for all callers, and asks again', async () => {
  const one = session();
  await one.showTicket(ticket);
  zendesk.expireToken(true);
  const outcomes = await Promise.all(Array.from({ length: 5 }, () => one.showTicket(ticket)));
  expect(outcomes).toEqual(Array(5).fill(gone));
  expect(tokenRequests()).toBe(2);
});

test('does not go on asking when the new token is refused too', async () => {
  zendesk.inject({ kind: 'expired-token', path: '/tickets/', times: 5 });
  expect(await session().showTicket(ticket)).toMatchObject({ result: 'account-broken' });
  expect(zendesk.requests.filter(({ path }) => path.includes('/tickets/'))).toHaveLength(2);
});

test('a fixed token that expired breaks the account', async () => {
  zendesk.expireToken(true);
  expect(await session({ accessToken: 'fixed-token' }).showTicket(ticket)).toMatchObject({ result: 'account-broken' });
});

test.each([
  ['429', { result: 'later', after: 7_000 }],
  ['500', { result: 'later' }],
  ['timeout-before', { result: 'later' }],
  ['reset-before', { result: 'later' }],
] as const)('a token endpoint with %s is tried later: nothing was written', async (kind, expected) => {
  zendesk.inject({ kind, path: '/oauth/tokens', times: 1, delayMs: 2_000, retryAfter: 7 });
  const one = session();
  const comment = { marker: 'm' as never, author: 'service', public: true, body: 'b', uploads: [] } as const;
  expect(await one.addComment(ticket, { ...comment, uploads: [] })).toMatchObject(expected);
  expect(await one.showTicket(ticket)).toEqual(gone);
});

test('a token endpoint that answers nonsense is tried later', async () => {
  const stub = await startStub((_request, response) => response.end('<h1>Sign in</h1>'));
  expect(await connected(accountAt(stub.url), tools).showTicket(ticket)).toMatchObject({ result: 'later' });
  stub.close();
});
