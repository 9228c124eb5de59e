import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import { SignJWT } from 'jose';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sent, TemplateView, TicketView } from '../../src/agent-app/wire.ts';
import { makeAgentAppPage } from '../../src/sandbox/agent-app/agent-app.ts';
import { messenger, whatsapp } from '../../src/sandbox/channels.ts';
import { startSalesforceSimulator } from '../../src/sandbox/salesforce/simulator.ts';
import { openBrowser } from '../support/browser.ts';
import { appSecret, type ChannelsProduct, startChannelsProduct } from '../support/channel-product.ts';
import { until } from '../support/until.ts';

const root = join(import.meta.dirname, '../..');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const org = { clientId: 'sf-client', clientSecret: 'sf-secret' };
const helpdesk = 'acme-zendesk';

const mapping = {
  agentApp: {
    quickReplies: [
      {
        title: 'Where we are',
        text: { default: 'Hello {{ customer.firstName }}, we look into it.', fr: 'Bonjour, nous regardons.' },
        choices: [{ title: 'Thanks', payload: 'THANKS' }],
      },
    ],
  },
};

let salesforce: Awaited<ReturnType<typeof startSalesforceSimulator>>;
let product: ChannelsProduct;
let browser: Browser;
let desk: { url: string; close(): void };
const complaints: string[] = [];
/** The tickets: one whose window is open, one whose window is closed. */
let ida: string;
let ole: string;
const [onMessenger, onWhatsApp] = [messenger.user(1), whatsapp.user(2)];

beforeAll(async () => {
  salesforce = await startSalesforceSimulator(org);
  for (const name of ['Ida Berg', 'Ida M. Berg'])
    salesforce.add('Contact', { FirstName: name, LastName: 'Berg', Email: 'ida@example.com' });
  const crm = {
    ...{ id: 'acme-salesforce', kind: 'salesforce', loginUrl: salesforce.url, instanceUrl: salesforce.url },
    ...org,
  };
  [product, browser] = await Promise.all([
    startChannelsProduct([messenger, whatsapp], { crm: 'acme-salesforce' }, mapping, { crms: [crm] }),
    openBrowser(),
  ]);
  desk = await startDesk();
  const [page, number] = product.played;
  page!.platform.addCustomer({ user: onMessenger, name: 'Ida Berg' });
  number!.platform.addCustomer({ user: onWhatsApp, name: 'Ole Nord' });
  await page!.platform.customerSends(onMessenger, { type: 'text', text: 'Hello, I am at ida@example.com' });
  const long = new Date(Date.now() - 30 * 3_600_000);
  await number!.platform.customerSends(onWhatsApp, { type: 'text', text: 'Is anybody there?' }, { at: long });
  ida = await ticketOf('Ida Berg');
  ole = await ticketOf('Ole Nord');
  await until('both are known here', async () => {
    const known = await product.db.selectFrom('tickets').select('id').where('remote_id', 'is not', null).execute();
    const asked = await product.db.selectFrom('questions').select('id').execute();
    return known.length === 2 && asked.length === 1;
  });
});
afterAll(async () => {
  await browser?.close();
  desk?.close();
  await product?.stop();
  await salesforce?.close();
});

async function startDesk() {
  const app = express();
  const place = { root, zendesk: product.zendesk, serviceUrl: product.url, helpdesk, appSecret };
  app.use('/agent-app', makeAgentAppPage(place));
  const server = await new Promise<ReturnType<typeof app.listen>>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/agent-app/`, close: () => void server.close() };
}

const ticketOf = async (name: string): Promise<string> => {
  const found = await until(`the ticket of ${name}`, () =>
    product.zendesk.tickets().find(({ requester }) => requester.name === name),
  );
  return String(found.id);
};
const commentsOf = (ticket: string) => product.zendesk.tickets().find(({ id }) => String(id) === ticket)!.comments;
const bubblesTo = (user: string) =>
  product.played.flatMap(({ platform }) =>
    platform
      .threads()
      .filter((thread) => thread.user === user)
      .flatMap(({ bubbles }) => bubbles.filter(({ from }) => from === 'page')),
  );

async function opened(ticket: string, more = ''): Promise<{ page: Page; app: FrameLocator }> {
  const page = await browser.newPage({ viewport: { width: 1000, height: 1000 } });
  page.setDefaultTimeout(20_000);
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${desk.url}?ticket=${ticket}${more}`);
  const app = page.frameLocator('#app');
  return { page, app };
}

