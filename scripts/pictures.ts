import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { consoleAdmin, shopKey } from '../src/sandbox/demo/account-data.ts';
import { settle } from '../src/sandbox/demo/customers.ts';
import { startDemoServer } from '../src/sandbox/demo/server.ts';
import { openShop } from '../src/sandbox/demo/shop.ts';
import { startWorld } from '../src/sandbox/demo/world.ts';
import { openBrowser } from '../test/support/browser.ts';
import { consoleClient } from '../test/support/console.ts';
import { takeDemo } from './demo-pictures.ts';

/**
 * `npm run pictures`: takes the pictures of the demo, of the console and of the app beside the ticket that the documentation shows, from the
 * demo's own service after its customers wrote. Each of the console's is one line.
 */
const pictures: readonly { name: string; path: string; dark?: true; phone?: true; french?: true }[] = [
  { name: 'overview', path: '/overview?range=1h' },
  { name: 'overview-dark', path: '/overview?range=1h', dark: true },
  { name: 'overview-phone', path: '/overview?range=1h', phone: true, french: true },
  { name: 'conversations', path: '/conversations' },
  { name: 'thread', path: '/conversations/1' },
  { name: 'people', path: '/people' },
  { name: 'person', path: '/people/2' },
  { name: 'notices', path: '/notices' },
  { name: 'order', path: '/notices/orders/1' },
  { name: 'campaign', path: '/campaigns/1' },
  { name: 'mapping-dark', path: '/mapping', dark: true },
  { name: 'thread-phone', path: '/conversations/1', phone: true, french: true },
  { name: 'accounts', path: '/accounts' },
  { name: 'account', path: '/accounts/channel/acme-page' },
  { name: 'keys', path: '/keys' },
  { name: 'audit', path: '/audit' },
  { name: 'settings', path: '/settings' },
];

/** `npm run pictures -- notices order`: only these; `demo` and `agent-app` are names, too. */
const wanted = process.argv.slice(2);
const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name);

const root = join(import.meta.dirname, '..');
const into = join(root, 'docs/pictures/console');

const folder = join(root, 'data/pictures');
await rm(folder, { recursive: true, force: true });
const world = await startWorld({ root, folder, say: (line) => console.log(line) });
const browser = await openBrowser();
try {
  await mkdir(into, { recursive: true });
  settle(world);
  if (isWanted('demo')) await takeDemo(browser, world, join(root, 'docs/pictures'));
  const told = await ordersAreTold();
  await everybodyWrites();
  await told();
  await aCampaignIsSent();
  // Until the figures are counted: they are every ten seconds.
  await new Promise((next) => setTimeout(next, 15_000));
  const session = await signedIn(browser);
  for (const picture of pictures) if (isWanted(picture.name)) await take(browser, picture, session);
  if (isWanted('agent-app')) await takeAgentApp(browser);
} finally {
  await browser.close();
  await world.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);

/** A morning's worth of messages, so that there is something to see. */
async function everybodyWrites(): Promise<void> {
  const words = ['Hello!', 'Where is my order?', 'The tent arrived, thank you.', 'Can I change the size?'];
  for (const { psid } of world.messenger.threads())
    for (const text of words) await world.messenger.customerSends(psid, { type: 'text', text });
}

/** Customers of the shop on Messenger agree and buy; what happens to their orders is told once they have written. */
async function ordersAreTold(): Promise<() => Promise<void>> {
  const shop = openShop(world, () => {});
  const numbers: string[] = [];
  for (const { psid } of world.messenger.threads())
    numbers.push((await shop.checkOut({ channel: 'messenger', user: psid, agrees: true })).number);
  return async () => {
    for (const type of ['order.confirmed', 'order.shipped'] as const)
      for (const number of numbers) await shop.tell(number, type);
    shop.close();
  };
}

/** Everybody on Messenger agreed to it. */
async function aCampaignIsSent(): Promise<void> {
  for (const { psid } of world.messenger.threads()) {
    const consent = {
      customer: { customerId: `shop-messenger-${psid}` },
      purpose: 'marketing',
      act: 'granted',
      words: 'News',
    };
    await fetch(`${world.service.url}/v1/consents`, {
      method: 'POST',
      headers: { authorization: `Bearer ${shopKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(consent),
    });
  }
  const admin = consoleClient(world.service.url);
  await admin.signIn(consoleAdmin);
  const wish = { name: 'Autumn sale', purpose: 'marketing', texts: 'autumn-sale', variables: { code: 'LEAVES10' } };
  const { body } = await admin.post('/campaigns', wish);
  await admin.post(`/campaigns/${(body as { id: number }).id}/start`, {});
}

type Session = Awaited<ReturnType<BrowserContext['storageState']>>;

async function take(
  from: Browser,
  { name, path, dark, phone, french }: (typeof pictures)[number],
  session: Session,
): Promise<void> {
  const context = await from.newContext({
    viewport: phone ? { width: 390, height: 800 } : { width: 1200, height: 800 },
    colorScheme: dark ? 'dark' : 'light',
    locale: french ? 'fr-FR' : 'en-GB',
    reducedMotion: 'reduce',
    storageState: session,
  });
  const page = await context.newPage();
  await page.goto(`${world.service.url}/console${path}`);
  await page.locator('h1').waitFor();
  await page.waitForTimeout(2_500);
  await page.screenshot({ path: join(into, `${name}.png`) });
  await context.close();
  console.log(`docs/pictures/console/${name}.png`);
}

/** The app beside a ticket whose customer was answered, as an agent sees it in Zendesk. */
async function takeAgentApp(from: Browser): Promise<void> {
  const [channel] = world.channels;
  const [ticket] = world.zendesk.tickets();
  if (!channel || !ticket) throw new Error('nobody has a ticket to take a picture of');
  await world.zendesk.agentComments(ticket.id, {
    text: 'It left us this morning, and arrives tomorrow.',
    public: true,
  });
  const server = await startDemoServer(world);
  const page = await from.newPage({ viewport: { width: 1000, height: 800 }, locale: 'en-GB', reducedMotion: 'reduce' });
  await page.goto(`${server.url}/agent-app/?ticket=${ticket.id}`);
  const app = page.frameLocator('#app');
  await app
    .getByText(/^(Sent|Delivered|Read)$/)
    .first()
    .waitFor();
  await app.getByLabel('What to send').selectOption({ index: 1 });
  await page.screenshot({ path: join(root, 'docs/pictures/agent-app.png') });
  await page.close();
  await server.close();
  console.log('docs/pictures/agent-app.png');
}

/** Signed in once for all pictures: the audit has to show more than that. */
async function signedIn(from: Browser): Promise<Session> {
  const page = await from.newPage({ locale: 'en-GB' });
  await page.goto(`${world.service.url}/console`);
  await page.locator('input[name=email]').fill(consoleAdmin.email);
  await page.locator('input[name=password]').fill(consoleAdmin.password);
  await page.locator('button[type=submit]').click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  const session = await page.context().storageState();
  await page.context().close();
  return session;
}
