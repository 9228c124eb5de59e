import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { startDemoServer } from '../src/sandbox/demo/server.ts';
import type { World } from '../src/sandbox/demo/world.ts';

/**
 * The demo's own page: a customer who writes on the last of the channels and is answered (`demo.png`), and the shop below the phone with
 * an order, what it says and what became of it (`shop.png`). To be taken before anybody else writes.
 */
export async function takeDemo(from: Browser, world: World, into: string): Promise<void> {
  const server = await startDemoServer(world);
  const page = await from.newPage({ viewport: { width: 1400, height: 900 }, locale: 'en-GB', reducedMotion: 'reduce' });
  const picture = async (name: string) => {
    await page.screenshot({ path: join(into, `${name}.png`) });
    console.log(`docs/pictures/${name}.png`);
  };
  await page.goto(server.url);
  await aCustomerIsAnswered(page, world.channels.at(-1)!.sandbox.label);
  await picture('demo');
  await page.locator('#phone').getByRole('radio', { name: world.channels[0]!.sandbox.label }).check();
  await anOrderIsShipped(page);
  await picture('shop');
  await page.close();
  await server.close();
}

async function aCustomerIsAnswered(page: Page, channel: string): Promise<void> {
  const [phone, desk, crm] = ['#phone', '#desk', '#crm'].map((each) => page.locator(each)) as [Pane, Pane, Pane];
  await phone.getByRole('radio', { name: channel }).check();
  await phone.getByRole('heading', { name: channel }).waitFor();
  await write(page, 'Hello! A pole of my tent broke.');
  await answer(page, 'I am sorry to hear that. May I see it?');
  await phone.getByText('May I see it?').waitFor();
  // WhatsApp tells whole seconds: in the same one the photo would stand before what it answers.
  await page.waitForTimeout(1_000);
  await phone.getByRole('button', { name: 'More to send' }).click();
  await phone.getByRole('button', { name: 'Photo', exact: true }).click();
  await desk.locator('.comment img').waitFor();
  await write(page, 'Here, at the joint. Can I have a new one?');
  await desk.locator('.comment').getByText('at the joint').waitFor();
  await desk.getByText('Internal note').click();
  await answer(page, 'Under warranty until June.');
  await desk.locator('.comment.internal').waitFor();
  await desk.getByText('Public reply').click();
  await answer(page, 'A new pole leaves today, free of charge.');
  await phone.locator('.bubble').getByText('A new pole leaves today').waitFor();
  await phone.getByRole('button', { name: 'Read all' }).click();
  await phone.locator('.ticks.read').last().waitFor();
  await crm.locator('.transcript').getByText('A new pole leaves today').waitFor();
}

async function anOrderIsShipped(page: Page): Promise<void> {
  const lab = page.locator('#lab');
  await lab.getByRole('button', { name: 'Shop' }).press('Enter');
  await lab.getByRole('checkbox').press('Space');
  await lab.getByRole('button', { name: /^Buy as/ }).press('Enter');
  const order = lab.locator('.orders article');
  await order.getByText('box ticked', { exact: true }).waitFor();
  await write(page, 'I have just bought it!');
  await page.locator('#desk .comment').getByText('I have just bought it!').waitFor();
  for (const [act, told] of [
    ['Confirm', /order\.confirmed (sent|delivered)/],
    ['Ship', /order\.shipped (sent|delivered)/],
  ] as const) {
    await order.getByRole('button', { name: act }).press('Enter');
    await order.getByText(told).waitFor();
  }
  await page.locator('#phone .bubble').getByText('has left us').waitFor();
  await order.getByLabel('Event').selectOption('order.delivered');
  await order.getByRole('button', { name: 'Preview' }).press('Enter');
  await order.locator('blockquote').first().waitFor();
}

type Pane = ReturnType<Page['locator']>;

async function write(page: Page, text: string): Promise<void> {
  await page.locator('#phone').getByLabel('Message', { exact: true }).fill(text);
  await page.locator('#phone').getByRole('button', { name: 'Send', exact: true }).click();
}

/** As soon as the ticket is there to be answered. */
async function answer(page: Page, text: string): Promise<void> {
  await page.locator('#desk').getByRole('textbox', { name: 'Reply' }).fill(text);
  await page.locator('#desk').getByRole('button', { name: 'Submit' }).click();
}
