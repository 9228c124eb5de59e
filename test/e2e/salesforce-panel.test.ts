import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { openLightningPage } from '../support/lightning.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const folder = join(import.meta.dirname, '../../salesforce/chat-panel/main/default/lwc/passerelleChat');

const platform = {
  '@salesforce/apex/PasserelleChatController.chatOf': 'export default (asked) => globalThis.chatOf(asked);',
  '@salesforce/i18n/lang': "export default globalThis.userLanguage ?? 'en-US';",
  '@salesforce/i18n/timeZone': "export default 'Europe/Paris';",
};

/** As much as is used of what stands in the browser's global object. */
interface InBrowser {
  asked: unknown[];
  userLanguage: string;
  chatOf(asked: unknown): Promise<unknown>;
  panel(properties: object): object;
  document: { querySelector(selector: string): { append(child: object): void } };
  axe: { run(): Promise<{ violations: { id: string; impact: string }[] }> };
}

let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());
const anotherPage = async () => {
  await page?.close();
  page = await browser.newPage();
  page.setDefaultTimeout(8_000);
  page.on('pageerror', (error) => complaints.push(error.message));
};
beforeEach(anotherPage);

const now = new Date('2026-11-26T12:00:00Z');
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();
const said = (id: string, minutes: number, also: object = {}) => ({
  ...{ id, text: `text ${id}`, direction: 'in', author: 'Ada', channel: 'Messenger', conversation: '5' },
  ...{ sentAt: ago(minutes), ...also },
});
const reply = (id: string, minutes: number, also: object = {}) =>
  said(id, minutes, { direction: 'out', author: 'Alice', ...also });

/** Puts the component on a page, where Apex answers so; what it was asked is kept. */
async function shown(chat: object, { language = 'en-US', properties = {} } = {}): Promise<void> {
  await page.clock.setFixedTime(now);
  await page.addInitScript(
    ([answer, userLanguage]) => {
      const there = globalThis as unknown as InBrowser;
      const asked: unknown[] = [];
      Object.assign(there, { asked, userLanguage });
      there.chatOf = async (question) => {
        asked.push(question);
        if ('throws' in answer) throw answer.throws;
        return answer;
      };
    },
    [chat, language] as const,
  );
  await openLightningPage(page, folder, platform);
  await page.evaluate((given) => {
    const there = globalThis as unknown as InBrowser;
    there.document.querySelector('main').append(there.panel({ recordId: '003A', ...given }));
  }, properties);
}
const chatOf = (list: object[], also: object = {}) => ({ said: list, more: false, hasContact: true, ...also });
const asked = () => page.evaluate(() => (globalThis as unknown as InBrowser).asked);
const textsOf = (selector: string) => page.locator(selector).allInnerTexts();

test('messages stand in order, by day, the customer’s on one side and the company’s on the other', async () => {
  await shown(chatOf([reply('c', 10), said('b', 20), said('a', 60 * 26)]));
  await page.locator('li').first().waitFor();
  expect(await textsOf('.text')).toEqual(['text a', 'text b', 'text c']);
  expect((await textsOf('.day')).length).toBe(2);
  expect(await page.locator('.said').evaluateAll((all) => all.map(({ className }) => className))).toEqual([
    'said in',
    'said in',
    'said out',
  ]);
  expect(await textsOf('time')).toEqual(['11:00 AM', '12:40 PM', '12:50 PM']);
  expect(await asked()).toEqual([{ recordId: '003A', most: 50 }]);
});

test.each([
  ['open', 60, /until .*\(23 h 0 min left\)/],
  ['closing', 60 * 23, /1 h 0 min left/],
  ['closed', 60 * 24, /must write again/],
])('the window that is %s', async (state, minutes, words) => {
  await shown(chatOf([reply('b', 5), said('a', minutes)]));
  const window = page.locator('.window');
  await window.waitFor();
  expect(await window.getAttribute('class')).toBe(`window ${state}`);
  expect(await window.innerText()).toMatch(words);
});

