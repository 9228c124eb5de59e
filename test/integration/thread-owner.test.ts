import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product?.stop());

const ticket = () => product.zendesk.tickets()[0]!;
const notes = (words: string) =>
  ticket().comments.filter(({ public: isPublic, body }) => !isPublic && body.includes(words));

test('agents are told once that another app owns the conversation, why a reply failed, and when it is ours again', async () => {
  const { messenger, zendesk } = product;
  messenger.addCustomer({ psid: '100', name: 'Ida' });
  messenger.addCustomer({ psid: '101', name: 'Ole' });
  await messenger.customerSends('100', { type: 'text', text: 'Hello' });
  await until('a ticket', () => ticket());

  await messenger.passThread('100', '222');
  await until('the note', () => notes('Another app or an inbox owns').length === 1);
  expect(notes('Another app or an inbox owns')[0]!.body).toContain('Conversation Routing');
  for (const text of ['one', 'two']) await messenger.customerSends('100', { type: 'text', text });
  await until('what is said meanwhile', () => ticket().comments.some(({ body }) => body.includes('two')));

  await zendesk.agentComments(ticket().id, { text: 'An answer', public: true });
  await until('the failure', () => notes('did not reach').length === 1);
  expect(notes('did not reach')[0]!.body).toMatch(/owns this conversation.*Have it handed back/s);

  await messenger.passThread('100');
  await until('the end', () => notes('ours again').length === 1);
  await zendesk.agentComments(ticket().id, { text: 'Another answer', public: true });
  await until('the answer', () => messenger.threads()[0]!.bubbles.some(({ text }) => text === 'Another answer'));
  expect(notes('Another app or an inbox owns')).toHaveLength(1);
});

test('a conversation that is elsewhere from the start is told on the ticket it opens', async () => {
  const { messenger, zendesk } = product;
  await messenger.passThread('101', '222');
  await messenger.customerSends('101', { type: 'text', text: 'Anybody?' });
  const opened = await until('a ticket', () => zendesk.tickets()[1]);
  const told = () => zendesk.tickets()[1]!.comments.filter(({ body }) => body.includes('Another app or an inbox owns'));
  await until('the note', () => told().length === 1);
  expect(opened.comments[0]!.body).toBe('Anybody?');
});
