import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../src/sandbox/demo/free-port.ts';
import { countFigures } from '../../src/store/figures.ts';
import { openBrowser } from '../support/browser.ts';
import { consoleAdmin } from '../support/console.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let product: Product;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  const port = await freePort();
  [product, browser] = await Promise.all([
    startProduct({
      settings: {
        console: { admins: [consoleAdmin] },
        server: { port, host: '127.0.0.1', publicUrl: `http://127.0.0.1:${port}` },
      },
    }),
    openBrowser(),
  ]);
  product.messenger.addCustomer({ psid: '91', name: 'Ada Lovelace' });
  for (const text of ['Hello', 'Where is my order?'])
    await product.messenger.customerSends('91', { type: 'text', text });
  await until('it is counted', async () => {
    await countFigures(product.db, new Date());
    return product.db.selectFrom('figures').select('n').where('measure', '=', 'ticket').executeTakeFirst();
  });
  page = await signedIn({});
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

/** What a page says against itself: refused by its own policy, thrown, warned of. */
function listen(to: Page): Page {
  to.on('console', (message) => {
    if (message.type() === 'error' && !/401|403|404|409|429/.test(message.text())) complaints.push(message.text());
  });
  to.on('pageerror', (error) => complaints.push(error.message));
  return to;
}

async function opened(options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 860 }, ...options });
  return listen(await context.newPage());
}

async function signedIn(options: BrowserContextOptions): Promise<Page> {
  const fresh = await opened(options);
  await fresh.goto(`${product.url}/console`);
  await fresh.locator('input[name=email]').fill(consoleAdmin.email);
  await fresh.locator('input[name=password]').fill(consoleAdmin.password);
  await fresh.locator('button[type=submit]').click();
  await fresh.locator('h1').waitFor();
  return fresh;
}

const go = async (to: string, heading: string, on = page): Promise<void> => {
  await on.goto(`${product.url}/console${to}`);
  await on.getByRole('heading', { level: 1, name: heading }).waitFor();
};

test('a wrong password is told, and leaves the address there', async () => {
  const stranger = await opened({});
  await stranger.goto(`${product.url}/console/audit`);
  await stranger.getByLabel('E-mail address').fill('somebody@acme.example');
  await stranger.getByLabel('Password', { exact: true }).fill('not that');
  await stranger.getByRole('button', { name: 'Sign in' }).click();
  await stranger.getByRole('alert').getByText('is wrong').waitFor();
  expect(await stranger.getByLabel('E-mail address').inputValue()).toBe('somebody@acme.example');
  await stranger.context().close();
});

test('the overview tells what came in, and goes on by itself', async () => {
  await go('/overview?range=1h', 'Overview');
  const incoming = page.locator('.mantine-Card-root', { hasText: 'Messages in' }).first();
  await incoming.getByText('2', { exact: true }).waitFor();
  await product.messenger.customerSends('91', { type: 'text', text: 'Still there?' });
  await incoming.getByText('3', { exact: true }).waitFor({ timeout: 30_000 });
  await page.getByText('7 days').click();
  await page.waitForURL(/range=7d/);
});

test('an account is looked at, its window drawn, and a test message sent from it', async () => {
  await go('/accounts', 'Accounts');
  await page.getByRole('link', { name: /acme-page/ }).click();
  await page.getByRole('heading', { level: 1, name: 'acme-page' }).waitFor();
  await page.getByText('only a person may answer').waitFor();
  await page.getByRole('button', { name: 'Check now' }).click();
  await page.getByText('The platform was asked.').waitFor();
  await page.getByRole('button', { name: 'Send to Ada Lovelace' }).click();
  await page.getByText(/The platform took it|It was delivered/).waitFor();
  const thread = product.messenger.threads().find(({ psid }) => psid === '91')!;
  expect(JSON.stringify(thread.bubbles)).toContain('This is a test message.');
  await page.getByRole('button', { name: 'How to connect it' }).click();
  await page.getByRole('heading', { level: 3 }).first().waitFor();
});

