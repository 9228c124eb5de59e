import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { consoleAdmin, consoleClient } from '../support/console.ts';
import { type Product, startProduct } from '../support/product.ts';

let product: Product;

beforeAll(async () => {
  product = await startProduct({ settings: { console: { admins: [consoleAdmin] } } });
});
afterAll(() => product?.stop());

const fresh = () => consoleClient(product.url);

describe('signing in', () => {
  test('with the password of the configuration; the session holds until signed out', async () => {
    const browser = fresh();
    expect((await browser.get('/overview')).status).toBe(401);
    const answer = await browser.signIn({ ...consoleAdmin, email: 'Admin@Acme.example ' });
    expect(answer).toMatchObject({ status: 200, body: { email: consoleAdmin.email, role: 'admin' } });
    expect(answer.headers.getSetCookie()[0]).toMatch(/Path=\/console.*HttpOnly.*SameSite=Strict/);
    expect((await browser.get('/overview')).status).toBe(200);
    const kept = browser.cookie();
    expect((await browser.delete('/session')).status).toBe(204);
    browser.useCookie(kept);
    expect((await browser.get('/overview')).status).toBe(401);
  });

  test.each([
    ['a wrong password', { ...consoleAdmin, password: 'wrong' }],
    ['nobody there', { email: 'nobody@acme.example', password: consoleAdmin.password }],
  ])('%s gets the same answer', async (_, who) => {
    expect(await fresh().signIn(who)).toMatchObject({
      status: 401,
      body: { detail: 'the e-mail address or the password is wrong' },
    });
  });

  test.each([
    ['eight hours without use', 'seen_at', 8],
    ['twenty-four hours in all', 'created_at', 24],
  ] as const)('%s end a session', async (_, column, hours) => {
    const browser = fresh();
    await browser.signIn();
    const at = (ms: number) => new Date(Date.now() - hours * 3_600_000 + ms);
    await product.db
      .updateTable('console_sessions')
      .set({ [column]: at(60_000) })
      .execute();
    expect((await browser.get('/session')).status).toBe(200);
    await product.db
      .updateTable('console_sessions')
      .set({ [column]: at(-1_000) })
      .execute();
    expect((await browser.get('/session')).status).toBe(401);
  });

  test('everywhere ends the sessions of all browsers', async () => {
    const [one, other] = [fresh(), fresh()];
    await one.signIn();
    await other.signIn();
    expect((await one.delete('/sessions')).status).toBe(204);
    expect((await other.get('/session')).status).toBe(401);
  });

  test('passwords and what browsers hold are nowhere in the ledger', async () => {
    const browser = fresh();
    await browser.signIn();
    const users = await product.db.selectFrom('console_users').selectAll().execute();
    const sessions = await product.db.selectFrom('console_sessions').selectAll().execute();
    expect(users[0]?.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const token = browser.cookie().split('=')[1]!;
    expect(JSON.stringify({ users, sessions, raw: sessions.map(({ id }) => id.toString()) })).not.toContain(token);
  });
});

describe('what changes something', () => {
  test.each([
    ['without the header of our pages', { 'x-passerelle-console': '' }],
    ['from another site', { origin: 'https://evil.example' }],
    ['from a sister domain', { origin: 'http://other.127.0.0.1' }],
  ])('is refused %s', async (_, headers) => {
    const browser = fresh();
    await browser.signIn();
    expect((await browser.delete('/session', headers)).status).toBe(403);
    expect((await browser.get('/session')).status).toBe(200);
  });
});

test('after five wrong passwords not even the right one is let in, and the audit tells', async () => {
  const who = { email: 'locked@acme.example', password: 'a wrong one' };
  for (let i = 0; i < 5; i++) expect((await fresh().signIn(who)).status).toBe(401);
  const refused = await fresh().signIn(who);
  expect(refused).toMatchObject({ status: 429, body: { detail: expect.stringContaining('too many wrong tries') } });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(60);
  expect((await fresh().signIn()).status).toBe(200);
  const locks = await product.db.selectFrom('audit').select('subject').where('what', '=', 'sign-in-locked').execute();
  expect(locks).toEqual([{ subject: who.email }]);
});

describe('the page', () => {
  test('has a policy that lets in nothing foreign, and is never kept; assets are', async () => {
    const page = await fetch(`${product.url}/console/anything/below`);
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toMatch(
      /default-src 'none'; script-src 'self'; style-src 'self' 'nonce-[^']{20,}'/,
    );
    expect(page.headers.get('cache-control')).toBe('no-store');
    const [, asset] = /src="(\/console\/assets\/[^"]+)"/.exec(html)!;
    const script = await fetch(product.url + asset);
    expect(script.headers.get('cache-control')).toContain('immutable');
    expect((await fetch(`${product.url}/console/assets/gone.js`)).status).toBe(404);
  });
});
