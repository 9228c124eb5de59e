import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Product, startProduct } from '../support/product.ts';
import { quietFor, until } from '../support/until.ts';

/**
 * A platform that acts on a request long after its caller has gone: what is looked up in vain meanwhile is not written again.
 * Each story has a customer of its own; all are under way at once, for they mostly wait.
 */
const actsWithin = '14s';
/** How long after its caller has gone a request is acted upon. */
const late = 8_000;
/** So long after somebody spoke it has been acted upon, also on a busy machine. */
const latest = late + 6_000;
let products: Product[] = [];
let stories: Record<keyof typeof plots, Promise<void>>;

beforeAll(async () => {
  products = await Promise.all([
    startProduct({ helpdesk: { actsWithin }, channel: { actsWithin } }),
    startProduct({ cases: { crm: 'acme-salesforce', actsWithin }, channel: { actsWithin } }),
    startProduct({ channel: { actsWithin } }),
  ]);
  const [zendesk, cases, other] = products as [Product, Product, Product];
  stories = {
    lateComment: plots.lateComment(zendesk),
    lateCaseComment: plots.lateCaseComment(cases),
    lostComment: plots.lostComment(zendesk),
    lateReply: plots.lateReply(zendesk),
    lostReply: plots.lostReply(other),
  };
  for (const story of Object.values(stories)) story.catch(() => undefined);
}, 60_000);
afterAll(() => Promise.all(products.map((product) => product.stop())));

const says = (product: Product, psid: string, text: string) => {
  product.messenger.addCustomer({ psid, name: `Customer ${psid}` });
  return product.messenger.customerSends(psid, { type: 'text', text });
};
const ticketOf = (product: Product, psid: string) =>
  product.zendesk.tickets().find(({ requester }) => requester.externalId === `messenger:acme-page:${psid}`);
const onTicket = (product: Product, psid: string) =>
  (ticketOf(product, psid)?.comments ?? []).filter((comment) => comment.public).map(({ body }) => body);
const onCase = (product: Product) =>
  product.salesforce.records('CaseComment').map((each) => String(each['CommentBody']).split('\n').at(-1));
const inChat = (product: Product, psid: string) =>
  product.messenger
    .threads()
    .find((thread) => thread.psid === psid)!
    .bubbles.filter(({ from }) => from === 'page')
    .map(({ text }) => text);

async function opened(product: Product, psid: string) {
  await says(product, psid, 'first');
  return until(`the ticket of ${psid}`, () => ticketOf(product, psid), 60_000);
}

/** A reply of which nothing is known meets a fault, and another follows it. */
async function twoAnswers(product: Product, psid: string, kind: 'reset-late' | 'reset-before'): Promise<void> {
  const ticket = await opened(product, psid);
  // Seen and typing go first.
  product.messenger.inject({ kind, method: 'POST', path: '/messages', times: 3, delayMs: late });
  await product.zendesk.agentComments(ticket.id, { text: 'first answer', public: true });
  const asked = Date.now();
  await until('the faults are met', () => product.messenger.faults().length === 0, 60_000);
  await product.zendesk.agentComments(ticket.id, { text: 'second answer', public: true });
  await until('both answers', () => inChat(product, psid).includes('second answer'), 60_000);
  await quietFor(asked + latest - Date.now());
  expect(inChat(product, psid)).toEqual(['first answer', 'second answer']);
}

const plots = {
  lateComment: async (product: Product) => {
    const { id } = await opened(product, '100');
    product.zendesk.inject({ kind: 'reset-late', method: 'PUT', path: `/tickets/${id}.`, times: 1, delayMs: late });
    const asked = Date.now();
    await says(product, '100', 'second');
    await until(
      'the fault is met',
      () => product.zendesk.faults().every(({ path }) => path !== `/tickets/${id}.`),
      60_000,
    );
    await says(product, '100', 'third');
    await until('all of it', () => onTicket(product, '100').includes('third'), 60_000);
    await quietFor(asked + latest - Date.now());
    expect(onTicket(product, '100')).toEqual(['first', 'second', 'third']);
  },
  lateCaseComment: async (product: Product) => {
    await says(product, '200', 'first');
    await until('a case', () => onCase(product).length === 1, 60_000);
    product.salesforce.inject({ kind: 'reset-late', method: 'POST', path: '/composite', times: 1, delayMs: late });
    const asked = Date.now();
    await says(product, '200', 'second');
    await until('the fault is met', () => product.salesforce.faults().length === 0, 60_000);
    await says(product, '200', 'third');
    await until('all of it', () => onCase(product).includes('third'), 60_000);
    await quietFor(asked + latest - Date.now());
    expect(onCase(product)).toEqual(['first', 'second', 'third']);
  },
  lostComment: async (product: Product) => {
    const { id } = await opened(product, '101');
    product.zendesk.inject({ kind: 'reset-before', method: 'PUT', path: `/tickets/${id}.`, times: 1 });
    const looks = () => product.zendesk.requests.filter(({ path }) => path.includes(`/tickets/${id}/audits`)).length;
    const [from, before] = [Date.now(), looks()];
    await says(product, '101', 'lost');
    await until('written anew', () => onTicket(product, '101').includes('lost'), 60_000);
    expect(Date.now() - from).toBeGreaterThan(14_000);
    expect(looks() - before).toBeGreaterThan(1);
    expect(onTicket(product, '101')).toEqual(['first', 'lost']);
  },
  lateReply: (product: Product) => twoAnswers(product, '102', 'reset-late'),
  lostReply: (product: Product) => twoAnswers(product, '103', 'reset-before'),
};

const titles: Record<keyof typeof plots, string> = {
  lateComment: 'a comment that comes late is found, though it was not there at first; what was said since follows it',
  lateCaseComment: 'and so is one on a Case',
  lostComment: 'a comment that never comes is written again once its time is over, and not before',
  lateReply: 'a reply that comes late is in the chat once, before what follows it',
  lostReply: 'a reply that never comes is sent again, before what follows it',
};
test.each(Object.entries(titles).map(([plot, title]) => [title, plot as keyof typeof plots] as const))(
  '%s',
  async (_, plot) => {
    await stories[plot];
  },
);
