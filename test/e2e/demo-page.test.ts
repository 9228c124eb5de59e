import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { customers, settle } from '../../src/sandbox/demo/customers.ts';
import { type DemoServer, startDemoServer } from '../../src/sandbox/demo/server.ts';
import { startWorld, type World } from '../../src/sandbox/demo/world.ts';
import { openBrowser } from '../support/browser.ts';
import { until } from '../support/until.ts';

type Picture = { naturalWidth: number };

const root = join(import.meta.dirname, '../..');

let folder: string;
let world: World;
let server: DemoServer;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-demo-'));
  world = await startWorld({ root, folder: join(folder, 'demo') });
  settle(world);
  server = await startDemoServer(world);
  browser = await openBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await world?.stop();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

/** A page of its own; whatever the browser complains of is collected. */
async function openPage(size: { width: number; height: number }) {
  const page = await browser.newPage({ viewport: size });
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(server.url);
  return { page, complaints };
}

const phone = (page: Page) => page.locator('#phone');
const desk = (page: Page) => page.locator('#desk');
const crm = (page: Page) => page.locator('#crm');

const shows = (place: Locator) => place.waitFor({ state: 'visible', timeout: 20_000 });

async function write(page: Page, text: string): Promise<void> {
  await phone(page).getByLabel('Message', { exact: true }).fill(text);
  await phone(page).getByRole('button', { name: 'Send', exact: true }).click();
}

test('a customer writes, an agent answers, Salesforce knows', async () => {
  const { page, complaints } = await openPage({ width: 1400, height: 900 });
  await write(page, 'Is the <b>Alpine 2</b> in stock?');
  await shows(desk(page).getByRole('heading', { name: /Amélie Durand/ }));
  await shows(desk(page).locator('.comment').getByText('Is the <b>Alpine 2</b> in stock?'));
  await desk(page).getByRole('textbox', { name: 'Reply' }).fill('Yes, three of them.');
  await desk(page).getByRole('button', { name: 'Submit' }).click();
  await shows(phone(page).locator('.bubble').getByText('Yes, three of them.'));
  await shows(phone(page).locator('.ticks.delivered'));
  await phone(page).getByRole('button', { name: 'Read all' }).click();
  await shows(phone(page).locator('.ticks.read'));
  await shows(crm(page).locator('.contact-card').getByText('Durand'));
  await shows(crm(page).locator('.transcript').getByText('Yes, three of them.'));
  await page.screenshot({ path: join(folder, 'demo-page.png') });
  expect(complaints).toEqual([]);
  await page.close();
});

test('another channel is picked: the customer writes there and is answered there', async () => {
  const { page, complaints } = await openPage({ width: 1400, height: 900 });
  const { sandbox, simulator } = world.channels.at(-1)!;
  await phone(page).getByRole('radio', { name: sandbox.label }).focus();
  await page.keyboard.press('Space');
  await shows(phone(page).getByRole('heading', { name: sandbox.label }));
  await phone(page).getByRole('button', { name: 'More to send' }).click();
  await phone(page).getByRole('button', { name: 'Photo', exact: true }).click();
  await shows(phone(page).locator('img.photo'));
  await write(page, 'Do you deliver on Sundays?');
  await shows(desk(page).locator('.comment').getByText('Do you deliver on Sundays?'));
  await shows(desk(page).locator('.comment img'));
  await desk(page).getByRole('textbox', { name: 'Reply' }).fill('Only on Saturdays.');
  await desk(page).getByRole('button', { name: 'Submit' }).click();
  await shows(phone(page).locator('.bubble').getByText('Only on Saturdays.'));
  await shows(crm(page).locator('.transcript').getByText('Only on Saturdays.'));
  const said = simulator.threads().flatMap(({ bubbles }) => bubbles.map(({ from, text }) => [from, text]));
  expect(said).toEqual([
    ['customer', undefined],
    ['customer', 'Do you deliver on Sundays?'],
    ['page', 'Only on Saturdays.'],
  ]);
  await phone(page).getByRole('radio', { name: world.channels[0]!.sandbox.label }).check();
  await until('the first channel again', async () => (await phone(page).getByText('Only on Saturdays.').count()) === 0);
  expect(complaints).toEqual([]);
  await page.close();
});

test('an internal note and what the customer blocks are shown for what they are', async () => {
  const { page, complaints } = await openPage({ width: 1280, height: 800 });
  await phone(page).getByLabel('Customer').selectOption(customers[1].user);
  await write(page, 'مرحبا');
  await shows(desk(page).getByRole('heading', { name: new RegExp(customers[1].name) }));
  await desk(page).getByText('Internal note').click();
  await desk(page).getByRole('textbox', { name: 'Reply' }).fill('Writes Arabic.');
  await desk(page).getByRole('button', { name: 'Submit' }).click();
  await shows(desk(page).locator('.comment.internal').getByText('Writes Arabic.'));
  expect(await phone(page).locator('.bubble').count()).toBe(1);
  await phone(page).getByRole('button', { name: 'Block' }).click();
  await desk(page).getByText('Public reply').click();
  await desk(page).getByRole('textbox', { name: 'Reply' }).fill('Hello!');
  await desk(page).getByRole('button', { name: 'Submit' }).click();
  await shows(
    desk(page)
      .locator('.comment.internal')
      .getByText(/did not reach/),
  );
  await shows(desk(page).locator('.badge.bad', { hasText: 'passerelle_reply_failed' }));
  expect(complaints).toEqual([]);
  await page.close();
});

