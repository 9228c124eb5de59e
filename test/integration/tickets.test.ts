import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ZendeskTicketView } from '../../src/sandbox/contract.ts';
import { deliver, envelope, item, signed } from '../support/meta-webhook.ts';
import { type Product, startProduct } from '../support/product.ts';
import { quietFor, until } from '../support/until.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product?.stop());

const ticketsOf = (psid: string): ZendeskTicketView[] =>
  product.zendesk.tickets().filter((ticket) => ticket.requester.externalId === `messenger:acme-page:${psid}`);
const said = (ticket: ZendeskTicketView) => ticket.comments.filter((comment) => comment.public).map(({ body }) => body);

async function opened(psid: string, text: string): Promise<ZendeskTicketView> {
  product.messenger.addCustomer({ psid, name: `Customer ${psid}` });
  await product.messenger.customerSends(psid, { type: 'text', text });
  return until('a ticket', () =>
    ticketsOf(psid).find((ticket) => ticket.status !== 'deleted' && said(ticket).join().includes(text)),
  );
}

test('a burst becomes one comment, in order', async () => {
  const texts = Array.from({ length: 10 }, (_, i) => `burst ${i}`);
  const at = Date.now();
  const shuffled = texts.map((text, i) => item('100', { message: { mid: `m_burst_${i}`, text } }, at + i)).reverse();
  await deliver(product.url, shuffled);
  const ticket = await until('the burst', () => ticketsOf('100').find((t) => said(t).join('\n\n').includes('burst 9')));
  expect(said(ticket)).toEqual([texts.join('\n\n')]);
});

test('a backlog longer than is read at a time is written to its end at once', async () => {
  const at = Date.now();
  const many = Array.from({ length: 450 }, (_, i) =>
    item('199', { message: { mid: `m_many_${i}`, text: `n${i}.` } }, at + i),
  );
  await deliver(product.url, many);
  const words = () => ticketsOf('199').flatMap((ticket) => said(ticket).flatMap((text) => text.split('\n\n')));
  // Sooner than what was forgotten is swept up.
  await until('the last', () => words().includes('n449.'), 12_000);
  expect(words()).toEqual(many.map((_, i) => `n${i}.`));
}, 30_000);

test('what follows lands on the same ticket', async () => {
  const ticket = await opened('101', 'first');
  await product.messenger.customerSends('101', { type: 'text', text: 'second' });
  await until('the second', () => said(ticketsOf('101')[0]!).includes('second'));
  expect(ticketsOf('101').map(({ id }) => id)).toEqual([ticket.id]);
});

test('a solved ticket reopens', async () => {
  const { id } = await opened('102', 'before');
  product.zendesk.setStatus(id, 'solved');
  await product.messenger.customerSends('102', { type: 'text', text: 'one more thing' });
  const ticket = await until('the comment', () => ticketsOf('102').find((t) => said(t).includes('one more thing')));
  expect([ticket.id, ticket.status]).toEqual([id, 'open']);
});

test('a closed ticket leads to a linked follow-up', async () => {
  const { id } = await opened('103', 'before');
  product.zendesk.setStatus(id, 'closed');
  await product.messenger.customerSends('103', { type: 'text', text: 'again me' });
  const ticket = await until('a follow-up', () => ticketsOf('103').find((t) => said(t).includes('again me')));
  expect(ticket.id).not.toBe(id);
  expect(ticket.followupSourceId).toBe(id);
});

test('a deleted ticket leads to a new one', async () => {
  const { id } = await opened('104', 'before');
  product.zendesk.setStatus(id, 'deleted');
  await product.messenger.customerSends('104', { type: 'text', text: 'still here' });
  const ticket = await until('a new ticket', () => ticketsOf('104').find((t) => said(t).includes('still here')));
  expect([ticket.id === id, ticket.followupSourceId]).toEqual([false, null]);
});

test('files arrive as real attachments, in the comment of their message', async () => {
  product.messenger.addCustomer({ psid: '105', name: 'Photographer' });
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  const files = ['a.png', 'b.png'].map((name) => ({ name, contentType: 'image/png', bytes: png }));
  await product.messenger.customerSends('105', { type: 'image', files });
  const ticket = await until('the pictures', () => ticketsOf('105')[0]);
  expect(ticket.comments).toHaveLength(1);
  expect(ticket.comments[0]?.attachments.map(({ contentType, bytes }) => [contentType, bytes])).toEqual([
    ['image/png', png.length],
    ['image/png', png.length],
  ]);
});

