import { afterAll, beforeAll, expect, test } from 'vitest';
import { hours } from '../../src/domain/duration.ts';
import { lastReplyState } from '../../src/flows/reply-state.ts';
import type { Bubble, ZendeskTicketView } from '../../src/sandbox/contract.ts';
import { findConversation } from '../../src/store/conversations.ts';
import { deliver, item } from '../support/meta-webhook.ts';
import { metric } from '../support/metric.ts';
import { type Product, startProduct } from '../support/product.ts';
import { quietFor, until } from '../support/until.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product?.stop());

const ticketOf = (psid: string): ZendeskTicketView | undefined =>
  product.zendesk.tickets().find((ticket) => ticket.requester.externalId === `messenger:acme-page:${psid}`);
const answersTo = (psid: string): Bubble[] =>
  product.messenger
    .threads()
    .find((thread) => thread.psid === psid)!
    .bubbles.filter(({ from }) => from === 'page');
const notesOn = (psid: string) => ticketOf(psid)!.comments.filter((comment) => !comment.public);

const lastState = async (psid: string) =>
  lastReplyState(product.db, (await findConversation(product.db, 'acme-page', psid))!.id);

async function opened(psid: string, at?: Date): Promise<ZendeskTicketView> {
  product.messenger.addCustomer({ psid, name: `Customer ${psid}` });
  await product.messenger.customerSends(psid, { type: 'text', text: 'Hello' }, at ? { at } : {});
  return until('a ticket', () => ticketOf(psid));
}

const reply = (
  ticket: ZendeskTicketView,
  html: string,
  files: { name: string; contentType: string; bytes: Buffer }[] = [],
) => product.zendesk.agentComments(ticket.id, { html, public: true, files });

test('text, formatting and files arrive in order, formatting as readable text', async () => {
  const ticket = await opened('100');
  const pdf = { name: 'invoice.pdf', contentType: 'application/pdf', bytes: Buffer.from('%PDF-1.4 invoice') };
  const txt = { name: 'notes.txt', contentType: 'text/plain', bytes: Buffer.from('notes') };
  await reply(ticket, '<p>Two things 🙂:</p><ul><li>one</li><li><a href="https://shop.example/x">two</a></li></ul>', [
    pdf,
    txt,
  ]);
  await reply(ticket, '<p>And a third.</p>');
  await until('four bubbles', () => answersTo('100').length === 4);
  const [list, first, second, third] = answersTo('100');
  expect(list?.text).toMatch(/Two things 🙂:\s+[•*-] one\s+[•*-] two.*https:\/\/shop\.example\/x/s);
  expect(first?.attachments[0]).toMatchObject({ type: 'file', bytes: pdf.bytes.length });
  expect(second?.attachments[0]).toMatchObject({ type: 'file', bytes: txt.bytes.length });
  expect(third?.text).toBe('And a third.');
});

test('a long answer comes in several bubbles, none too long, together the whole', async () => {
  const ticket = await opened('101');
  const words = Array.from({ length: 900 }, (_, i) => `word${i}`).join(' ');
  await reply(ticket, `<p>${words}</p>`);
  const parts = await until(
    'the end',
    () => answersTo('101').some(({ text }) => text?.includes('word899')) && answersTo('101'),
  );
  expect(parts.length).toBeGreaterThan(3);
  expect(Math.max(...parts.map(({ text }) => text!.length))).toBeLessThanOrEqual(2000);
  expect(parts.map(({ text }) => text).join('')).toBe(words);
});

test("notes, the service's own comments and the customer's own words never go out", async () => {
  const ticket = await opened('102');
  await product.zendesk.agentComments(ticket.id, { text: 'an internal note', public: false });
  await reply(ticket, '<p>for the customer</p>');
  await until('the answer', () => answersTo('102').length > 0);
  await quietFor(500);
  expect(answersTo('102').map(({ text }) => text)).toEqual(['for the customer']);
});

test('delivered and read come back and are kept', async () => {
  const ticket = await opened('103');
  await reply(ticket, '<p>Did you get this?</p>');
  await until('the answer', () => answersTo('103')[0]?.delivered);
  await until('delivered', async () => (await lastState('103'))?.state === 'delivered');
  const delivered = await lastState('103');
  expect(delivered?.deliveredAt).toBeInstanceOf(Date);
  expect(delivered?.readAt).toBeUndefined();
  await product.messenger.customerReads('103');
  await until('read', async () => (await lastState('103'))?.state === 'read');
  const read = await lastState('103');
  expect(read?.since).toEqual(read?.readAt);
  expect(read!.readAt!.getTime()).toBeGreaterThanOrEqual(read!.sentAt!.getTime());
});

