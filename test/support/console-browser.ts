import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { consoleAdmin } from './console.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The console as people have it before them. `complaints` gathers what pages say against themselves. */
export function consoleBrowser(browser: Browser, url: string) {
  const complaints: string[] = [];
  const opened = async (options: BrowserContextOptions = {}): Promise<Page> => {
    const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 860 }, ...options });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' && !/401|403|404|409|422|429/.test(message.text()))
        complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    return page;
  };
  const signedIn = async (who: { email: string; password: string } = consoleAdmin): Promise<Page> => {
    const page = await opened();
    await page.goto(`${url}/console`);
    await page.locator('input[name=email]').fill(who.email);
    await page.locator('input[name=password]').fill(who.password);
    await page.locator('button[type=submit]').click();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    return page;
  };
  const go = async (page: Page, to: string, heading: string): Promise<void> => {
    await page.goto(`${url}/console${to}`);
    await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  };
  return { opened, signedIn, go, complaints };
}

/** Nothing is still being loaded. */
export const settled = (page: Page): Promise<void> =>
  page
    .getByText(/^(Loading|Chargement)…$/)
    .first()
    .waitFor({ state: 'detached' });

/** Moves with the Tab key alone until what bears this name has the focus; an error after 90 steps. */
export async function tabTo(page: Page, name: string): Promise<void> {
  const seen: string[] = [];
  for (let step = 0; step < 90; step++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate<string>(`(({ labels, ariaLabel, textContent }) =>
      (ariaLabel ?? labels?.[0]?.textContent ?? textContent).trim().replace(/ \\*$/, ''))(document.activeElement)`);
    if (focused === name) return;
    seen.push(focused);
  }
  throw new Error(`Tab does not reach “${name}”, only: ${[...new Set(seen)].join(' | ')}`);
}

/** What axe finds that keeps somebody from using the page. */
export async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = (await page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })`,
  )) as { violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[] };
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
    );
}