const others = [
  {
    what: 'a location',
    part: { type: 'location', latitude: 59.91, longitude: 10.75, title: 'Oslo' },
    reads: /Oslo[\s\S]*59\.91/,
  },
  {
    what: 'a shared link',
    part: { type: 'link', url: 'https://shop.example/coat', title: 'Wool coat' },
    reads: /Wool coat[\s\S]*https:\/\/shop\.example\/coat/,
  },
  { what: 'a quick reply', part: { type: 'text', text: 'Yes please', quickReply: 'YES' }, reads: /Yes please/ },
  { what: 'a postback', part: { type: 'postback', title: 'Get started', payload: 'START' }, reads: /Get started/ },
  { what: 'right-to-left text with emoji', part: { type: 'text', text: 'مرحبا 👩‍👩‍👧' }, reads: /^مرحبا 👩‍👩‍👧$/ },
] as const;

test.each(others)('$what reads well as text', async ({ what, part, reads }) => {
  const psid = `2${others.findIndex((other) => other.what === what)}0`;
  product.messenger.addCustomer({ psid, name: 'Writer' });
  await product.messenger.customerSends(psid, part);
  const ticket = await until('a ticket', () => ticketsOf(psid)[0]);
  expect(ticket.comments[0]?.body).toMatch(reads);
});

test('an answer to a message quotes it', async () => {
  await opened('106', 'Which size do you have?');
  const mid = product.messenger.threads().find(({ psid }) => psid === '106')!.bubbles[0]!.mid;
  await product.messenger.customerSends('106', { type: 'text', text: 'I mean this' }, { replyTo: mid });
  const ticket = await until('the answer', () => ticketsOf('106').find((t) => said(t).join().includes('I mean this')));
  expect(said(ticket).at(-1)).toBe('↪ In reply to “Which size do you have?”\nI mean this');
});

test("what an agent types in the page's own inbox appears on the ticket and is not sent again", async () => {
  await opened('107', 'Hello?');
  await product.messenger.inboxReplies('107', 'Answered from the inbox');
  const ticket = await until('the echo', () => ticketsOf('107').find((t) => said(t).join().includes('from the inbox')));
  expect(ticket.comments.at(-1)).toMatchObject({ public: true });
  expect(ticket.comments.at(-1)?.authorRole).not.toBe('end-user');
  await quietFor(500);
  const bubbles = product.messenger.threads().find(({ psid }) => psid === '107')!.bubbles;
  expect(bubbles.filter(({ from }) => from !== 'customer')).toHaveLength(1);
});

test('a message that comes after a later one says that it arrived late', async () => {
  await opened('108', 'now');
  const earlier = envelope([item('108', 'an hour ago', Date.now() - 3_600_000)]);
  await fetch(`${product.url}/webhooks/messenger/acme-page`, signed(earlier));
  const ticket = await until('the late one', () =>
    ticketsOf('108').find((t) => said(t).join().includes('an hour ago')),
  );
  expect(said(ticket).at(-1)).toMatch(/an hour ago\n\(sent .* UTC, arrived late\)/);
});

test('a reaction is an internal note, and opens no ticket by itself', async () => {
  const ticket = await opened('109', 'nice');
  const { mid } = product.messenger.threads().find(({ psid }) => psid === '109')!.bubbles[0]!;
  await product.messenger.customerReacts('109', mid, '❤');
  const note = await until('the note', () => ticketsOf('109')[0]?.comments.find((comment) => !comment.public));
  expect(note.body).toContain('❤');
  expect(ticketsOf('109').map(({ id }) => id)).toEqual([ticket.id]);
});

test('a name that could not be had at first follows by itself', async () => {
  product.messenger.addCustomer({ psid: '110', name: 'Late Name' });
  product.messenger.inject({ kind: '500', method: 'GET', path: '/110', times: 2 });
  await product.messenger.customerSends('110', { type: 'text', text: 'Who am I?' });
  await until('a ticket', () => ticketsOf('110')[0]);
  await until('the name', () => ticketsOf('110')[0]?.requester.name === 'Late Name', 25_000);
}, 30_000);
