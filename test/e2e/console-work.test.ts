import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../src/sandbox/demo/free-port.ts';
import { openBrowser } from '../support/browser.ts';
import { consoleAdmin } from '../support/console.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let product: Product;
let browser: Browser;
let page: Page;
let ada: { conversation: number; customer: number };
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
  product.messenger.addCustomer({ psid: '7100071', name: 'Ada Lovelace' });
  await product.messenger.customerSends('7100071', { type: 'text', text: 'My green umbrella is late' });
  await until('it is on the ticket and in the history', async () => {
    const done = await product.db.selectFrom('deliveries').select('message').where('state', '=', 'done').execute();
    return done.length === 2;
  });
  const row = await product.db.selectFrom('conversations').select(['id', 'customer']).executeTakeFirstOrThrow();
  ada = { conversation: row.id, customer: row.customer };
  await somethingToDo();
  page = await signedIn();
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

/** A message that the CRM refused, and a question on who somebody is. */
async function somethingToDo(): Promise<void> {
  await product.db
    .updateTable('deliveries')
    .set({ state: 'parked', reason: 'the field Region__c is missing', ended_at: new Date() })
    .where('target', '=', 'crm:acme-salesforce')
    .execute();
  const { id } = await product.db
    .insertInto('customers')
    .values({ name: 'Grace Hopper', email: 'grace@example.com' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const candidates = [
    { id: '003000000000001AAA', object: 'Contact', name: 'Grace Hopper', email: 'g…e@example.com' },
    { id: '003000000000002AAA', object: 'Contact', name: 'G. Hopper', email: 'g…r@example.com' },
  ];
  await product.db
    .insertInto('contact_links')
    .values({
      ...{ customer: id, crm: 'acme-salesforce', state: 'ambiguous', evidence: 'two contacts have this e-mail' },
      candidates: JSON.stringify(candidates),
    })
    .execute();
  await product.db
    .insertInto('questions')
    .values({
      ...{ customer: id, target: 'crm:acme-salesforce', why: 'two contacts have this e-mail', state: 'open' },
      candidates: JSON.stringify(candidates),
    })
    .execute();
}

async function opened(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 860 }, ...options });
  const fresh = await context.newPage();
  fresh.on('console', (message) => {
    if (message.type() === 'error' && !/401|403|404|409|429/.test(message.text())) complaints.push(message.text());
  });
  fresh.on('pageerror', (error) => complaints.push(error.message));
  return fresh;
}

async function signedIn(): Promise<Page> {
  const fresh = await opened();
  await fresh.goto(`${product.url}/console`);
  await fresh.locator('input[name=email]').fill(consoleAdmin.email);
  await fresh.locator('input[name=password]').fill(consoleAdmin.password);
  await fresh.locator('button[type=submit]').click();
  await fresh.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  return fresh;
}

const go = async (to: string, heading: string, on = page): Promise<void> => {
  await on.goto(`${product.url}/console${to}`);
  await on.getByRole('heading', { level: 1, name: heading }).waitFor();
};

test('a conversation is found by a name, its message’s way is shown, and its webhook as it came', async () => {
  await go('/conversations', 'Conversations');
  await page.getByRole('searchbox', { name: 'Search' }).fill('lovel');
  await page.waitForURL(/q=lovel/);
  await page.getByRole('link', { name: 'Ada Lovelace' }).click();
  await page.getByRole('heading', { level: 1, name: 'Ada Lovelace' }).waitFor();
  await page.getByText('My green umbrella is late').waitFor();
  await page.getByText(/On the ticket \(acme-zendesk\)/).waitFor();
  await page.getByText('the field Region__c is missing').waitFor();
  const ticket = page.getByRole('link', { name: /Open ticket/ }).first();
  expect(await ticket.getAttribute('href')).toContain('/agent/tickets/');
  await page.getByRole('button', { name: /Webhook as it came/ }).click();
  await page
    .getByRole('dialog')
    .getByText(/green umbrella/)
    .waitFor();
  await page.keyboard.press('Escape');
});