test('a channel that is not named has no window; hours are what an administrator set', async () => {
  await shown(chatOf([said('a', 60 * 30, { channel: 'SMS' })]));
  expect(await page.locator('.window').innerText()).toBe('No limit of time to answer');
  await anotherPage();
  await shown(chatOf([said('a', 60 * 30)]), { properties: { windows: 'Messenger = 48, SMS=x' } });
  expect(await page.locator('.window').getAttribute('class')).toBe('window open');
});

test('of several conversations the latest is shown, and another by a key', async () => {
  await shown(chatOf([said('w', 5, { channel: 'WhatsApp', conversation: '9' }), said('m', 50)]));
  await page.locator('.choice').first().waitFor();
  expect(await textsOf('.choice')).toEqual(['WhatsApp', 'Messenger']);
  expect(await textsOf('.text')).toEqual(['text w']);
  await page.locator('.choice').nth(1).focus();
  await page.keyboard.press('Enter');
  expect(await textsOf('.text')).toEqual(['text m']);
  expect(await page.locator('[aria-pressed=true]').innerText()).toBe('Messenger');
});

test('what a customer wrote is text, and only addresses of the web can be opened', async () => {
  const nasty = '<img src=x onerror="globalThis.hacked=1">';
  await shown(
    chatOf([
      said('a', 9, { text: nasty, ticketUrl: 'javascript:globalThis.hacked=1' }),
      said('b', 8, { ticketUrl: 'https://acme.zendesk.com/agent/tickets/7' }),
    ]),
  );
  await page.locator('li').first().waitFor();
  expect((await textsOf('.text'))[0]).toBe(nasty);
  const links = page.locator('a');
  expect(await links.evaluateAll((all) => all.map((a) => [a.getAttribute('href'), a.getAttribute('rel')]))).toEqual([
    ['https://acme.zendesk.com/agent/tickets/7', 'noopener noreferrer'],
  ]);
  expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
});

test('earlier messages, another record, and a reload are asked for', async () => {
  await shown(chatOf([said('a', 9)], { more: true }));
  await page.locator('.more').click();
  await page.locator('.more').waitFor({ state: 'detached' });
  await page.locator('.reload').click();
  await page.evaluate(() =>
    Object.assign((globalThis as unknown as InBrowser).document.querySelector('c-panel'), { recordId: '500B' }),
  );
  expect(await asked()).toEqual([
    { recordId: '003A', most: 50 },
    { recordId: '003A', most: 200 },
    { recordId: '003A', most: 200 },
    { recordId: '500B', most: 50 },
  ]);
});

test.each([
  ['nothing was said', chatOf([]), 'Nothing was said in chats yet.'],
  ['no contact', chatOf([], { hasContact: false }), 'This case has no contact, so it has no chat.'],
  [
    'no right',
    { throws: { body: { message: 'No such column Text__c' } } },
    'The chat cannot be shown: No such column Text__c',
  ],
])('%s: told in words', async (_, answer, words) => {
  await shown(answer);
  await page.locator('.remark', { hasText: words }).waitFor();
});

test('in French for whoever reads French; no serious finding of axe', async () => {
  await shown(chatOf([said('w', 5, { channel: 'WhatsApp', conversation: '9' }), reply('r', 3), said('m', 60 * 23)]), {
    language: 'fr',
  });
  await page.locator('.choice').first().waitFor();
  expect(await page.locator('.reload').innerText()).toBe('Recharger');
  expect(await page.locator('.window').innerText()).toContain('expire à 26/11/2026 14:00');
  await page.addScriptTag({ content: axe });
  const found = await page.evaluate(async () => {
    return (await (globalThis as unknown as InBrowser).axe.run()).violations.filter(({ impact }) =>
      ['serious', 'critical'].includes(impact),
    );
  });
  expect(found.map(({ id }) => id)).toEqual([]);
  expect(complaints).toEqual([]);
});
