import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { freePort } from '../../src/sandbox/demo/free-port.ts';
import { consoleAdmin, consoleClient } from '../support/console.ts';
import { startOidcProvider } from '../support/oidc-provider.ts';
import { type Product, startProduct } from '../support/product.ts';

let product: Product;
let provider: Awaited<ReturnType<typeof startOidcProvider>>;

const people = [
  { sub: 'ada', email: 'ada@acme.example', email_verified: true, name: 'Ada', groups: ['support', 'crm-admins'] },
  { sub: 'bob', email: 'bob@acme.example', email_verified: true, groups: ['support'] },
  { sub: 'cy', email: 'cy@acme.example', email_verified: true, groups: ['sales'] },
  { sub: 'dot', email: 'dot@other.example', email_verified: true, groups: ['support'] },
  { sub: 'eve', email: 'eve@acme.example', email_verified: false, groups: ['crm-admins'] },
  { sub: 'mallory', email: consoleAdmin.email, email_verified: true, groups: ['support'] },
  { sub: 'mallory2', email: consoleAdmin.email, email_verified: true, groups: ['support'] },
];

// The provider says at length that it is not to be used like this in production.
beforeAll(() => {
  for (const level of ['info', 'warn'] as const) vi.spyOn(console, level).mockImplementation(() => undefined);
});
afterAll(() => void vi.restoreAllMocks());

beforeAll(async () => {
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  provider = await startOidcProvider(`${publicUrl}/console/api/oidc/callback`, people);
  product = await startProduct({
    settings: {
      server: { port, host: '127.0.0.1', publicUrl },
      console: {
        admins: [consoleAdmin],
        oidc: {
          issuer: provider.issuer,
          clientId: 'passerelle',
          clientSecret: 'a-client-secret',
          label: 'Sign in with Acme',
          roleClaim: 'groups',
          roles: { viewer: ['support'], admin: ['crm-admins'] },
          allowedDomains: ['acme.example'],
        },
      },
    },
  });
});
afterAll(async () => {
  await product?.stop();
  await provider?.close();
});

/** A browser that follows redirects and keeps each site's cookies. Resolves with where it ended, and our cookie. */
async function follow(from: string, meddle: (url: URL) => void = () => undefined) {
  const jars = new Map<string, Map<string, string>>();
  let url = new URL(from);
  for (let hops = 0; hops < 15; hops++) {
    meddle(url);
    const jar = jars.get(url.origin) ?? new Map<string, string>();
    jars.set(url.origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const set of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)!;
      jar.set(name!, value!);
    }
    const to = response.headers.get('location');
    if (!to) return { url, body: await response.text(), session: jars.get(product.url)?.get('passerelle_console') };
    url = new URL(to, url);
  }
  throw new Error('too many redirects');
}

async function signIn(sub: string) {
  provider.signsIn(sub);
  const { session, url } = await follow(`${product.url}/console/api/oidc`);
  const browser = consoleClient(product.url);
  if (session) browser.useCookie(`passerelle_console=${session}`);
  return { browser, refused: url.searchParams.get('refused') };
}

test('the way in is offered', async () => {
  expect((await consoleClient(product.url).get('/ways')).body).toEqual({ password: true, oidc: 'Sign in with Acme' });
});

test.each([
  ['ada', 'admin'],
  ['bob', 'viewer'],
])('%s is let in as %s, by what the provider says', async (sub, role) => {
  const { browser } = await signIn(sub);
  expect(await browser.get('/session')).toMatchObject({ status: 200, body: { email: `${sub}@acme.example`, role } });
});

test.each([
  ['cy', 'no role'],
  ['dot', 'other.example'],
  ['eve', 'not verified'],
])('%s is not let in, and is told why', async (sub, words) => {
  const { browser, refused } = await signIn(sub);
  expect(refused).toContain(words);
  expect((await browser.get('/session')).status).toBe(401);
});

test('who loses a group loses the role at the next sign-in; who is disabled here stays out', async () => {
  people[0]!.groups = ['support'];
  expect((await (await signIn('ada')).browser.get('/session')).body).toMatchObject({ role: 'viewer' });
  await product.db
    .updateTable('console_users')
    .set({ disabled_at: new Date() })
    .where('email', '=', 'bob@acme.example')
    .execute();
  expect((await signIn('bob')).refused).toContain('disabled');
});

test('a local user may come this way too, keeps the role given here, and nobody else takes their place', async () => {
  expect((await (await signIn('mallory')).browser.get('/session')).body).toMatchObject({ role: 'admin' });
  expect((await signIn('mallory2')).refused).toContain('another person');
});

describe('what somebody made up is refused', () => {
  test('an answer that this browser did not ask for', async () => {
    const { url, session } = await follow(`${product.url}/console/api/oidc/callback?code=x&state=y`);
    expect(url.searchParams.get('refused')).toContain('another browser');
    expect(session).toBeUndefined();
  });

  test('another state than was sent', async () => {
    provider.signsIn('ada');
    const { url, session } = await follow(`${product.url}/console/api/oidc`, (to) => {
      if (to.pathname.endsWith('/callback')) to.searchParams.set('state', 'another');
    });
    expect(url.searchParams.get('refused')).toContain('did not vouch');
    expect(session).toBeUndefined();
  });
});
