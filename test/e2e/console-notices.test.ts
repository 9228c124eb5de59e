import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../src/sandbox/demo/free-port.ts';
import { recordConsent } from '../../src/store/consents.ts';
import { learnFacts } from '../../src/store/facts.ts';
import { actsOn } from '../support/audit.ts';
import { openBrowser } from '../support/browser.ts';
import { consoleAdmin, consoleClient } from '../support/console.ts';
import { consoleBrowser, seriousFaults, settled, tabTo } from '../support/console-browser.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

const boss = { email: 'boss@acme.example', password: 'another horse battery' };
const key = 'a-key-of-the-shop-0123456789';
let product: Product;
let browser: Browser;
let people: ReturnType<typeof consoleBrowser>;
let page: Page;
let folder: string;
let ada: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-texts-'));
  await mkdir(join(folder, 'autumn'));
  await writeFile(join(folder, 'autumn', 'en.liquid'), 'Autumn is here: {{ campaign.code }}');
  await writeFile(join(folder, 'autumn', 'fr.liquid'), 'Voici l’automne : {{ campaign.code }}');
  const port = await freePort();
  [product, browser] = await Promise.all([
    startProduct({
      settings: {
        console: { admins: [consoleAdmin, boss] },
        server: { port, host: '127.0.0.1', publicUrl: `http://127.0.0.1:${port}` },
        api: { keys: [{ name: 'shop', key, scopes: ['orders'] }] },
        notices: { texts: folder, shopName: 'Nordic Wool' },
        campaigns: { approval: true, prices: [{ channel: 'messenger', perMessage: 0.05, currency: 'EUR' }] },
      },
    }),
    openBrowser(),
  ]);
  people = consoleBrowser(browser, product.url);
  ada = await whoAgreed();
  page = await people.signedIn();
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Somebody who wrote, whom the shop knows, and who agreed to both purposes. */
async function whoAgreed(): Promise<number> {
  product.messenger.addCustomer({ psid: '700', name: 'Ada Lovelace' });
  await product.messenger.customerSends('700', { type: 'text', text: 'Hello' });
  const { customer } = await until('the conversation', () =>
    product.db.selectFrom('conversations').select('customer').executeTakeFirst(),
  );
  const at = new Date();
  const fact = { kind: 'shop-customer', value: 'C-1', evidence: 'shop-api', by: 'shop:shop' } as const;
  await learnFacts(product.db, customer, [fact], { at });
  for (const purpose of ['order-updates', 'marketing'])
    await product.db.transaction().execute((tx) =>
      recordConsent(tx, {
        ...{ customer, channel: 'messenger', purpose, act: 'granted', source: 'api', at, by: 'shop:shop' },
      }),
    );
  return customer;
}