test('a conversation nobody has answered has no state of a reply, and a later answer takes the place of one before', async () => {
  const ticket = await opened('110');
  expect(await lastState('110')).toBeUndefined();
  await reply(ticket, '<p>First</p>');
  await until('the first', async () => (await lastState('110'))?.state === 'delivered');
  product.messenger.block('110', true);
  await reply(ticket, '<p>Second</p>');
  await until('the second', async () => (await lastState('110'))?.state === 'failed');
  expect((await lastState('110'))?.reason).toMatch(/\w/);
});

test('a customer who blocked the page: the agent is told why, by a note and a tag, and what is left is not sent', async () => {
  const ticket = await opened('104');
  product.messenger.block('104', true);
  await reply(ticket, '<p>Hello?</p>');
  const note = await until('the note', () => notesOn('104')[0]);
  expect(note.body).toMatch(/did not reach the customer/);
  expect(note.body).toMatch(/Hello\?/);
  expect(ticketOf('104')?.tags).toContain('passerelle_reply_failed');
  expect(answersTo('104')).toEqual([]);
});

test('past the window a human agent still answers, with the tag', async () => {
  const ticket = await opened('105', new Date(Date.now() - hours(30)));
  product.messenger.ageLastContact('105', hours(30));
  await reply(ticket, '<p>Sorry for the wait</p>');
  const [bubble] = await until('the answer', () => answersTo('105').length > 0 && answersTo('105'));
  expect(bubble).toMatchObject({ text: 'Sorry for the wait', tag: 'HUMAN_AGENT' });
});

test('past seven days nothing is sent, the agent learns why and the operator sees it', async () => {
  const refused = () =>
    metric(product.url, 'passerelle_deliveries_total', { target: 'channel:acme-page', outcome: 'never' });
  const before = await refused();
  const ticket = await opened('106', new Date(Date.now() - hours(24 * 8)));
  await reply(ticket, '<p>Too late</p>');
  const note = await until('the note', () => notesOn('106').find(({ body }) => body.includes('did not reach')));
  expect(note.body).toMatch(/8 days ago.*7 days/s);
  expect(await refused()).toBe(before + 1);
  expect(answersTo('106')).toEqual([]);
});

test('a dead token holds the reply, tells the agent, and sends it when the token lives again', async () => {
  const ticket = await opened('107');
  product.messenger.expireToken(true);
  await reply(ticket, '<p>Held</p>');
  await until('the note', () => notesOn('107').find(({ body }) => body.includes('waits')));
  expect(await metric(product.url, 'passerelle_target_paused', { target: 'channel:acme-page' })).toBe(1);
  product.messenger.expireToken(false);
  await until('the answer', () => answersTo('107').length === 1, 60_000);
  await until(
    'mended',
    async () => (await metric(product.url, 'passerelle_target_paused', { target: 'channel:acme-page' })) === 0,
  );
}, 90_000);

test.each(['timeout-after', 'reset-after', '500-after'] as const)(
  'an answer lost after the platform accepted (%s) is no second message',
  async (kind) => {
    const psid = { 'timeout-after': '201', 'reset-after': '202', '500-after': '203' }[kind];
    const ticket = await opened(psid);
    product.messenger.inject({ kind, method: 'POST', path: '/messages', times: 3, delayMs: 500 });
    await reply(ticket, '<p>Exactly once</p>');
    await until('the answer', () => answersTo(psid).length > 0, 30_000);
    product.messenger.clearFaults();
    await until(
      'all done',
      async () => (await metric(product.url, 'passerelle_backlog', { target: 'channel:acme-page' })) === 0,
      40_000,
    );
    expect(answersTo(psid).map(({ text }) => text)).toEqual(['Exactly once']);
  },
  60_000,
);

test('a repeated callback sends nothing twice', async () => {
  const ticket = await opened('108');
  product.zendesk.webhooks.copies = 3;
  await reply(ticket, '<p>Once</p>');
  await until('the answer', () => answersTo('108').length > 0);
  await quietFor(700);
  product.zendesk.webhooks.copies = 1;
  expect(answersTo('108').map(({ text }) => text)).toEqual(['Once']);
});

test('an echo of our own send is no new comment', async () => {
  const ticket = await opened('109');
  await reply(ticket, '<p>Mine</p>');
  await until('the answer', () => answersTo('109').length > 0);
  await deliver(product.url, [item('109', 'after')]);
  await until('the next message', () => ticketOf('109')?.comments.some(({ body }) => body.includes('after')));
  expect(
    ticketOf('109')
      ?.comments.map(({ body }) => body)
      .filter((body) => body.includes('Mine')),
  ).toHaveLength(1);
});

test('a forged callback is refused', async () => {
  const answer = await fetch(`${product.url}/webhooks/zendesk/acme-zendesk`, {
    method: 'POST',
    body: '{"ticket_id":1}',
  });
  expect(answer.status).toBe(401);
});
