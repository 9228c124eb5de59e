import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandLine } from '../support/command-line.ts';
import { consoleAdmin, consoleClient } from '../support/console.ts';
import { type Product, startProduct } from '../support/product.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct({ settings: { console: { admins: [consoleAdmin] } } });
});
afterAll(() => product?.stop());

const run = (...args: string[]) => commandLine(product.file, product.databaseUrl, ['users', ...args]);
const fresh = () => consoleClient(product.url);

async function added(email: string, role: string) {
  const { code, out } = await run('add', email, '--role', role);
  expect(code).toBe(0);
  return { email, password: out.trim() };
}

test('a user is added with a password that was made, signs in, and is shown', async () => {
  const ada = await added('ada@acme.example', 'operator');
  expect(ada.password).toMatch(/^[\w-]{20}$/);
  expect(await fresh().signIn(ada)).toMatchObject({ status: 200, body: { role: 'operator' } });
  const { out } = await run('list', '--json');
  expect(out).not.toContain('argon2');
  const users = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { email: string; source: string });
  expect(users.map(({ email, source }) => [email, source])).toEqual([
    ['ada@acme.example', 'command-line'],
    ['admin@acme.example', 'configuration'],
  ]);
});

test('a reset ends the sessions, and lifts a lock', async () => {
  const bob = await added('bob@acme.example', 'viewer');
  const browser = fresh();
  await browser.signIn(bob);
  for (let i = 0; i < 5; i++) await fresh().signIn({ ...bob, password: 'wrong' });
  expect((await fresh().signIn(bob)).status).toBe(429);
  const { out } = await run('reset', 'BOB@acme.example');
  expect((await browser.get('/session')).status).toBe(401);
  expect((await fresh().signIn(bob)).status).toBe(401);
  expect((await fresh().signIn({ ...bob, password: out.trim() })).status).toBe(200);
});

test('a lock is lifted without a new password', async () => {
  const cy = await added('cy@acme.example', 'viewer');
  for (let i = 0; i < 5; i++) await fresh().signIn({ ...cy, password: 'wrong' });
  expect((await fresh().signIn(cy)).status).toBe(429);
  expect((await run('unlock', cy.email)).code).toBe(0);
  expect((await fresh().signIn(cy)).status).toBe(200);
});

test('a change of role holds at once; who is disabled is out at once, and in again when enabled', async () => {
  const eve = await added('eve@acme.example', 'viewer');
  const browser = fresh();
  await browser.signIn(eve);
  await run('role', eve.email, 'admin');
  expect((await browser.get('/session')).body).toMatchObject({ role: 'admin' });
  await run('disable', eve.email);
  expect((await browser.get('/session')).status).toBe(401);
  expect((await fresh().signIn(eve)).status).toBe(401);
  await run('enable', eve.email);
  expect((await fresh().signIn(eve)).status).toBe(200);
});

test('a password may come from a file, if it is good', async () => {
  const file = join(product.folder, 'password');
  await writeFile(file, 'a long enough password\n');
  expect((await run('add', 'fay@acme.example', '--role', 'viewer', '--password-file', file)).out).toBe(
    'fay@acme.example: added.\n',
  );
  expect((await fresh().signIn({ email: 'fay@acme.example', password: 'a long enough password' })).status).toBe(200);
  await writeFile(file, 'short');
  expect(await run('reset', 'fay@acme.example', '--password-file', file)).toMatchObject({
    code: 2,
    err: expect.stringContaining('12 letters or more'),
  });
});

describe('what cannot be done is said', () => {
  test.each([
    ['a user that is there', ['add', 'Admin@acme.example', '--role', 'viewer'], 1, 'There is a user'],
    ['nobody of that name', ['reset', 'nobody@acme.example'], 1, 'There is no user'],
    ['no such role', ['add', 'gus@acme.example', '--role', 'boss'], 2, 'viewer, operator, admin'],
    ['no address', ['add', 'gus', '--role', 'viewer'], 2, 'no e-mail address'],
    ['one of the configuration', ['disable', consoleAdmin.email], 1, 'console.admins'],
  ])('%s', async (_, args, code, words) => {
    expect(await run(...args)).toMatchObject({ code, err: expect.stringContaining(words) });
  });
});

test('every change is in the audit', async () => {
  const rows = await product.db
    .selectFrom('audit')
    .select(['what', 'who'])
    .where('subject', '=', 'eve@acme.example')
    .execute();
  const byHand = rows.filter(({ who }) => who.startsWith('cli:')).map(({ what }) => what);
  expect(byHand).toEqual(['user-added', 'user-role', 'user-disabled', 'user-enabled']);
});

describe('the configuration', () => {
  test('a new password there ends the sessions of before; who no longer stands there is out', async () => {
    const browser = fresh();
    await browser.signIn();
    const { admins } = product.configuration.settings.console;
    const { Secret } = await import('../../src/kit/secret.ts');
    await product.stopService();
    admins[0]!.password = new Secret('another long password');
    const url = await product.startAgain();
    const again = consoleClient(url);
    again.useCookie(browser.cookie());
    expect((await again.get('/session')).status).toBe(401);
    expect((await again.signIn()).status).toBe(401);
    expect((await again.signIn({ ...consoleAdmin, password: 'another long password' })).status).toBe(200);
    await product.stopService();
    admins.pop();
    const last = consoleClient(await product.startAgain());
    expect((await last.signIn({ ...consoleAdmin, password: 'another long password' })).status).toBe(401);
  });
});
