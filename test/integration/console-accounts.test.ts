import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AccountDetail, Accounts, TestTarget } from '../../src/console/wire/accounts.ts';
import type { AuditLine } from '../../src/console/wire/audit.ts';
import type { ApiKeys } from '../../src/console/wire/keys.ts';
import type { Page } from '../../src/console/wire/page.ts';
import type { SettingsShown } from '../../src/console/wire/settings.ts';
import { addConsoleUser } from '../../src/flows/console-users.ts';
import { freePort } from '../../src/sandbox/demo/free-port.ts';
import { consoleAdmin, consoleClient } from '../support/console.ts';
import { messengerAccount, type Product, startProduct, verifyToken } from '../support/product.ts';
import { until } from '../support/until.ts';

let product: Product;
let admin: ReturnType<typeof consoleClient>;
const people: Record<string, ReturnType<typeof consoleClient>> = {};

beforeAll(async () => {
  const port = await freePort();
  product = await startProduct({
    settings: {
      console: { admins: [consoleAdmin] },
      server: { port, host: '127.0.0.1', publicUrl: `http://127.0.0.1:${port}` },
      api: { keys: [{ name: 'shop', key: 'a-key-of-twenty-letters', scopes: ['links'] }] },
    },
  });
  admin = consoleClient(product.url);
  await admin.signIn();
  for (const role of ['viewer', 'operator'] as const) {
    const who = { email: `${role}@acme.example`, password: 'a password of theirs' };
    await addConsoleUser(product.db, { ...who, role, who: 'test' });
    people[role] = consoleClient(product.url);
    await people[role].signIn(who);
  }
});
afterAll(() => product?.stop());

const body = async <Body>(answer: Promise<{ status: number; body: never }>) => (await answer).body as Body;
const account = () => body<AccountDetail>(admin.get('/accounts/channel/acme-page'));

describe('accounts', () => {
  test('all are listed with what is known of their health', async () => {
    const all = await until('they were looked at', async () => {
      const found = await body<Accounts>(admin.get('/accounts'));
      return found.checkedAt && !found.checking && found;
    });
    expect(all.accounts.map(({ type, id }) => `${type}:${id}`)).toEqual([
      'channel:acme-page',
      'helpdesk:acme-zendesk',
      'crm:acme-salesforce',
    ]);
    expect(all.accounts.every(({ state }) => state !== 'unknown')).toBe(true);
    expect(all.own.map(({ account }) => account)).toContain('database');
  });

  test('one tells its limits from the channel’s own data, where webhooks go, and no secret', async () => {
    const shown = await account();
    expect(shown.limits).toMatchObject({ windowMs: 86_400_000, humanWindowMs: 7 * 86_400_000 });
    expect(shown.webhookUrl).toBe(`${product.url}/webhooks/messenger/acme-page`);
    expect(shown.settings).toContainEqual({ name: 'pageToken', value: '[secret]', about: expect.any(String) });
    const all = JSON.stringify([shown, await body(admin.get('/settings')), await body(admin.get('/accounts'))]);
    for (const secret of [
      messengerAccount.pageToken,
      messengerAccount.appSecret,
      verifyToken,
      consoleAdmin.password,
      'a-key-of-twenty-letters',
    ])
      expect(all).not.toContain(secret);
  });

  test('what is missing at the platform is found when somebody looks, and mended by an admin', async () => {
    product.messenger.unsubscribe();
    const looked = await body<AccountDetail>(people['operator']!.post('/accounts/channel/acme-page/check', {}));
    expect(looked).toMatchObject({ state: 'bad', mend: expect.any(String) });
    expect((await people['operator']!.post('/accounts/channel/acme-page/fix', {})).status).toBe(403);
    const fixed = await admin.post('/accounts/channel/acme-page/fix', {});
    expect(fixed).toMatchObject({ status: 200, body: { done: [expect.any(String)] } });
    const entries = await body<Page<AuditLine>>(admin.get('/audit?what=account-fixed'));
    expect(entries.items).toMatchObject([{ who: `user:${consoleAdmin.email}`, subject: 'acme-page' }]);
  });

  test('a test message reaches whoever wrote last, and tells how far it got', async () => {
    product.messenger.addCustomer({ psid: '81', name: 'Ada' });
    await product.messenger.customerSends('81', { type: 'text', text: 'Hello' });
    const [target] = await until('she can be chosen', async () => {
      const { items } = await body<{ items: TestTarget[] }>(
        people['operator']!.get('/accounts/channel/acme-page/test-targets'),
      );
      return items.length > 0 && items;
    });
    const asked = { conversation: target!.conversation, text: 'Does this arrive?' };
    expect((await people['viewer']!.post('/accounts/channel/acme-page/test', asked)).status).toBe(403);
    const sent = await people['operator']!.post('/accounts/channel/acme-page/test', asked);
    expect(sent.status).toBe(202);
    const { message } = sent.body as { message: number };
    await until('it is sent', async () => {
      const { state } = await body<{ state: string }>(people['operator']!.get(`/test-messages/${message}`));
      return state === 'sent' || state === 'delivered' || state === 'read';
    });
    const thread = product.messenger.threads().find(({ psid }) => psid === '81')!;
    expect(thread.bubbles.some((bubble) => JSON.stringify(bubble).includes('Does this arrive?'))).toBe(true);
  });

  test('nobody can be written to by another account’s name', async () => {
    expect((await admin.post('/accounts/channel/other/test', { conversation: 1, text: 'x' })).status).toBe(404);
  });
});

