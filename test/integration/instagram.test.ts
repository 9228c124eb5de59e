import { afterAll, beforeAll, expect, test } from 'vitest';
import { instagram } from '../../src/sandbox/instagram/sandbox.ts';
import type { RunningInstagramSimulator } from '../../src/sandbox/instagram/simulator.ts';
import { type ChannelProduct, startChannelProduct } from '../support/channel-product.ts';
import { until } from '../support/until.ts';

let product: ChannelProduct;
let platform: RunningInstagramSimulator;
let people = 0;
beforeAll(async () => {
  product = await startChannelProduct(instagram, {}, { tickets: { fromPublicComments: true } });
  product.zendesk.setRateLimit(1_000_000);
  platform = product.platform as RunningInstagramSimulator;
});
afterAll(() => product?.stop());

const newCustomer = (): string => {
  const user = instagram.user(1000 + ++people);
  platform.addCustomer({ user, name: `Customer ${people}` });
  return user;
};
const ticketOf = (user: string) =>
  product.zendesk.tickets().find(({ requester }) => requester.externalId === `instagram:${product.id}:${user}`);
const bubblesOf = (user: string) => platform.threads().find((thread) => thread.user === user)!.bubbles;
const publicly = (user: string) =>
  ticketOf(user)!
    .comments.filter(({ public: shown }) => shown)
    .map(({ body }) => body);

async function opened() {
  const user = newCustomer();
  await platform.customerSends(user, { type: 'text', text: 'Hello' });
  const ticket = (await until('a ticket', () => ticketOf(user))).id;
  return { user, ticket };
}

test('an agent’s files arrive, shown or as a link, and their echoes add nothing to the ticket', async () => {
  const { user, ticket } = await opened();
  const files = [
    { name: 'invoice.pdf', contentType: 'application/pdf', bytes: Buffer.from('%PDF-1.7\n%%EOF') },
    { name: 'drawings.zip', contentType: 'application/zip', bytes: Buffer.from('PK\u0003\u0004rest') },
  ];
  await product.zendesk.agentComments(ticket, { text: 'Both of them', public: true, files });
  await until('all three', () => bubblesOf(user).filter(({ from }) => from === 'page').length === 3);
  await platform.customerSends(user, { type: 'text', text: 'Thanks' });
  await until('the thanks', () => publicly(user).some((body) => body.includes('Thanks')));
  expect(bubblesOf(user).slice(1, 4)).toMatchObject([
    { text: 'Both of them' },
    { attachments: [{ type: 'file', contentType: 'application/pdf' }] },
    { text: expect.stringMatching(/^📎 drawings\.zip\nhttp/) },
  ]);
  expect(publicly(user).map((body) => /Both of them|invoice|drawings/.test(body))).toEqual([false, true, false]);
});

test('what somebody types in the Instagram app appears on the ticket and is not sent again', async () => {
  const { user } = await opened();
  await platform.inboxReplies(user, 'From the app');
  await until('it', () => ticketOf(user)!.comments.some(({ body }) => body.includes('From the app')));
  expect(bubblesOf(user)).toHaveLength(2);
});

test('a comment opens a ticket and is answered in private, once; a second answer before they write back is told as refused', async () => {
  const user = newCustomer();
  await platform.customerComments(user, 'Do you ship to Oslo?');
  const ticket = await until('a ticket', () => ticketOf(user));
  expect(ticket.comments.some(({ body }) => body.includes('Do you ship to Oslo?'))).toBe(true);
  await product.zendesk.agentComments(ticket.id, { text: 'We do.', public: true });
  await until('the private reply', () => bubblesOf(user).length === 1);
  expect(bubblesOf(user)).toMatchObject([{ from: 'page', text: 'We do.' }]);
  await product.zendesk.agentComments(ticket.id, { text: 'And to Bergen.', public: true });
  await until('the note', () => ticketOf(user)!.comments.some((each) => !each.public && each.body.includes('Bergen')));
  await platform.customerSends(user, { type: 'text', text: 'Good' });
  await until('the chat on the same ticket', () => publicly(user).some((body) => body.includes('Good')));
  await product.zendesk.agentComments(ticket.id, { text: 'Gladly.', public: true });
  await until('the answer', () => bubblesOf(user).some(({ text }) => text === 'Gladly.'));
  expect(bubblesOf(user).map(({ text }) => text)).toEqual(['We do.', 'Good', 'Gladly.']);
});

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
const noteOn = (user: string, word: string) =>
  until('the note', () => ticketOf(user)?.comments.find((each) => !each.public && each.body.includes(word)));

test('a comment of six days ago is answered in private, though no window is open; a hiccup in between costs nothing', async () => {
  const user = newCustomer();
  await platform.customerComments(user, 'Still for sale?', { at: daysAgo(6) });
  const ticket = await until('a ticket', () => ticketOf(user));
  platform.inject({ kind: '429', path: '/messages', method: 'POST', times: 3 });
  await product.zendesk.agentComments(ticket.id, { text: 'It is.', public: true });
  await until('the private reply', () => bubblesOf(user).length === 1);
  expect(bubblesOf(user)).toMatchObject([{ from: 'page', text: 'It is.' }]);
  expect(ticketOf(user)!.comments.filter((each) => !each.public)).toEqual([]);
}, 30_000);

test('after a week, and with a file, it is refused before anything is sent: a comment opens no chat', async () => {
  const [late, soon] = [newCustomer(), newCustomer()];
  await platform.customerComments(late, 'Old words', { at: daysAgo(8) });
  await platform.customerComments(soon, 'New words');
  const [old, young] = await Promise.all([late, soon].map((user) => until('a ticket', () => ticketOf(user))));
  const before = platform.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/messages')).length;
  await product.zendesk.agentComments(old!.id, { text: 'Answer to old words', public: true });
  const files = [{ name: 'a.pdf', contentType: 'application/pdf', bytes: Buffer.from('%PDF-1.7\n%%EOF') }];
  await product.zendesk.agentComments(young!.id, { text: '', public: true, files });
  expect((await noteOn(late, 'Answer to old words')).body).toContain('has not written here yet');
  expect((await noteOn(soon, 'a.pdf')).body).toContain('has not written here yet');
  const after = platform.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/messages')).length;
  expect(after - before).toBe(0);
  expect([...bubblesOf(late), ...bubblesOf(soon)]).toEqual([]);
});

test('a lost answer is looked up in the thread, and nothing is said twice', async () => {
  const { user, ticket } = await opened();
  platform.unsubscribe('message_echoes');
  // The seen mark and the dots go the same way before it.
  platform.inject({ kind: 'reset-after', path: '/messages', times: 3 });
  await product.zendesk.agentComments(ticket, { text: 'Said once', public: true });
  await until('it is settled', async () => {
    const part = await product.db
      .selectFrom('reply_parts')
      .select('state')
      .where('platform_id', 'is not', null)
      .where('body', '@>', JSON.stringify({ text: 'Said once' }) as never)
      .executeTakeFirst();
    return part?.state === 'sent';
  });
  expect(platform.requests.filter(({ path }) => path.endsWith('/conversations')).length).toBeGreaterThan(0);
  expect(bubblesOf(user).filter(({ text }) => text === 'Said once')).toHaveLength(1);
}, 30_000);
