import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startZendeskSimulator, type ZendeskSandbox } from './simulator.ts';
import { staff } from './state.ts';

let zendesk: ZendeskSandbox;
let server: Server;
let endpoint: string;
let got: string[];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    got.push(body);
    response.writeHead(request.url === '/no' ? 401 : 200).end('heard');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const secrets = { clientId: 'c', clientSecret: 's', webhookSecret: 'webhook-secret', accessToken: 'fixed' };
  zendesk = await startZendeskSimulator(secrets);
});
beforeEach(() => {
  got = [];
  zendesk.reset();
});
afterAll(async () => {
  await zendesk.close();
  server.closeAllConnections();
  server.close();
});

async function call(method: string, path: string, json?: unknown) {
  const answer = await fetch(`${zendesk.url}/api/v2${path}`, {
    method,
    headers: { authorization: 'Bearer fixed', 'content-type': 'application/json' },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
}

const webhook = () => ({
  ...{ name: 'W', endpoint, http_method: 'POST', request_format: 'json', status: 'active' },
  subscriptions: ['conditional_ticket_events'],
});
const madeWebhook = async () => (await call('POST', '/webhooks', { webhook: webhook() })).body.webhook.id as string;
const condition = (field: string, value: string, operator = 'is') => ({ field, operator, value });

describe('a webhook', () => {
  test('is made with a secret of its own, changed in part, and taken away', async () => {
    const id = await madeWebhook();
    expect((await call('GET', `/webhooks/${id}/signing_secret`)).body).toEqual({
      signing_secret: { algorithm: 'SHA256', secret: 'webhook-secret' },
    });
    const second = await madeWebhook();
    expect((await call('GET', `/webhooks/${second}/signing_secret`)).body.signing_secret.secret).toMatch(/^\S{32}$/);
    expect((await call('PATCH', `/webhooks/${id}`, { webhook: { status: 'inactive' } })).status).toBe(204);
    expect((await call('GET', `/webhooks/${id}`)).body.webhook).toMatchObject({ ...webhook(), status: 'inactive' });
    expect((await call('DELETE', `/webhooks/${id}`)).status).toBe(204);
    expect((await call('GET', `/webhooks/${id}`)).status).toBe(404);
    const listed = await call('GET', '/webhooks?page[size]=100');
    expect(listed.body).toMatchObject({ webhooks: [{ id: second }], meta: { has_more: false } });
    expect(JSON.stringify(listed.body)).not.toContain('secret');
  });

  test.each([
    ['no name', { name: ' ' }, 'name'],
    ['no address', { endpoint: 'chat' }, 'endpoint'],
    ['a method there is not', { http_method: 'SEND' }, 'http_method'],
    ['a format there is not', { request_format: 'csv' }, 'request_format'],
    ['a state there is not', { status: 'on' }, 'status'],
    ['triggers and events at once', { subscriptions: ['conditional_ticket_events', 'zen:event-type:x'] }, 'excludes'],
    ['nothing it is for', { subscriptions: [] }, 'subscriptions'],
  ])('with %s is refused', async (_, change, says) => {
    const { status, body } = await call('POST', '/webhooks', { webhook: { ...webhook(), ...change } });
    expect([status, body.errors[0].title]).toEqual([400, expect.stringContaining(says)]);
  });

  test('is tried out, and what it answered is told', async () => {
    const id = await madeWebhook();
    const asked = { request: { payload: '{"a":1}' } };
    const tried = await call('POST', `/webhooks/test?webhook_id=${id}`, asked);
    expect(tried.body).toMatchObject({ response: { status: 200, payload: 'heard' } });
    expect(got).toEqual(['{"a":1}']);
    await call('PATCH', `/webhooks/${id}`, { webhook: { endpoint: `${endpoint}/no` } });
    expect((await call('POST', `/webhooks/test?webhook_id=${id}`, asked)).body.response.status).toBe(401);
    expect((await call('POST', '/webhooks/test?webhook_id=none', asked)).status).toBe(400);
  });

  test('that a trigger calls cannot be taken away', async () => {
    const id = await madeWebhook();
    const calls = [{ field: 'notification_webhook', value: [id, '{}'] }];
    const trigger = { title: 'T', conditions: { all: [condition('update_type', 'Change')] }, actions: calls };
    const { body } = await call('POST', '/triggers', { trigger });
    expect((await call('DELETE', `/webhooks/${id}`)).status).toBe(400);
    await call('DELETE', `/triggers/${body.trigger.id}`);
    expect((await call('DELETE', `/webhooks/${id}`)).status).toBe(204);
  });
});

const all = { all: [condition('status', 'new')] };
const solve = [{ field: 'status', value: 'solved' }];
const refusals: [what: string, list: string, one: string, fields: object, field: string][] = [
  ['a trigger without a title', 'triggers', 'trigger', { conditions: all, actions: solve }, 'title'],
  ['one without conditions', 'triggers', 'trigger', { title: 'T', conditions: { all: [] }, actions: solve }, 'base'],
  ['one without actions', 'triggers', 'trigger', { title: 'T', conditions: all, actions: [] }, 'base'],
  [
    'one that looks at what there is not',
    'triggers',
    'trigger',
    { title: 'T', conditions: { all: [condition('mood', 'good')] }, actions: solve },
    'base',
  ],
  [
    'one that compares as nobody can',
    'triggers',
    'trigger',
    { title: 'T', conditions: { all: [condition('role', 'agent', 'less_than')] }, actions: solve },
    'base',
  ],
  [
    'one that calls a webhook there is not',
    'triggers',
    'trigger',
    { title: 'T', conditions: all, actions: [{ field: 'notification_webhook', value: ['none', '{}'] }] },
    'base',
  ],
  [
    'a view that looks at no status',
    'views',
    'view',
    { title: 'V', all: [condition('current_tags', 'x', 'includes')] },
    'base',
  ],
  ['a view with a column there is not', 'views', 'view', { title: 'V', ...all, output: { columns: ['mood'] } }, 'base'],
  ['a macro that does nothing', 'macros', 'macro', { title: 'M', actions: [] }, 'base'],
  ['a field of a type there is not', 'ticket_fields', 'ticket_field', { title: 'F', type: 'mood' }, 'type'],
  [
    'a drop-down without options',
    'ticket_fields',
    'ticket_field',
    { title: 'F', type: 'tagger' },
    'custom_field_options',
  ],
  [
    'a drop-down with one value twice',
    'ticket_fields',
    'ticket_field',
    {
      title: 'F',
      type: 'tagger',
      custom_field_options: [
        { name: 'A', value: 'a' },
        { name: 'B', value: 'a' },
      ],
    },
    'custom_field_options',
  ],
  ['a field of users without a key', 'user_fields', 'user_field', { title: 'F', type: 'text' }, 'key'],
];
test.each(refusals)('%s is refused', async (_, list, one, fields, field) => {
  const { status, body } = await call('POST', `/${list}`, { [one]: fields });
  expect([status, body.error, Object.keys(body.details)]).toEqual([422, 'RecordInvalid', [field]]);
  expect(zendesk.rules(list)).toEqual([]);
});

test('a key of a field of users is there once', async () => {
  const user_field = { title: 'F', type: 'text', key: 'tier' };
  expect((await call('POST', '/user_fields', { user_field })).status).toBe(201);
  const { status, body } = await call('POST', '/user_fields', { user_field });
  expect([status, body.details.key[0].error]).toEqual([422, 'DuplicateValue']);
});

test('a view is sent in one form and shown in another', async () => {
  const sent = { title: 'V', ...all, output: { columns: ['subject', '12'], sort_by: 'created', sort_order: 'asc' } };
  await call('POST', '/views', { view: sent });
  const [view] = (await call('GET', '/views')).body.views;
  expect(view).toMatchObject({ conditions: { all: all.all, any: [] }, execution: { sort_by: 'created' } });
  expect(view.execution.columns.map(({ id }: { id: unknown }) => id)).toEqual(['subject', 12]);
  expect(view.output).toBeUndefined();
});

test('an agent sees no triggers and no webhooks, and makes nothing', async () => {
  zendesk.setRole('agent');
  for (const path of ['/triggers', '/webhooks']) expect((await call('GET', path)).status).toBe(403);
  expect((await call('GET', '/ticket_fields')).status).toBe(200);
  expect((await call('POST', '/macros', { macro: { title: 'M', actions: solve } })).status).toBe(403);
});

describe('a trigger', () => {
  const fires: [what: string, conditions: object[], fires: boolean][] = [
    ['on any change', [condition('update_type', 'Change')], true],
    ['on new tickets', [condition('update_type', 'Create')], false],
    ['on public comments', [condition('comment_is_public', 'true')], true],
    ['on notes', [condition('comment_is_public', 'false')], false],
    ['on what agents do', [condition('role', 'agent')], true],
    ['on what customers do', [condition('role', 'end_user')], false],
    ['on what another agent does', [condition('role', String(staff.bob))], false],
    ['on all but another agent', [condition('role', String(staff.bob), 'is_not')], true],
    ['with a tag that is there', [condition('current_tags', 'chat', 'includes')], true],
    ['without a tag that is there', [condition('current_tags', 'chat', 'not_includes')], false],
    ['when the status has changed', [condition('status', '', 'changed')], true],
    ['when it is below solved', [condition('status', 'solved', 'less_than')], true],
    ['when two things hold of which one does not', [condition('role', 'agent'), condition('status', 'closed')], false],
  ];
  test.each(fires)('%s', async (_, conditions, expected) => {
    const id = await madeWebhook();
    const body = '{"ticket_id":"{{ticket.id}}","by":"{{ current_user.id }}","mood":"{{ticket.mood}}"}';
    const ticket = await call('POST', '/tickets', { ticket: { tags: ['chat'], comment: { body: 'Hi' } } });
    const actions = [{ field: 'notification_webhook', value: [id, body] }];
    const made = await call('POST', '/triggers', { trigger: { title: 'T', conditions: { all: conditions }, actions } });
    expect(made.status).toBe(201);
    const number = ticket.body.ticket.id;
    await zendesk.agentComments(number, { text: 'Hello', public: true, status: 'open' });
    while (zendesk.webhooks.owed() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(got).toEqual(expected ? [`{"ticket_id":"${number}","by":"${staff.alice}","mood":""}`] : []);
  });

  test('that is inactive, or whose webhook is, calls nobody', async () => {
    const id = await madeWebhook();
    const actions = [{ field: 'notification_webhook', value: [id, '{}'] }];
    const trigger = { title: 'T', conditions: { all: [condition('update_type', 'Create')] }, actions };
    const made = await call('POST', '/triggers', { trigger });
    const opened = () => call('POST', '/tickets', { ticket: { comment: { body: 'Hi' } } });
    await call('PATCH', `/webhooks/${id}`, { webhook: { status: 'inactive' } });
    await opened();
    await call('PATCH', `/webhooks/${id}`, { webhook: { status: 'active' } });
    await call('PUT', `/triggers/${made.body.trigger.id}`, { trigger: { active: false } });
    await opened();
    expect(zendesk.webhooks.owed()).toBe(0);
    expect(got).toEqual([]);
  });
});
