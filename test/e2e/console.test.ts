import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../support/browser.ts';
import { consoleAdmin } from '../support/console.ts';
import { type Product, startProduct } from '../support/product.ts';

let product: Product;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  [product, browser] = await Promise.all([
    startProduct({ settings: { console: { admins: [consoleAdmin] } } }),
    openBrowser(),
  ]);
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 860 } });
  page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('401')) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

test('signing in shows the overview', async () => {
  await page.goto(`${product.url}/console`);
  await page.getByLabel('E-mail address').fill(consoleAdmin.email);
  await page.getByLabel('Password', { exact: true }).fill(consoleAdmin.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  if (process.env['SHOT']) await page.screenshot({ path: process.env['SHOT'] });
  expect(new URL(page.url()).pathname).toBe('/console/overview');
  expect(complaints).toEqual([]);
});
