import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CallbackState } from '../../sandbox/zendesk/made-by-hand.ts';
import { startZendeskSimulator, type ZendeskSandbox } from '../../sandbox/zendesk/simulator.ts';
import { accountAt, connected, credentials, startStub, type TestTools, testTools } from './testing/harness.ts';

let zendesk: ZendeskSandbox;
let tools: TestTools;
beforeAll(async () => {
  zendesk = await startZendeskSimulator(credentials);
  tools = testTools();
});
afterAll(async () => {
  tools.close();
  await zendesk.close();
});

const session = () => connected(accountAt(zendesk.url), tools);
const found = async () => session().checkSubscription!();
const hook = 'https://chat.acme.example/webhooks/zendesk/acme-zendesk';

test.each([
  ['another address', 'https://chat.acme.example/webhooks/zendesk/other'],
  ['no webhook', undefined],
])('%s is told', async (_, url) => {
  zendesk.setWebhookUrl(url);
  expect(await found()).toMatchObject({ value: { ok: false, why: expect.stringContaining('has no webhook') } });
});

const states: [CallbackState, object][] = [
  ['active', { ok: true }],
  ['webhook-inactive', { ok: false, why: expect.stringMatching(/webhook .* is inactive/), fix: expect.any(String) }],
  ['webhook-deleted', { ok: false, why: expect.stringContaining('has no webhook'), fix: expect.any(String) }],
  ['trigger-inactive', { ok: false, why: expect.stringMatching(/trigger .* is inactive/), fix: expect.any(String) }],
  ['trigger-deleted', { ok: false, why: expect.stringContaining('No trigger'), fix: expect.any(String) }],
];
test.each(states)('%s is seen', async (state, expected) => {
  zendesk.setWebhookUrl(hook);
  zendesk.setCallback(state);
  expect(await found()).toEqual({ result: 'done', value: expected });
});

test('a webhook for events needs no trigger', async () => {
  const webhook = { id: 'W', endpoint: hook, status: 'active', subscriptions: ['zen:event-type:ticket.comment_added'] };
  const stub = await startStub((_request, response) => response.end(JSON.stringify({ webhooks: [webhook] })));
  const told = connected(accountAt(stub.url, { accessToken: 't' }), tools);
  expect(await told.checkSubscription!()).toEqual({ result: 'done', value: { ok: true } });
  stub.close();
});

test('whoever may not see webhooks gets neither a yes nor a no', async () => {
  const stub = await startStub((_request, response) => response.writeHead(403).end('{}'));
  const told = connected(accountAt(stub.url, { accessToken: 't' }), tools);
  expect(await told.checkSubscription!()).toMatchObject({ result: 'account-broken' });
  stub.close();
});
