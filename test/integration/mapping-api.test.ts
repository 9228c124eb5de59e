import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { appliedAnswer, checkAnswer, previewAnswer, versionsAnswer } from '../../src/http/api/mapping-schemas.ts';
import { commandLine } from '../support/command-line.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

const editor = 'editor-key-0123456789-0123456789';
const reader = 'reader-key-0123456789-0123456789';
const shop = 'shop-key-0123456789-0123456789-0';
let product: Product;
beforeAll(async () => {
  const keys = [
    { name: 'editor', key: editor, scopes: ['mapping:read', 'mapping:write', 'text:read'] },
    { name: 'reader', key: reader, scopes: ['mapping:read'] },
    { name: 'shop', key: shop, scopes: ['orders'] },
  ];
  product = await startProduct({ settings: { api: { keys } }, mapping: { tickets: { tags: ['old'] } } });
});
afterAll(() => product?.stop());

async function call(key: string, method: string, path: string, body?: unknown) {
  const response = await fetch(`${product.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const ticketOf = (psid: string) =>
  until('a ticket', () =>
    product.zendesk.tickets().find(({ requester }) => requester.externalId === `messenger:acme-page:${psid}`),
  );

const writes = () => product.zendesk.requests.filter(({ method }) => method !== 'GET').length;

const draft =
  'tickets: { tags: [new], subject: "{{ customer.name }} asks" }\nrouting:\n  - when: { text: { words: invoice } }\n    set: { group: VIP, priority: high }\n';

test('a mapping is checked, previewed on a past conversation, applied and taken back', async () => {
  product.messenger.addCustomer({ psid: '500', name: 'Ana Núñez' });
  await product.messenger.customerSends('500', { type: 'text', text: 'where is my invoice?' });
  const ticket = await ticketOf('500');
  const { id } = await product.db
    .selectFrom('conversations')
    .select('id')
    .where('platform_user', '=', '500')
    .executeTakeFirstOrThrow();

  const checked = await call(reader, 'POST', '/v1/mapping/check', { text: 'tickets: { tags: [{}] }' });
  expect(checkAnswer.parse(checked.body)).toEqual({
    ok: false,
    mistakes: [expect.objectContaining({ file: 'draft', line: 1, column: 19, path: 'tickets.tags[0]' })],
  });

  const before = writes();
  const previewed = await call(editor, 'POST', '/v1/mapping/preview', { text: draft, conversation: id });
  const { ok, tickets } = previewAnswer.parse(previewed.body);
  expect(ok).toBe(true);
  expect(tickets).toEqual([
    expect.objectContaining({
      ticket: String(ticket.id),
      version: 1,
      was: expect.objectContaining({ subject: 'Messenger: Ana Núñez', tags: ['old'], placement: {}, rules: [] }),
      would: expect.objectContaining({
        subject: 'Ana Núñez asks',
        tags: ['new'],
        placement: { group: 'VIP', priority: 'high' },
        rules: ['1'],
        contact: { FirstName: 'Ana', LastName: 'Núñez' },
      }),
    }),
  ]);
  expect(writes()).toBe(before);

  const applied = await call(editor, 'POST', '/v1/mapping/versions', { text: draft, comment: 'invoices', after: 1 });
  expect(appliedAnswer.parse(applied.body)).toEqual({ result: 'applied', version: 2 });
  expect((await call(editor, 'POST', '/v1/mapping/versions', { text: '', after: 1 })).body).toEqual({
    result: 'overtaken',
    version: 2,
  });
  const wrong = await call(editor, 'POST', '/v1/mapping/versions', { text: ': [' });
  expect(appliedAnswer.parse(wrong.body)).toMatchObject({ result: 'wrong', mistakes: [{ file: 'draft', line: 1 }] });
  expect((await call(editor, 'POST', '/v1/mapping/rollback', { to: 1 })).body).toEqual({
    result: 'applied',
    version: 3,
  });
  expect((await call(editor, 'POST', '/v1/mapping/rollback', { to: 9 })).status).toBe(404);

  const { items } = versionsAnswer.parse((await call(reader, 'GET', '/v1/mapping/versions')).body);
  expect(items.map(({ number, state, source, who }) => [number, state, source, who])).toEqual([
    [3, 'in-force', 'rollback', 'key:editor'],
    [2, 'past', 'apply', 'key:editor'],
    [1, 'past', 'file', 'file'],
  ]);
  expect((await call(reader, 'GET', '/v1/mapping/versions/2')).body).toMatchObject({
    text: draft,
    comment: 'invoices',
  });
  expect((await call(reader, 'GET', '/v1/mapping/versions/8')).status).toBe(404);
  expect(String((await call(reader, 'GET', '/v1/mapping/diff?from=1&to=2')).body['diff'])).toContain('+routing:');
});

test('who may only read changes nothing, and sees no words of customers', async () => {
  expect((await call(reader, 'POST', '/v1/mapping/versions', { text: '' })).status).toBe(403);
  expect((await call(reader, 'POST', '/v1/mapping/rollback', { to: 1 })).status).toBe(403);
  expect((await call(reader, 'POST', '/v1/mapping/preview', { conversation: 1 })).status).toBe(403);
  expect((await call(shop, 'GET', '/v1/mapping/versions')).status).toBe(403);
  expect((await call(editor, 'POST', '/v1/mapping/preview', { conversation: 999_999 })).status).toBe(404);
});

test('the command line shows what would change, beside what was', async () => {
  const ticket = await ticketOf('500');
  const file = join(product.folder, 'draft.yaml');
  writeFileSync(file, draft);
  const preview = (...args: string[]) =>
    commandLine(product.file, product.databaseUrl, ['mapping', 'preview', file, ...args]);
  const { code, out } = await preview('--ticket', String(ticket.id));
  expect(code).toBe(0);
  expect(out.split('\n').slice(1, 6)).toEqual(
    [
      '- subject: Messenger: Ana Núñez',
      '+ subject: Ana Núñez asks',
      '- tags: old',
      '+ tags: new',
      '  contact.FirstName: Ana',
    ].map((line) => line.trimEnd()),
  );
  expect(out).toContain('+ ticket.group: VIP');
  expect(out).toContain('+ rules: 1');
  expect(out).toMatch(/ {2}history\.subject: Messenger conversation, ticket \d+/);
  expect(await preview('--conversation', '99999')).toMatchObject({ code: 1 });
  expect(await preview()).toMatchObject({ code: 2, err: 'Say which: --conversation or --ticket.\n' });
});

test('what the shop tells of a customer routes their tickets and stands in texts', async () => {
  const text = [
    'tickets: { subject: "{{ customer.name }}, order {{ customer.attributes.orderState }}" }',
    'routing: [{ when: { order: "ship*" }, set: { group: Returns } }]',
  ].join('\n');
  expect((await call(editor, 'POST', '/v1/mapping/versions', { text })).body['result']).toBe('applied');
  product.messenger.addCustomer({ psid: '501', name: 'Ben' });
  await product.messenger.customerSends('501', { type: 'text', text: 'first' });
  const first = await ticketOf('501');
  expect([first.subject, first.fields]).toEqual(['Ben, order', {}]);
  const tell = (attributes: object) =>
    call(shop, 'POST', '/v1/customers/attributes', { account: 'acme-page', platformUser: '501', attributes });
  expect((await tell({ orderState: 'shipped', tier: 'gold' })).body).toEqual({
    attributes: { orderState: 'shipped', tier: 'gold' },
  });
  expect((await tell({ tier: null })).body).toEqual({ attributes: { orderState: 'shipped' } });
  product.zendesk.setStatus(first.id, 'closed');
  await product.messenger.customerSends('501', { type: 'text', text: 'second' });
  const second = await until('another ticket', () =>
    product.zendesk.tickets().find(({ id, requester }) => id !== first.id && requester.id === first.requester.id),
  );
  expect([second.subject, second.fields]).toEqual(['Ben, order shipped', { group_id: 360_000_100_003 }]);
  const nobody = { account: 'acme-page', platformUser: 'nobody', attributes: {} };
  expect((await call(shop, 'POST', '/v1/customers/attributes', nobody)).status).toBe(404);
  expect((await call(shop, 'POST', '/v1/customers/attributes', { ...nobody, attributes: { 'a b': 'x' } })).status).toBe(
    400,
  );
});