const token = (claims: Record<string, unknown> = {}, secret = appSecret) =>
  new SignJWT({ aud: `passerelle:${helpdesk}`, agent: '17', agentName: 'Ann', ticket: ida, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('2m')
    .sign(new TextEncoder().encode(secret));

const ask = async <Body = { because: string; detail: string }>(
  path: string,
  given: { token?: string; body?: unknown } = {},
) => {
  const answer = await fetch(`${product.url}/agent-app/${helpdesk}/tickets/${path}`, {
    headers: { authorization: `Bearer ${given.token ?? (await token())}`, 'content-type': 'application/json' },
    ...(given.body === undefined ? {} : { method: 'POST', body: JSON.stringify(given.body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Body };
};

describe('the service', () => {
  test('tells nobody anything but what Zendesk vouches for, and only of that ticket', async () => {
    expect((await ask(ida)).status).toBe(200);
    expect((await ask(ida, { token: '' })).status).toBe(401);
    expect((await ask(ida, { token: await token({}, `${appSecret}!`) })).status).toBe(401);
    expect((await ask(ole)).status).toBe(401);
    expect((await ask(`${ole}/say`, { body: {} })).status).toBe(401);
    expect(await ask('999', { token: await token({ ticket: '999' }) })).toMatchObject({
      status: 404,
      body: { because: 'no-chat' },
    });
    const elsewhere = await fetch(`${product.url}/agent-app/other/tickets/${ida}`);
    expect([elsewhere.status, await elsewhere.json()]).toEqual([404, expect.objectContaining({ because: 'no-app' })]);
  });

  test('a wish that makes no sense is refused with its place, and nothing is sent', async () => {
    const key = 'wish-0123456789abcdef';
    const refused = async (path: string, body: unknown) => (await ask(`${ida}/${path}`, { body })).body.detail;
    expect(await refused('say', { key: 'x', id: 'ask-email', text: '' })).toContain('body.key');
    expect(await refused('say', { key, id: 'ask-email', text: 'Something else' })).toContain('changed meanwhile');
    expect(await refused('template', { key, name: 'x', language: 'en', parameters: [] })).toContain('no such template');
    expect(await refused('links', { act: 'choose', question: 999, record: '003000000000001' })).toContain('no such');
    expect(bubblesTo(onMessenger)).toEqual([]);
  });

  test('asked for ten times at once under one key, it is said once', async () => {
    const { body: view } = await ask<TicketView>(ida);
    const { id, text } = view.sayings.find((each) => each.id === 'ask-phone')!;
    const body = { key: 'once-0123456789abcdef', id, text };
    const all = await Promise.all(Array.from({ length: 10 }, () => ask<Sent>(`${ida}/say`, { body })));
    expect(all.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(new Set(all.map((each) => each.body.message)).size).toBe(1);
    expect(all.filter((each) => !each.body.again)).toHaveLength(1);
    const words = `📤 Sent to the customer from the app by Ann:\n${text}`;
    const noted = await until('it is on the ticket', () => commentsOf(ida).find((each) => each.body === words));
    expect(noted.public).toBe(false);
    await until('it is with the customer', () => bubblesTo(onMessenger).length > 0);
    expect(bubblesTo(onMessenger).map((bubble) => bubble.text)).toEqual([text]);
    const acts = await product.db.selectFrom('audit').selectAll().where('what', '=', 'agent-said').execute();
    expect(acts).toMatchObject([{ who: `agent:${helpdesk}:17`, detail: { ticket: ida, what: 'ask-phone' } }]);
  });
});

describe('in Zendesk', () => {
  test('an agent sees who it is, how long answers arrive, and what became of the replies', async () => {
    const { page, app } = await opened(ida);
    await app.getByRole('heading', { level: 1, name: 'Ida Berg' }).waitFor();
    await app.getByText('Answers arrive for').waitFor();
    await app.getByText('Says so', { exact: true }).waitFor();
    await app.getByText('ida@example.com').waitFor();
    const replies = app.getByRole('region', { name: 'Replies on this ticket' });
    await replies.getByText(/Delivered|Sent|Read/).waitFor();
    await replies.getByText('Ann').waitFor();
    const left = () => app.locator('#window-left').textContent();
    const before = await left();
    expect(before).toMatch(/^Answers arrive for \d+ (d|h) \d+ (h|min)$/);
    await page.close();
  });

  test('a quick reply goes out by keyboard, as the customer reads it, however often Enter is hit', async () => {
    const { page, app } = await opened(ida);
    await app.getByLabel('What to send').selectOption({ label: 'Where we are' });
    await app.getByText('Hello Ida, we look into it.').waitFor();
    const send = app.getByRole('button', { name: 'Send to the customer' });
    await send.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await app.getByText('On its way.').waitFor();
    await until('the customer has it', () => bubblesTo(onMessenger).length >= 2);
    const [, reply] = bubblesTo(onMessenger);
    expect(reply).toMatchObject({ text: 'Hello Ida, we look into it.' });
    await app.getByRole('region', { name: 'Replies on this ticket' }).getByText('we look into it').waitFor();
    expect(bubblesTo(onMessenger)).toHaveLength(2);
    await page.close();
  });

  test('which of two contacts it is: chosen, cut again, and that undone', async () => {
    const { page, app } = await opened(ida);
    const customer = app.getByRole('region', { name: 'Customer' });
    await customer
      .getByRole('button', { name: /^It is Ida M. Berg|^It is .*Berg/ })
      .first()
      .click();
    await app.getByText('Done. History and tickets follow.').waitFor();
    const { customer: who } = (await ask<TicketView>(ida)).body;
    const links = product.db.selectFrom('contact_links').selectAll().where('customer', '=', who.id);
    const link = () => links.executeTakeFirstOrThrow();
    expect(await link()).toMatchObject({ state: 'linked', strength: 'admin', by_whom: `agent:${helpdesk}:380011` });
    await customer.getByRole('button', { name: 'It is not them…' }).click();
    await customer.getByText('taken out of that contact’s history').waitFor();
    await page.keyboard.press('Enter');
    await customer.getByLabel('Id of the right contact').waitFor();
    expect(await link()).toMatchObject({ state: 'none', decided: true });
    await customer.getByRole('button', { name: 'Undo the last decision' }).click();
    await customer.getByRole('button', { name: 'It is not them…' }).waitFor();
    expect(await link()).toMatchObject({ state: 'linked' });
    await page.close();
  });

  test('where the window is closed only a template is offered, and it goes out filled in', async () => {
    const { page, app } = await opened(ole);
    await app.getByText('The window is closed').waitFor();
    await app.getByText('An approved template does.').waitFor();
    const what = app.getByLabel('What to send');
    expect(await what.locator('optgroup').evaluateAll((all) => all.map((each) => each.getAttribute('label')))).toEqual([
      'Approved templates',
    ]);
    const options = await what.locator('optgroup option').allTextContents();
    const chosen = options.find((each) => each.includes('(en')) ?? options[0]!;
    await what.selectOption({ label: chosen });
    const blanks = app.getByLabel(/^Blank \d/);
    for (let n = 0; n < (await blanks.count()); n++) await blanks.nth(n).fill(`W${n + 1}`);
    await app.getByRole('button', { name: 'Send to the customer' }).click();
    await app.getByText('On its way.').waitFor();
    await until('the template is with the customer', () => bubblesTo(onWhatsApp).length === 1);
    await until('it is noted', () => commentsOf(ole).some(({ body }) => body.includes('from the app by Alice Agent')));
    await page.close();
  });

  test('who stopped everything gets no template', async () => {
    await product.played[1]!.platform.customerSends(onWhatsApp, { type: 'text', text: 'STOP' });
    await until('the stop is on record', async () => {
      const states = await product.db.selectFrom('consent_states').selectAll().where('state', '=', 'revoked').execute();
      return states.length > 0;
    });
    const mine = { token: await token({ ticket: ole }) };
    const { body: templates } = await ask<TemplateView[]>(`${ole}/templates`, mine);
    const { name, language, parameters } = templates[0]!;
    const wish = { key: 'stop-0123456789abcdef', name, language, parameters: Array(parameters).fill('W') };
    expect(await ask(`${ole}/template`, { ...mine, body: wish })).toMatchObject({
      status: 409,
      body: { because: 'stopped' },
    });
    expect(bubblesTo(onWhatsApp)).toHaveLength(1);
  });

  test('who is blocked reaches no ticket and gets nothing more, until they are let in again', async () => {
    const { page, app } = await opened(ole);
    const block = app.getByRole('region', { name: 'Block' });
    await block.getByRole('button', { name: 'Block this customer…' }).click();
    await block.getByText('comes to no ticket').waitFor();
    await page.keyboard.press('Space');
    await block.getByRole('button', { name: 'Block', exact: true }).click();
    await block.getByText('Blocked as spam by Alice Agent').waitFor();
    expect(await app.getByLabel('What to send').count()).toBe(0);
    const ticket = () => product.zendesk.tickets().find(({ id }) => String(id) === ole)!;
    await until('it is on the ticket', () => ticket().tags.includes('passerelle_spam'));
    const [sent, platform] = [bubblesTo(onWhatsApp).length, product.played[1]!.platform];
    await platform.customerSends(onWhatsApp, { type: 'text', text: 'START' });
    await platform.customerSends(onWhatsApp, { type: 'text', text: 'Buy cheap watches' });
    await until('it is passed over', async () => {
      const skipped = product.db.selectFrom('deliveries').selectAll().where('reason', 'like', '%blocked%');
      return (await skipped.where('state', '=', 'skipped').execute()).length === 4;
    });
    const mine = { token: await token({ ticket: ole }) };
    const { body: view } = await ask<TicketView>(ole, mine);
    const { id, text } = view.sayings[0]!;
    const wish = { key: 'spam-0123456789abcdef', id, text };
    expect(await ask(`${ole}/say`, { ...mine, body: wish })).toMatchObject({ body: { because: 'blocked' } });
    await block.getByRole('button', { name: 'Let them in again' }).click();
    await block.getByRole('button', { name: 'Block this customer…' }).waitFor();
    await platform.customerSends(onWhatsApp, { type: 'text', text: 'Sorry, a mistake' });
    await until('they reach the ticket', () => ticket().comments.some(({ body }) => body.includes('a mistake')));
    await until('so does the note', () => ticket().comments.some(({ body }) => body.includes('in again')));
    expect(ticket().comments.filter(({ body }) => /watches|START/.test(body))).toEqual([]);
    expect(bubblesTo(onWhatsApp)).toHaveLength(sent);
    const acts = product.db.selectFrom('audit').select('what').where('what', 'like', 'agent-%blocked').orderBy('id');
    expect((await acts.execute()).map(({ what }) => what)).toEqual(['agent-blocked', 'agent-unblocked']);
    await page.close();
  });

  test('in French and in the dark, and no serious finding of axe in either', async () => {
    for (const more of ['', '&locale=fr-FR&scheme=dark']) {
      const { page, app } = await opened(ida, more);
      await app.getByRole('heading', { level: 1, name: 'Ida Berg' }).waitFor();
      await app.getByRole('heading', { name: more ? 'Réponses sur ce ticket' : 'Replies on this ticket' }).waitFor();
      const frame = page.frames().find((each) => each.url().includes('iframe.html'))!;
      await frame.evaluate(axe);
      const { violations } = await frame.evaluate<{ violations: { id: string; impact: string; nodes: unknown[] }[] }>(
        `axe.run(document, { resultTypes: ['violations'] })`,
      );
      expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
      await page.close();
    }
  });

  test('a ticket that came from no chat, and a service that does not answer, are said', async () => {
    const { page, app } = await opened(ida);
    await app.getByRole('heading', { level: 1, name: 'Ida Berg' }).waitFor();
    await page.route('**/proxy', (route) => route.fulfill({ json: { status: 502, text: '' } }));
    await page.getByLabel('Language').selectOption('fr-FR');
    await app.getByRole('heading', { name: 'Passerelle ne répond pas' }).waitFor();
    await page.unroute('**/proxy');
    await app.getByRole('button', { name: 'Réessayer' }).click();
    await app.getByRole('heading', { level: 1, name: 'Ida Berg' }).waitFor();
    const nothing = { because: 'no-chat', detail: '' };
    await page.route('**/proxy', (route) => route.fulfill({ json: { status: 404, text: JSON.stringify(nothing) } }));
    await page.getByLabel('Language').selectOption('en-GB');
    await app.getByRole('heading', { name: 'No chat' }).waitFor();
    await page.close();
  });

  test('the page made no complaint', () => {
    expect(complaints).toEqual([]);
  });
});
