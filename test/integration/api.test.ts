import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import { listAnswer, parkedDetail, replayAnswer } from '../../src/http/api/operator-schemas.ts';
import { commandLine } from '../support/command-line.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

const shopKey = 'a-key-of-the-configuration-0123456789';
/** Its minute begins with its first request. */
const busyKey = 'a-key-that-nobody-else-uses-0123456789';
let product: Product;
let operator: string;
beforeAll(async () => {
  const keys = [
    { name: 'shop', key: shopKey, scopes: ['orders', 'parked:read'] },
    { name: 'busy', key: busyKey, scopes: ['orders'] },
  ];
  product = await startProduct({ settings: { api: { keys } } });
  operator = await keyFor('operator', 'parked:read,parked:write,replay');
});
afterAll(() => product?.stop());

const passerelle = (...args: string[]) => commandLine(product.file, product.databaseUrl, args);

async function keyFor(name: string, scopes: string): Promise<string> {
  const { code, out } = await passerelle('keys', 'create', '--name', name, '--scopes', scopes);
  expect(code).toBe(0);
  return out.trim();
}

async function call(key: string | undefined, method: string, path: string, body?: unknown) {
  const response = await fetch(`${product.url}${path}`, {
    method,
    headers: {
      ...(key ? { authorization: `Bearer ${key}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const type = response.headers.get('content-type') ?? '';
  return { status: response.status, type, headers: response.headers, body: (await response.json()) as never };
}

/** So many messages that Zendesk refuses, one customer each. */
async function parked(prefix: string, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    product.messenger.addCustomer({ psid: `${prefix}${n}`, name: `Customer ${n}` });
    await product.messenger.customerSends(`${prefix}${n}`, { type: 'text', text: 'ä'.repeat(40_000) });
  }
  await until('parked', async () => {
    const { rows } = {
      rows: await product.db.selectFrom('deliveries').select('message').where('state', '=', 'parked').execute(),
    };
    return rows.length >= count;
  });
}

test('the list comes in pages that miss nothing and repeat nothing, as its description says', async () => {
  await parked('60', 5);
  const ids: string[] = [];
  let path: string | undefined = '/v1/parked?limit=2';
  while (path) {
    const { status, body } = await call(operator, 'GET', path);
    expect(status).toBe(200);
    const page: z.infer<typeof listAnswer> = listAnswer.parse(body);
    ids.push(...page.items.map(({ id }) => id));
    path = page.next && `/v1/parked?limit=2&cursor=${page.next}`;
  }
  expect(new Set(ids).size).toBe(5);
  expect(ids).toHaveLength(5);
  const only = async (query: string) =>
    listAnswer.parse((await call(operator, 'GET', `/v1/parked?${query}`)).body).items.length;
  expect(await only('target=helpdesk:acme-zendesk&account=acme-page')).toBe(5);
  expect(await only('target=crm:acme-salesforce')).toBe(0);
  expect(await only(`since=${new Date(Date.now() + 60_000).toISOString()}`)).toBe(0);
}, 40_000);

test('what was written is shown only to keys with text:read', async () => {
  const [first] = listAnswer.parse((await call(operator, 'GET', '/v1/parked?limit=1')).body).items;
  const without = parkedDetail.parse((await call(operator, 'GET', `/v1/parked/${first?.id}`)).body);
  expect(without.text).toBeUndefined();
  expect(JSON.stringify(without)).not.toContain('ää');
  const reader = await keyFor('reader', 'parked:read,text:read');
  expect(parkedDetail.parse((await call(reader, 'GET', `/v1/parked/${first?.id}`)).body).text).toContain('ää');
});

test('replay and discard by the API do what the command line does, and leave the key in the audit', async () => {
  const items = listAnswer.parse((await call(operator, 'GET', '/v1/parked')).body).items;
  const [first, second] = items;
  const dry = await call(operator, 'POST', `/v1/parked/${first?.id}/replay`, { dryRun: true });
  expect(replayAnswer.parse(dry.body)).toMatchObject({ dryRun: true, replayed: 1 });
  const both = await Promise.all([1, 2].map(() => call(operator, 'POST', `/v1/parked/${first?.id}/replay`)));
  expect(both.reduce((sum, { body }) => sum + replayAnswer.parse(body).replayed, 0)).toBe(1);
  expect(await call(operator, 'POST', '/v1/replay', { message: second?.message })).toMatchObject({
    status: 200,
    body: { replayed: 1 },
  });
  const third = items[2]?.id;
  expect((await call(operator, 'POST', `/v1/parked/${third}/discard`, { why: 'a test' })).status).toBe(200);
  expect((await call(operator, 'POST', `/v1/parked/${third}/discard`, { why: 'a test' })).status).toBe(404);
  const audit = (await passerelle('audit', 'list', '--json')).out.trim().split('\n');
  expect(audit.map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({ who: 'key:operator', what: 'discard', subject: third }),
  );
});

test.each([
  ['no key', undefined, 'GET', '/v1/parked', undefined, 401],
  ['a wrong key', 'psr_nobody', 'GET', '/v1/parked', undefined, 401],
  ['a key of the configuration', shopKey, 'GET', '/v1/parked', undefined, 200],
  ['a key without the scope', shopKey, 'POST', '/v1/replay', { message: 1 }, 403],
  ['a path there is not', shopKey, 'GET', '/v1/nowhere', undefined, 404],
  ['nothing parked there', shopKey, 'GET', '/v1/parked/9:crm:x', undefined, 404],
  ['a replay of what never was', 'operator', 'POST', '/v1/parked/9:crm:x/replay', {}, 404],
  ['a limit that is none', shopKey, 'GET', '/v1/parked?limit=many', undefined, 400],
  ['an unknown filter', shopKey, 'GET', '/v1/parked?colour=red', undefined, 400],
  ['a cursor nobody gave', shopKey, 'GET', '/v1/parked?cursor=abc', undefined, 400],
] as const)('%s', async (_, key, method, path, body, status) => {
  const answer = await call(key === 'operator' ? operator : key, method, path, body);
  expect(answer.status).toBe(status);
  if (status >= 400) {
    expect(answer.type).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) });
  }
  expect(JSON.stringify(answer.body)).not.toContain('psr_nobody');
});

test.each([
  ['two ways at once', { message: 1, conversation: 2 }],
  ['no way', {}],
  ['a time that is none', { since: 'yesterday' }],
  ['no JSON', '{"message":'],
])('a replay with %s is refused with 400', async (_, body) => {
  const answer = await call(operator, 'POST', '/v1/replay', body);
  expect([answer.status, answer.type.split(';')[0]]).toEqual([400, 'application/problem+json']);
});

test('keys are kept as hashes, listed without themselves, and end when revoked', async () => {
  const key = await keyFor('short-lived', 'parked:read');
  expect((await call(key, 'GET', '/v1/parked')).status).toBe(200);
  const rows = await product.db.selectFrom('api_keys').selectAll().where('name', '=', 'short-lived').execute();
  expect(JSON.stringify(rows)).not.toContain(key.slice(12));
  const list = await passerelle('keys', 'list');
  expect(list.out).toMatch(new RegExp(`short-lived +${key.slice(0, 10)}… +in use`));
  expect(list.out).not.toContain(key);
  expect((await passerelle('keys', 'create', '--name', 'short-lived', '--scopes', 'orders')).code).toBe(1);
  expect((await passerelle('keys', 'revoke', 'short-lived')).code).toBe(0);
  expect((await call(key, 'GET', '/v1/parked')).status).toBe(401);
});

test('the description is OpenAPI 3.1, names every route and scope, and is there to read without a key', async () => {
  const { body } = await call(undefined, 'GET', '/v1/openapi.json');
  expect(body).toMatchObject({ openapi: expect.stringMatching(/^3\.1\./) });
  const paths = (body as { paths: Record<string, Record<string, { parameters: { name: string }[] }>> }).paths;
  expect(Object.keys(paths).sort()).toEqual([
    '/v1/campaigns',
    '/v1/campaigns/{id}',
    '/v1/campaigns/{id}/approve',
    '/v1/campaigns/{id}/estimate',
    '/v1/campaigns/{id}/pause',
    '/v1/campaigns/{id}/report',
    '/v1/campaigns/{id}/resume',
    '/v1/campaigns/{id}/start',
    '/v1/campaigns/{id}/stop',
    '/v1/campaigns/{id}/test',
    '/v1/consents',
    '/v1/consents/batch',
    '/v1/customers',
    '/v1/customers/attributes',
    '/v1/customers/find',
    '/v1/customers/{customer}',
    '/v1/customers/{customer}/cut',
    '/v1/customers/{customer}/join',
    '/v1/customers/{id}/erase',
    '/v1/customers/{id}/export',
    '/v1/erasures/{code}',
    '/v1/erasures/{code}/retry',
    '/v1/link-acts/{id}/undo',
    '/v1/links',
    '/v1/links/{id}',
    '/v1/mapping/check',
    '/v1/mapping/diff',
    '/v1/mapping/preview',
    '/v1/mapping/rollback',
    '/v1/mapping/versions',
    '/v1/mapping/versions/{number}',
    '/v1/notices/preview',
    '/v1/notices/{id}',
    '/v1/orders/events',
    '/v1/orders/{number}',
    '/v1/orders/{number}/notices',
    '/v1/parked',
    '/v1/parked/{id}',
    '/v1/parked/{id}/discard',
    '/v1/parked/{id}/replay',
    '/v1/questions',
    '/v1/questions/{id}',
    '/v1/questions/{id}/choose',
    '/v1/questions/{id}/none',
    '/v1/redactions',
    '/v1/replay',
  ]);
  expect(paths['/v1/parked']?.['get']?.parameters.map(({ name }) => name)).toEqual([
    'target',
    'account',
    'since',
    'limit',
    'cursor',
  ]);
  const page = await (await fetch(`${product.url}/docs`)).text();
  for (const path of Object.keys(paths)) expect(page).toContain(path);
  expect(page).not.toMatch(/<script|src="http|href="http/);
});

test('whoever guesses keys is told to stop; a good key goes on working', async () => {
  const guesses = await Promise.all(Array.from({ length: 40 }, () => call('psr_guess', 'GET', '/v1/parked')));
  expect(guesses.map(({ status }) => status)).toContain(429);
  expect((await call(operator, 'GET', '/v1/parked')).status).toBe(200);
});

test('one key may ask so much a minute and is told how long to wait; others go on', async () => {
  const busy = Array.from({ length: 610 }, () => call(busyKey, 'GET', '/v1/nowhere'));
  const refused = (await Promise.all(busy)).filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(Number(refused[0]!.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(refused[0]!.body).toMatchObject({ title: 'Too Many Requests', detail: expect.stringContaining('600') });
  expect((await call(operator, 'GET', '/v1/parked')).status).toBe(200);
});