describe('API keys', () => {
  test('one is made and shown once, works, and is refused once revoked', async () => {
    const made = await admin.post('/keys', { name: 'crm', scopes: ['customers:read'] });
    expect(made.status).toBe(201);
    const { key } = made.body as { key: string };
    const call = () => fetch(`${product.url}/v1/parked`, { headers: { authorization: `Bearer ${key}` } });
    expect((await call()).status).toBe(403);
    const listed = await body<ApiKeys>(admin.get('/keys'));
    expect(JSON.stringify(listed)).not.toContain(key);
    expect(listed.keys.map(({ name, source }) => [name, source])).toEqual([
      ['shop', 'configuration'],
      ['crm', 'made'],
    ]);
    expect((await admin.delete('/keys/crm')).status).toBe(200);
    expect((await call()).status).toBe(401);
    expect((await admin.delete('/keys/crm')).status).toBe(404);
  });

  test.each([
    ['a name that is in use', { name: 'shop', scopes: ['links'] }, 409, 'already'],
    ['no scope', { name: 'x', scopes: [] }, 400, 'choose what it may do'],
    ['a scope that does not exist', { name: 'x', scopes: ['all'] }, 400, 'body.scopes.0'],
    ['no name', { name: ' ', scopes: ['links'] }, 400, 'give it a name'],
  ])('%s is refused in words', async (_, given, status, words) => {
    expect(await admin.post('/keys', given)).toMatchObject({
      status,
      body: { detail: expect.stringContaining(words) },
    });
  });
});

describe('the audit', () => {
  test('is read page by page, newest first, and filtered', async () => {
    await product.db
      .insertInto('audit')
      .values(
        Array.from({ length: 120 }, (_, n) => ({
          who: 'cli:test',
          what: 'replay' as const,
          subject: `s${n}`,
          detail: '{}',
        })),
      )
      .execute();
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Page<AuditLine> = await body<Page<AuditLine>>(
        admin.get(`/audit?who=cli:test&cursor=${cursor}`.replace(/&cursor=$/, '')),
      );
      seen.push(...page.items.map(({ subject }) => subject));
      cursor = page.next;
    }
    expect(seen).toEqual(Array.from({ length: 120 }, (_, n) => `s${119 - n}`));
    expect((await body<Page<AuditLine>>(admin.get('/audit?subject=s7'))).items).toHaveLength(1);
    expect((await body<Page<AuditLine>>(admin.get('/audit?who=cli:test&since=2090-01-01T00:00:00Z'))).items).toEqual(
      [],
    );
    expect((await admin.get('/audit?cursor=nonsense')).status).toBe(400);
  });
});

test('the settings are shown with their own names', async () => {
  const { groups, users } = await body<SettingsShown>(admin.get('/settings'));
  const all = groups.flatMap(({ settings }) => settings);
  expect(all).toContainEqual({ name: 'ledger.keepWebhooksFor', value: '30d' });
  expect(all).toContainEqual({ name: 'server.publicUrl', value: product.url });
  expect(users.map(({ email }) => email)).toContain(consoleAdmin.email);
  expect((await body<SettingsShown>(people['viewer']!.get('/settings'))).users).toEqual([]);
});

describe('roles', () => {
  const asked: [string, string, unknown, Record<string, number>][] = [
    ['get', '/overview', undefined, { viewer: 200, operator: 200, admin: 200 }],
    ['get', '/accounts', undefined, { viewer: 200, operator: 200, admin: 200 }],
    ['get', '/settings', undefined, { viewer: 200, operator: 200, admin: 200 }],
    ['get', '/audit', undefined, { viewer: 403, operator: 200, admin: 200 }],
    ['get', '/keys', undefined, { viewer: 403, operator: 403, admin: 200 }],
    ['post', '/keys', {}, { viewer: 403, operator: 403, admin: 400 }],
    ['delete', '/keys/none', undefined, { viewer: 403, operator: 403, admin: 404 }],
    ['post', '/accounts/channel/none/check', {}, { viewer: 403, operator: 404, admin: 404 }],
    ['post', '/accounts/channel/none/fix', {}, { viewer: 403, operator: 403, admin: 404 }],
  ];
  test.each(asked)('%s %s', async (method, path, given, expected) => {
    const found: Record<string, number> = {};
    for (const [role, browser] of Object.entries({ ...people, admin }))
      found[role] = (await browser.call(method.toUpperCase(), path, given)).status;
    expect(found).toEqual(expected);
  });
});