test('photos sent from the phone are seen on both sides', async () => {
  const { page, complaints } = await openPage({ width: 1400, height: 900 });
  await phone(page).getByLabel('Customer').selectOption(customers[2].user);
  await phone(page).getByRole('button', { name: 'More to send' }).click();
  await phone(page).getByRole('button', { name: '3 photos' }).click();
  for (const picture of ['#phone img.photo', '#desk .comment img']) {
    const widths = () =>
      page.locator(picture).evaluateAll((images) => images.map((image) => (image as Picture).naturalWidth));
    await until(`three pictures at ${picture}`, async () => (await widths()).filter((width) => width > 0).length === 3);
  }
  expect(complaints).toEqual([]);
  await page.close();
});

test('a fault is armed and met', async () => {
  const { page } = await openPage({ width: 1400, height: 900 });
  const lab = page.locator('#lab');
  await lab.getByRole('button', { name: 'Faults' }).click();
  await lab.getByLabel('Platform').selectOption('zendesk');
  await lab.getByLabel('How').selectOption('503');
  await lab.getByRole('button', { name: 'Arm it' }).click();
  await shows(lab.getByText('zendesk: 503 ×1'));
  await write(page, 'Still there?');
  await shows(lab.getByText('No fault is waiting for a request.'));
  await shows(desk(page).locator('.comment').getByText('Still there?'));
  await lab.getByRole('button', { name: 'Traffic' }).click();
  await shows(lab.locator('.traffic .request.zendesk .status.bad').first());
  await page.close();
});

test('an order is followed in the thread, from the ticked box to the parcel', async () => {
  const { page, complaints } = await openPage({ width: 1400, height: 900 });
  await phone(page).getByRole('button', { name: 'Read all' }).waitFor();
  await phone(page).getByLabel('Customer').selectOption(customers[0].user);
  const lab = page.locator('#lab');
  await lab.getByRole('button', { name: 'Shop' }).press('Enter');
  await lab.getByRole('checkbox').press('Space');
  await lab.getByRole('button', { name: /^Buy as/ }).press('Enter');
  const order = lab.locator('.orders article');
  await shows(order.getByText('box ticked', { exact: true }));
  await write(page, 'I have just bought it!');
  await shows(desk(page).locator('.comment').getByText('I have just bought it!'));
  const number = await order.getAttribute('data-number');
  await order.getByLabel('Event').selectOption('order.shipped');
  await order.getByRole('button', { name: 'Preview' }).press('Enter');
  await shows(order.getByLabel('Preview').getByText(`Order ${number} has left us`));
  await order.getByLabel('Language').selectOption('fr');
  await order.getByRole('button', { name: 'Preview' }).press('Enter');
  await shows(order.locator('blockquote[lang=fr]').getByText(number!));
  await order.getByRole('button', { name: 'Confirm' }).press('Enter');
  await shows(order.getByText(/order\.confirmed (sent|delivered)/));
  await order.getByRole('button', { name: 'Ship' }).press('Enter');
  await shows(phone(page).locator('.bubble', { hasText: `Order ${number} has left us` }));
  await shows(order.getByText(/order\.shipped (sent|delivered)/));
  expect(await phone(page).locator('.bubble', { hasText: number! }).count()).toBe(2);
  await page.screenshot({ path: join(folder, 'shop.png') });
  expect(complaints).toEqual([]);
  await page.close();
});

test('the app beside the ticket shows who wrote, and what agents are asked for goes out', async () => {
  const { page, complaints } = await openPage({ width: 1400, height: 900 });
  await phone(page).getByLabel('Customer').selectOption(customers[0].user);
  await write(page, 'Do you see me beside the ticket?');
  await page.getByRole('link', { name: 'Agent app' }).click();
  const app = page.frameLocator('#app');
  await page.getByRole('combobox', { name: 'Ticket' }).waitFor();
  await until('their ticket', async () => {
    const options = await page.getByRole('combobox', { name: 'Ticket' }).locator('option').allTextContents();
    const theirs = options.find((each) => each.includes(customers[0].name));
    if (theirs) await page.getByRole('combobox', { name: 'Ticket' }).selectOption({ label: theirs });
    return theirs !== undefined;
  });
  await shows(app.getByRole('heading', { level: 1, name: customers[0].name }));
  await app.getByLabel('What to send').selectOption({ label: 'We look into it' });
  await app.getByRole('button', { name: 'Send to the customer' }).click();
  await shows(app.getByText('On its way.'));
  expect(complaints).toEqual([]);
  await page.close();
});

test('on a phone’s screen one pane is shown at a time', async () => {
  const { page, complaints } = await openPage({ width: 390, height: 844 });
  const visible = () =>
    page
      .locator('main > section')
      .evaluateAll((panes) => panes.filter((pane) => pane.checkVisibility()).map(({ id }) => id));
  const seen: string[][] = [];
  for (const name of ['Phone', 'Zendesk', 'Salesforce', 'Faults']) {
    await page.locator('#tabs').getByRole('button', { name }).click();
    seen.push(await visible());
  }
  expect(seen).toEqual([['phone'], ['desk'], ['crm'], ['lab']]);
  await page.locator('#tabs').getByRole('button', { name: 'Phone' }).click();
  await shows(phone(page).locator('.bubble').first());
  const widest = await page
    .locator('*')
    .evaluateAll((all) => Math.max(...all.map((each) => each.getBoundingClientRect().right)));
  expect(widest).toBeLessThanOrEqual(390);
  expect(complaints).toEqual([]);
  await page.close();
});