test('a key is made, shown once, and revoked', async () => {
  await go('/keys', 'API keys and webhooks');
  await page.getByRole('button', { name: 'Make a key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('warehouse');
  await dialog.getByLabel('customers:read').check();
  await dialog.getByRole('button', { name: 'Make a key' }).click();
  const key = await dialog.locator('code').innerText();
  expect(key).toMatch(/^psr_/);
  expect((await fetch(`${product.url}/v1/parked`, { headers: { authorization: `Bearer ${key}` } })).status).toBe(403);
  await dialog.getByRole('button', { name: 'I have copied it' }).click();
  expect(await page.content()).not.toContain(key);
  await page.getByRole('button', { name: 'Revoke warehouse' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('warehouse is revoked.').waitFor();
  expect((await fetch(`${product.url}/v1/parked`, { headers: { authorization: `Bearer ${key}` } })).status).toBe(401);
});

test('the audit is filtered, and the filter stands in the address', async () => {
  await go('/audit', 'Audit');
  await page.getByLabel('What').selectOption('key-revoked');
  await page.waitForURL(/what=key-revoked/);
  await page.getByRole('cell', { name: 'warehouse' }).first().waitFor();
  await page.getByRole('textbox', { name: 'On' }).fill('nothing of that name');
  await page.getByText('Nothing fits what you look for').waitFor();
});

test('a page that does not exist says so, and a service that is away is asked again', async () => {
  await page.goto(`${product.url}/console/nowhere`);
  await page.getByText('There is no such page').waitFor();
  await go('/settings', 'Settings');
  await page.route('**/console/api/keys', (route) => route.abort());
  await page.getByRole('link', { name: 'API keys and webhooks' }).click();
  await page.getByText('The service does not answer').waitFor({ timeout: 30_000 });
  await page.unroute('**/console/api/keys');
  complaints.length = 0;
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('warehouse').waitFor();
});

test('everything can be done by keyboard: sign in, skip to the content, reach a page, sign out', async () => {
  const keys = await opened({});
  await keys.goto(`${product.url}/console`);
  await keys.getByLabel('E-mail address').waitFor();
  const press = async (...names: string[]) => {
    for (const name of names) await keys.keyboard.press(name);
  };
  const focused = () => keys.evaluate<string>(`document.activeElement?.textContent ?? ''`);
  await keys.keyboard.press('Tab');
  await keys.keyboard.type(consoleAdmin.email);
  await keys.keyboard.press('Tab');
  await keys.keyboard.type(consoleAdmin.password);
  await keys.keyboard.press('Enter');
  await keys.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await keys.evaluate('document.activeElement?.blur()');
  await keys.keyboard.press('Tab');
  expect(await focused()).toBe('Skip to content');
  await press('Enter');
  expect(await keys.evaluate('document.activeElement?.id')).toBe('content');
  await keys.reload();
  await keys.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  for (let i = 0; i < 12 && (await focused()) !== 'Accounts'; i++) await keys.keyboard.press('Tab');
  expect(await focused()).toBe('Accounts');
  await keys.keyboard.press('Enter');
  await keys.getByRole('heading', { level: 1, name: 'Accounts' }).waitFor();
  await keys.getByRole('button', { name: 'Your account' }).focus();
  await keys.keyboard.press('Enter');
  await keys.getByRole('button', { name: 'Sign out', exact: true }).waitFor();
  for (let i = 0; i < 12 && (await focused()) !== 'Sign out'; i++) await keys.keyboard.press('Tab');
  await keys.keyboard.press('Enter');
  await keys.getByLabel('E-mail address').waitFor();
  await keys.context().close();
});

const pages: [string, string, string][] = [
  ['/overview', 'Overview', 'Aperçu'],
  ['/accounts', 'Accounts', 'Comptes'],
  ['/accounts/channel/acme-page', 'acme-page', 'acme-page'],
  ['/keys', 'API keys and webhooks', 'Clés d’API et webhooks'],
  ['/audit', 'Audit', 'Journal d’audit'],
  ['/settings', 'Settings', 'Paramètres'],
];

/** What axe finds that keeps somebody from using the page. */
async function serious(on: Page): Promise<string[]> {
  await on.waitForLoadState('networkidle').catch(() => undefined);
  await on.evaluate(axe);
  const { violations } = (await on.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })`,
  )) as { violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[] };
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
    );
}

describe.each(['light', 'dark'] as const)('in %s nothing serious stands in anybody’s way', (colorScheme) => {
  let shown: Page;
  beforeAll(async () => {
    shown = await opened({ colorScheme });
    await shown.context().addCookies(await page.context().cookies());
  });
  afterAll(() => shown?.context().close());

  test.each(pages)('%s', async (path, heading) => {
    await go(path, heading, shown);
    expect(await shown.evaluate(`document.documentElement.getAttribute('data-mantine-color-scheme')`)).toBe(
      colorScheme,
    );
    expect(await serious(shown)).toEqual([]);
  });

  test('signing in', async () => {
    const stranger = await opened({ colorScheme });
    await stranger.goto(`${product.url}/console`);
    await stranger.getByLabel('E-mail address').waitFor();
    expect(await serious(stranger)).toEqual([]);
    await stranger.context().close();
  });
});

describe('on a phone, in French', () => {
  let phone: Page;
  beforeAll(async () => {
    phone = await opened({ locale: 'fr-FR', viewport: { width: 390, height: 800 } });
    await phone.context().addCookies(await page.context().cookies());
  });
  afterAll(() => phone?.context().close());

  test.each(pages)('%s fits', async (path, _, heading) => {
    await go(path, heading, phone);
    expect(await phone.evaluate('document.documentElement.lang')).toBe('fr');
    await phone.waitForLoadState('networkidle').catch(() => undefined);
    expect(await phone.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  });

  test('the menu opens, and leads on', async () => {
    await go('/overview', 'Aperçu', phone);
    await phone.getByRole('button', { name: 'Ouvrir le menu' }).click();
    await phone.getByRole('link', { name: 'Comptes' }).click();
    await phone.getByRole('heading', { level: 1, name: 'Comptes' }).waitFor();
  });
});

test('the pages made no complaint: nothing thrown, nothing refused by their own policy', () => {
  expect(complaints).toEqual([]);
});