const tell = (number: string, type: string, order: object = {}) =>
  fetch(`${product.url}/v1/orders/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ type, order: { number, ...order }, customer: { customerId: 'C-1' } }),
  });

const inChat = () =>
  product.messenger
    .threads()
    .flatMap(({ bubbles }) => bubbles)
    .filter(({ from }) => from === 'page')
    .map(({ text }) => text ?? '');

test('an order the shop tells of is followed: its amounts, its events, the notice and each try of it', async () => {
  const lines = [{ title: 'Wool hat', quantity: 2, price: 4_950 }];
  await tell('NW-77', 'order.shipped', { currency: 'EUR', total: 10_850, lines, tracking: { carrier: 'PostNord' } });
  await until('it is in the chat', () => inChat().some((text) => text.includes('NW-77')));
  await people.go(page, '/notices', 'Notices');
  await page.getByRole('link', { name: 'NW-77' }).click();
  await page.getByRole('heading', { level: 1, name: 'Order NW-77' }).waitFor();
  await page.getByText('€108.50').waitFor();
  await page.getByText('€99.00').waitFor();
  await page.getByRole('region', { name: 'What happened' }).getByRole('link', { name: 'order.shipped' }).click();
  await page.getByRole('heading', { level: 1, name: 'order.shipped' }).waitFor();
  const chain = page.getByRole('region', { name: 'How it was tried' });
  await chain.getByText('Messenger (acme-page)').waitFor();
  await chain.getByText('sent', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'in the conversation' }).click();
  await page.waitForURL(/conversations\/\d+#message-\d+/);
});

test('notices are narrowed by state, event and order; nothing found says so', async () => {
  await people.go(page, '/notices?event=order.shipped', 'Notices');
  await page.getByRole('cell', { name: 'Ada Lovelace' }).waitFor();
  await page.getByLabel('State').selectOption('failed');
  await page.getByText('No notice is found by that').waitFor();
  await page.getByLabel('State').selectOption('');
  await page.getByRole('searchbox', { name: 'Order number' }).fill('nw-77');
  await page.waitForURL(/order=nw-77/);
  await page.getByRole('cell', { name: 'Ada Lovelace' }).waitFor();
});

test('a text is previewed by event, language and channel, as the command line shows it; platforms are asked for templates', async () => {
  await people.go(page, '/notices/texts', 'Texts');
  await page.getByLabel('Text', { exact: true }).selectOption('order.shipped');
  const said = page.getByRole('region', { name: 'Preview' }).getByRole('region');
  await said
    .getByText(/NW-10077/)
    .first()
    .waitFor();
  await page.getByLabel('Language').fill('fr');
  await said
    .getByText(/commande/)
    .first()
    .waitFor();
  await page.getByLabel('Language').fill('nl');
  await said.getByText(/no text in “nl”/).waitFor();
  await page.getByRole('button', { name: 'Check now' }).click();
  await page.getByText('All templates that the texts name are there').waitFor();
});

test('a campaign is drafted, tested, asked for, approved by another person, sent, and reported', async () => {
  await people.go(page, '/campaigns', 'Campaigns');
  await page.getByText('There is no campaign yet').waitFor();
  await page.getByRole('link', { name: 'New campaign' }).click();
  await page.getByLabel('Name').fill('Autumn sale');
  await page.getByLabel('What the texts are filled with').fill('code: LEAVES');
  await page.getByText('Autumn is here: LEAVES').waitFor();
  await page.getByText('1 customer would be told').waitFor();
  await page.getByText('It would cost €0.05 at most.').waitFor();
  await page.getByLabel('Languages').fill('de');
  await page.getByText('0 customers would be told').waitFor();
  await page.getByLabel('Languages').fill('');
  await page.getByRole('button', { name: 'Make the draft' }).click();
  await page.getByRole('heading', { level: 1, name: 'Autumn sale' }).waitFor();

  await page.getByRole('searchbox', { name: 'To whom' }).fill('lovelace');
  await page.getByRole('checkbox', { name: /Ada Lovelace/ }).check();
  await page.getByRole('button', { name: 'Send to 1 customer…' }).click();
  await page.getByRole('dialog').getByText('It goes out at once to Ada Lovelace').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Send to 1 customer…' }).click();
  await until('the test in the chat', () => inChat().includes('Autumn is here: LEAVES'));

  await page.getByRole('button', { name: 'Start…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('A second person has to approve of it first').waitFor();
  await dialog.getByText('1 customer would be told').waitFor();
  await dialog.getByRole('button', { name: 'Start…' }).click();
  await page.getByText('You made it or changed it, so somebody else has to approve of it.').waitFor();
  expect(await page.getByRole('button', { name: 'Approve…' }).count()).toBe(0);

  const second = await people.signedIn(boss);
  await people.go(second, '/campaigns?state=awaiting-approval', 'Campaigns');
  await second.getByRole('link', { name: 'Autumn sale' }).click();
  await second.getByRole('button', { name: 'Approve…' }).click();
  await second.getByRole('dialog').getByRole('button', { name: 'Approve…' }).click();
  await second.context().close();

  // Whoever made it sees it go without doing anything.
  await page.getByText('1 of 1 let go').waitFor();
  await page.getByRole('region', { name: 'Report' }).getByText('Sent', { exact: true }).waitFor();
});

const wish = {
  ...{ name: 'Slow', purpose: 'marketing', texts: 'autumn', variables: { code: 'X' } },
  startAt: '2099-01-01T00:00:00Z',
};

async function drafted(api = consoleClient(product.url)): Promise<number> {
  await api.signIn();
  const { body } = await api.post('/campaigns', wish);
  return (body as { id: number }).id;
}

/** One that is started and far off. */
async function slowCampaign(): Promise<number> {
  const api = consoleClient(product.url);
  const id = await drafted(api);
  await api.post(`/campaigns/${id}/start`, {});
  await api.signIn(boss);
  await api.post(`/campaigns/${id}/approve`, {});
  return id;
}

test('paused, resumed and stopped, each after it was said what will happen; the audit has who', async () => {
  const id = await slowCampaign();
  await people.go(page, `/campaigns/${id}`, 'Slow');
  for (const [name, says, state] of [
    ['Pause…', 'Nobody more is told until it goes on', 'paused'],
    ['Go on…', 'It goes on where it stood', 'scheduled'],
    ['Stop…', 'It cannot be started again', 'stopped'],
  ] as const) {
    await page.getByRole('button', { name }).click();
    await page.getByRole('dialog').getByText(says).waitFor();
    if (name === 'Stop…') await page.getByRole('dialog').getByLabel('Why').fill('a typo');
    await page.getByRole('dialog').getByRole('button', { name }).click();
    await page.getByRole('region', { name: 'What it is' }).getByText(state, { exact: true }).waitFor();
  }
  const acts = await actsOn(product.db, id);
  expect(acts.slice(-3)).toEqual(
    ['paused', 'resumed', 'stopped'].map((act) => ({ who: `user:${consoleAdmin.email}`, what: `campaign-${act}` })),
  );
  await page.getByRole('link', { name: 'Make a new one like it' }).click();
  await page.getByRole('heading', { level: 1, name: 'New campaign' }).waitFor();
  expect(await page.getByLabel('Name').inputValue()).toBe('Slow');
});

test('by keyboard alone: an order is found and followed', async () => {
  await people.go(page, '/notices', 'Notices');
  const press = async (name: string, key = 'Enter') => {
    await tabTo(page, name);
    await page.keyboard.press(key);
  };
  await press('Orders');
  await page.getByRole('heading', { level: 1, name: 'Orders' }).waitFor();
  const current = page.getByRole('main').locator('[aria-current]');
  expect(await current.allTextContents()).toEqual(['Orders']);
  await tabTo(page, 'Order number');
  await page.keyboard.type('nw-7');
  await page.waitForURL(/q=nw-7/);
  await page.getByRole('link', { name: 'NW-77' }).waitFor();
  await press('NW-77');
  await page.getByRole('heading', { level: 1, name: 'Order NW-77' }).waitFor();
  expect(await current.count()).toBe(0);
  await press('order.shipped');
  await page.getByRole('region', { name: 'How it was tried' }).waitFor();
});

test('by keyboard alone: a campaign is drafted, changed and started; what was changed is what it is', async () => {
  await people.go(page, '/campaigns', 'Campaigns');
  const press = async (name: string, key = 'Enter') => {
    await tabTo(page, name);
    await page.keyboard.press(key);
  };
  await press('New campaign');
  await page.getByRole('heading', { level: 1, name: 'New campaign' }).waitFor();
  await tabTo(page, 'Name');
  await page.keyboard.type('Keys');
  await tabTo(page, 'What the texts are filled with');
  await page.keyboard.type('code: ONE');
  await press('Messenger', 'Space');
  await press('Make the draft');
  await page.getByRole('heading', { level: 1, name: 'Keys' }).waitFor();
  await press('Change the draft');
  await page.getByRole('heading', { level: 1, name: 'Change the draft' }).waitFor();
  await tabTo(page, 'What the texts are filled with');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('code: TWO');
  await page.getByText('Autumn is here: TWO').waitFor();
  await press('Keep the draft');
  await page.getByRole('heading', { level: 1, name: 'Keys' }).waitFor();
  const about = page.getByRole('region', { name: 'What it is' });
  await about.getByText('code: TWO').waitFor();
  await about.getByText('Messenger').waitFor();
  await press('Start…');
  await page.getByRole('dialog').getByText('1 customer would be told').waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await press('Start…');
  await about.getByText('You made it or changed it').waitFor();
  await page.getByRole('link', { name: 'Change the draft' }).waitFor({ state: 'detached' });
});

const pages: [path: string, french: string][] = [
  ['/notices', 'Notifications'],
  ['/notices/1', 'order.shipped'],
  ['/notices/texts', 'Textes'],
  ['/notices/orders', 'Commandes'],
  ['/notices/orders/1', 'Commande NW-77'],
  ['/campaigns', 'Campagnes'],
  ['/campaigns/1', 'Autumn sale'],
  ['/campaigns/new', 'Nouvelle campagne'],
  ['/campaigns/4/edit', 'Modifier le brouillon'],
];

describe('in French, nothing serious stands in anybody’s way, in light and dark, and it fits a phone', () => {
  let shown: Page;
  beforeAll(async () => {
    shown = await people.opened({ locale: 'fr-FR', colorScheme: 'light' });
    await shown.context().addCookies(await page.context().cookies());
    expect(await drafted()).toBe(4);
  });
  afterAll(() => shown?.context().close());

  test.each(pages)('%s %s', async (path, heading) => {
    await shown.setViewportSize({ width: 1280, height: 860 });
    await shown.emulateMedia({ colorScheme: 'light' });
    await people.go(shown, path, heading);
    await settled(shown);
    expect(await seriousFaults(shown)).toEqual([]);
    await shown.emulateMedia({ colorScheme: 'dark' });
    await shown.locator('html[data-mantine-color-scheme=dark]').waitFor();
    expect(await seriousFaults(shown)).toEqual([]);
    await shown.setViewportSize({ width: 390, height: 800 });
    await until('it fits', () => shown.evaluate('document.documentElement.scrollWidth <= 390'), 3_000);
  });
});

test('the customer’s page leads to the order, with its amount', async () => {
  await people.go(page, `/people/${ada}`, 'Ada Lovelace');
  await page.getByText('€108.50').waitFor();
  await page.getByRole('link', { name: 'What they were told' }).click();
  await page.getByRole('button', { name: `Only customer ${ada}` }).waitFor();
  await page.getByRole('link', { name: 'NW-77' }).click();
  await page.getByRole('heading', { level: 1, name: 'Order NW-77' }).waitFor();
});

test('the pages made no complaint: nothing thrown, nothing refused by their own policy', () => {
  expect(people.complaints).toEqual([]);
});