test('what was said is found by its words, and leads to the message', async () => {
  await go('/conversations?in=words', 'Conversations');
  await page.getByRole('searchbox', { name: 'Search' }).fill('umbr');
  await page.getByText('My green umbrella is late').waitFor();
  await page.getByRole('link', { name: 'Ada Lovelace' }).click();
  await page.waitForURL(/conversations\/\d+#message-\d+/);
});

test('a question is answered from the keyboard alone, and the answer undone on the customer’s page', async () => {
  await go('/todo', 'To do');
  const choose = page.getByRole('button', { name: 'It is them: Grace Hopper (003000000000001AAA)' });
  await choose.waitFor();
  const focused = () => page.evaluate<string>(`document.activeElement?.getAttribute('aria-label') ?? ''`);
  for (let i = 0; i < 60 && !(await focused()).startsWith('It is them: Grace Hopper'); i++)
    await page.keyboard.press('Tab');
  expect(await focused()).toContain('003000000000001AAA');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByText('You can undo it').waitFor();
  // The dialog takes the focus a moment after it is shown.
  await dialog.getByRole('button', { name: 'Cancel' }).and(page.locator(':focus')).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByText(/Answered/).waitFor();
  const { customer } = await product.db.selectFrom('questions').select('customer').executeTakeFirstOrThrow();
  const link = () =>
    product.db.selectFrom('contact_links').selectAll().where('customer', '=', customer).executeTakeFirstOrThrow();
  expect(await link()).toMatchObject({ state: 'linked', contact: '003000000000001AAA' });
  await go(`/people/${customer}`, 'Grace Hopper');
  await page.getByRole('button', { name: /^Undo/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Undo' }).click();
  await until('it is as it was', async () => (await link()).state === 'ambiguous');
});

test('a parked message is replayed, and the count in the navigation follows by itself', async () => {
  await go('/todo', 'To do');
  await page.getByText('the field Region__c is missing').waitFor();
  await page.getByRole('button', { name: /^Replay/ }).click();
  await page.getByText('1 is tried again').waitFor();
  await until('it is written', async () => {
    const parked = await product.db.selectFrom('deliveries').select('message').where('state', '=', 'parked').execute();
    return parked.length === 0;
  });
  await page.getByText('the field Region__c is missing').waitFor({ state: 'detached' });
});

test('a wrong link is cut with a reason', async () => {
  await go(`/people/${ada.customer}`, 'Ada Lovelace');
  await page.getByRole('button', { name: /^Unlink…/ }).click();
  const dialog = page.getByRole('dialog');
  const unlink = dialog.getByRole('button', { name: 'Unlink' });
  expect(await unlink.isDisabled()).toBe(true);
  await dialog.getByLabel('Why').fill('another Ada');
  await unlink.click();
  await page.getByText('another Ada').first().waitFor();
  const link = await product.db
    .selectFrom('contact_links')
    .select('state')
    .where('customer', '=', ada.customer)
    .executeTakeFirstOrThrow();
  expect(link.state).toBe('none');
});

test('the mapping is changed in the form, stands in the text, is previewed, applied, and rolled back', async () => {
  await go('/mapping', 'Mapping');
  await page.getByLabel('subject').first().fill('Chat with {{ customer.name }}');
  const text = page.getByRole('textbox', { name: 'Mapping as YAML' });
  await text.getByText('Chat with {{ customer.name }}').waitFor();
  await page.getByRole('button', { name: 'The latest one' }).click();
  await page.getByText('+ subject: Chat with Ada Lovelace').waitFor();
  await page.getByRole('button', { name: 'Apply…' }).click();
  await page.getByRole('dialog').getByLabel('What is it about?').fill('friendlier subjects');
  await page.getByRole('dialog').getByRole('button', { name: 'Apply…' }).click();
  await page.getByRole('cell', { name: 'friendlier subjects' }).waitFor();
  await page.getByRole('button', { name: 'Compare 1' }).click();
  await page.getByRole('dialog').getByText('Chat with').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Roll back… 1' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Roll back…' }).click();
  await page.getByRole('cell', { name: 'back to version 1' }).waitFor();
});

test('the text of the mapping completes by the schema, and tells mistakes where they are', async () => {
  await go('/mapping', 'Mapping');
  const text = page.getByRole('textbox', { name: 'Mapping as YAML' });
  await text.click();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('histo');
  await page.getByRole('option', { name: /^history/ }).waitFor();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('tickets: { subjekt: x }');
  await page.getByText(/Line 1: .*subjekt/).waitFor();
  expect(await page.getByRole('button', { name: 'Apply…' }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Back to what is in force' }).click();
  await page.getByText('No mistakes').waitFor();
});

const pages: [path: () => string, english: string, french: string][] = [
  [() => '/todo', 'To do', 'À faire'],
  [() => '/conversations', 'Conversations', 'Conversations'],
  [() => `/conversations/${ada.conversation}`, 'Ada Lovelace', 'Ada Lovelace'],
  [() => '/people', 'People', 'Personnes'],
  [() => `/people/${ada.customer}`, 'Ada Lovelace', 'Ada Lovelace'],
  [() => '/mapping', 'Mapping', 'Mapping'],
];

/** What axe finds that keeps somebody from using the page. */
async function serious(on: Page): Promise<string[]> {
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

const settled = async (on: Page): Promise<void> => {
  await on.getByRole('status').first().waitFor({ state: 'detached' });
};

describe.each(['light', 'dark'] as const)('in %s nothing serious stands in anybody’s way', (colorScheme) => {
  let shown: Page;
  beforeAll(async () => {
    shown = await opened({ colorScheme });
    await shown.context().addCookies(await page.context().cookies());
  });
  afterAll(() => shown?.context().close());

  test.each(pages)('%s %s', async (path, heading) => {
    await go(path(), heading, shown);
    await settled(shown);
    expect(await serious(shown)).toEqual([]);
  });
});

describe('on a phone, in French', () => {
  let phone: Page;
  beforeAll(async () => {
    phone = await opened({ locale: 'fr-FR', viewport: { width: 390, height: 800 } });
    await phone.context().addCookies(await page.context().cookies());
  });
  afterAll(() => phone?.context().close());

  test.each(pages)('%s %s fits', async (path, _, heading) => {
    await go(path(), heading, phone);
    await settled(phone);
    expect(await phone.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  });
});

test('rules for routing are added, filled in, moved and removed in the form', async () => {
  await go('/mapping', 'Mapping');
  await page.getByRole('button', { name: 'routing', exact: true }).click();
  const add = page.getByRole('button', { name: 'Add to routing' });
  const rule = (name: string) => page.getByRole('group', { name, exact: true });
  await add.click();
  await rule('routing 1').getByLabel('words').fill('invoice');
  await rule('routing 1').getByLabel('group').fill('Support');
  await add.click();
  await rule('routing 2').getByLabel('name').fill('late');
  await rule('routing 2: late').getByLabel('priority').selectOption('high');
  await page.getByRole('button', { name: 'Move up routing 2' }).click();
  await rule('routing 1: late').waitFor();
  const text = page.getByRole('textbox', { name: 'Mapping as YAML' });
  const written = async () => (await text.innerText()).replace(/\s+/g, ' ');
  await until('it stands in the text', async () =>
    (await written()).includes('- set: priority: high name: late - set: group: Support when: text: words: invoice'),
  );
  expect(await serious(page)).toEqual([]);
  await page.getByRole('button', { name: 'Remove routing 1' }).click();
  await rule('routing 1').waitFor();
  await page.getByText('No mistakes').waitFor();
  await page.getByRole('button', { name: 'Back to what is in force' }).click();
});

test('what the mapping names is checked against the accounts', async () => {
  await go('/mapping', 'Mapping');
  await page.getByRole('button', { name: 'Check against the accounts' }).click();
  await page.getByText('All that it names exists at the accounts').waitFor();
  const text = page.getByRole('textbox', { name: 'Mapping as YAML' });
  await text.click();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('routing: [{ set: { group: Nobody } }]');
  await page.getByText('No mistakes').waitFor();
  await page.getByRole('button', { name: 'Check against the accounts' }).click();
  await page.getByText('Line 1: routing[0].set.group: there is no such group').waitFor();
  await page.getByRole('button', { name: 'Back to what is in force' }).click();
});

test('a customer who is none of the candidates is said to be so', async () => {
  await go('/todo', 'To do');
  await page.getByRole('button', { name: 'None of them' }).click();
  await page.getByRole('dialog').getByText('You can undo it').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'None of them' }).click();
  await page.getByText(/Answered/).waitFor();
  const asked = await product.db.selectFrom('questions').select('state').where('state', '=', 'open').execute();
  expect(asked).toEqual([]);
});

test('a paused account is tried at once when somebody says so', async () => {
  await product.db
    .insertInto('target_states')
    .values({
      ...{ target: 'crm:acme-salesforce', state: 'paused', reason: 'it does not answer' },
      probe_at: new Date(Date.now() + 3_600_000),
    })
    .execute();
  // By what waits for it the account is tried.
  await product.db
    .updateTable('deliveries')
    .set({ state: 'waiting', ended_at: null })
    .where('target', '=', 'crm:acme-salesforce')
    .execute();
  await go('/todo', 'To do');
  await page.getByText('it does not answer').waitFor();
  await page.getByRole('button', { name: 'Try now crm:acme-salesforce' }).click();
  await page.getByText('It is tried within seconds').waitFor();
  await page.getByText('it does not answer').waitFor({ state: 'detached' });
});

test('what was refused is given up with a reason, which stays', async () => {
  await product.db
    .updateTable('deliveries')
    .set({ state: 'parked', reason: 'the field Area__c is missing', ended_at: new Date() })
    .where('target', '=', 'crm:acme-salesforce')
    .where('message', '=', (select) => select.selectFrom('messages').select('id').where('author', '=', 'customer'))
    .execute();
  await go('/todo', 'To do');
  await page.getByText('the field Area__c is missing').waitFor();
  await page.getByRole('button', { name: /^Discard… / }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('This cannot be undone').waitFor();
  await dialog.getByLabel('Why').fill('nobody needs it');
  await dialog.getByRole('button', { name: 'Give up' }).click();
  await page.getByText('the field Area__c is missing').waitFor({ state: 'detached' });
  await go(`/conversations/${ada.conversation}`, 'Ada Lovelace');
  await page.getByText(/given up by .*: nobody needs it/).waitFor();
});

test('two customers are merged; the other one’s page leads here, and it can be undone', async () => {
  const grace = await product.db
    .selectFrom('customers')
    .select('id')
    .where('name', '=', 'Grace Hopper')
    .executeTakeFirstOrThrow();
  await go(`/people/${ada.customer}`, 'Ada Lovelace');
  await page.getByRole('button', { name: 'Merge…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Number of the other customer').fill(String(grace.id));
  await dialog.getByRole('button', { name: 'Merge', exact: true }).click();
  await page.getByText(/Done; /).waitFor();
  await go(`/people/${grace.id}`, 'Grace Hopper');
  await page.getByText('This customer was joined with another').waitFor();
  await page.getByRole('link', { name: `To customer ${ada.customer}` }).click();
  await page.getByRole('heading', { level: 1, name: 'Ada Lovelace' }).waitFor();
  await page.getByText(/ merged /).waitFor();
});

test('everything kept of a customer is exported as a file, and the audit has it', async () => {
  await go(`/people/${ada.customer}`, 'Ada Lovelace');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export everything' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe(`customer-${ada.customer}.json`);
  expect(await readFile(await download.path(), 'utf8')).toContain('My green umbrella is late');
  await go(`/audit?what=export`, 'Audit');
  await page.getByRole('cell', { name: consoleAdmin.email }).first().waitFor();
});

test('a customer is erased after a word is typed; the receipt shows what was done where', async () => {
  await go(`/people/${ada.customer}`, 'Ada Lovelace');
  await page.getByRole('button', { name: 'Erase…' }).click();
  const dialog = page.getByRole('dialog');
  const erase = dialog.getByRole('button', { name: 'Erase…' });
  expect(await erase.isDisabled()).toBe(true);
  await dialog.getByRole('textbox').fill('erase');
  await erase.click();
  await page.getByRole('heading', { level: 1, name: 'Receipt of an erasure' }).waitFor();
  const row = (name: string | RegExp) => page.getByRole('row', { name });
  await row(/The ledger, here all rows about them \d+ done/).waitFor();
  await page.getByText('Everything kept of the customer is deleted').waitFor();
  await row(/helpdesk:acme-zendesk a ticket 1 done/).waitFor();
  await row(/crm:acme-salesforce .* done/)
    .first()
    .waitFor();
  expect(await serious(page)).toEqual([]);
  expect((await product.db.selectFrom('messages').select('id').execute()).length).toBe(0);
});

test('the pages made no complaint: nothing thrown, nothing refused by their own policy', () => {
  expect(complaints).toEqual([]);
});
