import { afterAll, beforeAll, expect, test } from 'vitest';
import { whatsapp } from '../../src/sandbox/whatsapp/sandbox.ts';
import type { WhatsAppSimulator } from '../../src/sandbox/whatsapp/simulator.ts';
import { type ChannelProduct, startChannelProduct } from '../support/channel-product.ts';
import { until } from '../support/until.ts';

// A platform that names one person by a number and by another id, now the one, now the other.

let product: ChannelProduct;
let platform: WhatsAppSimulator;
let people = 0;
beforeAll(async () => {
  product = await startChannelProduct(whatsapp);
  platform = product.platform as WhatsAppSimulator;
  product.zendesk.setRateLimit(1_000_000);
});
afterAll(() => product?.stop());

const newCustomer = (): string => {
  const user = whatsapp.user(100 + ++people);
  platform.addCustomer({ user, name: `Person ${people}` });
  return user;
};
const tickets = () => product.zendesk.tickets();
const ticketWith = (text: string) =>
  until(`a ticket with “${text}”`, () =>
    tickets().find(({ comments }) => comments.some(({ body }) => body.includes(text))),
  );
const bubbles = (user: string) => platform.threads().find((thread) => thread.user === user)!.bubbles;
const says = (user: string, text: string) => platform.customerSends(user, { type: 'text', text });
const answer = (ticket: number, text: string) => product.zendesk.agentComments(ticket, { text, public: true });
const arrived = (user: string, text: string) =>
  until(`“${text}” at ${user}`, () => bubbles(user).some((bubble) => bubble.from === 'page' && bubble.text === text));

test('who hides the number later stays in the same conversation, and gets answers', async () => {
  const user = newCustomer();
  await says(user, 'with my number');
  const ticket = await ticketWith('with my number');
  platform.hideNumber(user);
  await says(user, 'and now without');
  expect((await ticketWith('and now without')).id).toBe(ticket.id);
  await answer(ticket.id, 'Both are you.');
  await arrived(user, 'Both are you.');
});

test('who shows the number later stays in the same conversation, and gets answers', async () => {
  const user = newCustomer();
  platform.hideNumber(user);
  await says(user, 'nobody knows my number');
  const ticket = await ticketWith('nobody knows my number');
  platform.showNumber(user);
  await says(user, 'here it is');
  expect((await ticketWith('here it is')).id).toBe(ticket.id);
  await answer(ticket.id, 'Thank you for it.');
  await arrived(user, 'Thank you for it.');
});

test('who changes the number stays in the same conversation, and gets answers there', async () => {
  const user = newCustomer();
  await says(user, 'my old number');
  const ticket = await ticketWith('my old number');
  await platform.customerChangesNumber(user, '4799000001');
  await answer(ticket.id, 'We noticed.');
  await arrived('4799000001', 'We noticed.');
  await says('4799000001', 'my new number');
  expect((await ticketWith('my new number')).id).toBe(ticket.id);
});

test('an answer does not go to the old number though the change was told while the ticket was being written', async () => {
  const user = newCustomer();
  await says(user, 'my old number still');
  const ticket = await ticketWith('my old number still');
  await answer(ticket.id, 'We know you.');
  await arrived(user, 'We know you.');
  product.zendesk.inject({ kind: 'timeout-after', method: 'PUT', path: '/tickets', times: 1, delayMs: 3_000 });
  const writes = () => product.zendesk.requests.filter(({ method }) => method === 'PUT').length;
  const before = writes();
  await says(user, 'soon another one');
  await until('the ticket being written', () => writes() > before);
  await platform.customerChangesNumber(user, '4799000002');
  await answer(ticket.id, 'We noticed again.');
  await arrived('4799000002', 'We noticed again.');
});

test('an answer whose fate was not told is settled by its statuses, and goes once', async () => {
  const user = newCustomer();
  await says(user, 'is anybody there');
  const ticket = await ticketWith('is anybody there');
  platform.inject({ kind: 'reset-after', method: 'POST', path: '/messages', times: 3 });
  await answer(ticket.id, 'Yes, we are.');
  await arrived(user, 'Yes, we are.');
  await answer(ticket.id, 'And we stay.');
  await arrived(user, 'And we stay.');
  expect(bubbles(user).filter(({ text }) => text === 'Yes, we are.')).toHaveLength(1);
});

test('a group is told once that it is not served here', async () => {
  const group = (id: string) => ({
    contacts: [{ profile: { name: 'Kari' }, wa_id: '4790055555' }],
    messages: [
      { from: '4790055555', group_id: '1203@g.us', id, timestamp: '1790000000', type: 'text', text: { body: 'all' } },
    ],
  });
  const asked = () => platform.requests.filter(({ path }) => path.endsWith('/messages')).length;
  const before = asked();
  await platform.announce('messages', group('wamid.G1'));
  await until('the answer', () => asked() === before + 1);
  await platform.announce('messages', group('wamid.G2'));
  await until('both applied', async () => {
    const open = await product.db.selectFrom('events').select('id').where('applied_at', 'is', null).execute();
    return open.length === 0;
  });
  expect(asked()).toBe(before + 1);
});
