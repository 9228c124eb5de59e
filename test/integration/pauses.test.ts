import { afterAll, beforeAll, expect, test } from 'vitest';
import { metric } from '../support/metric.ts';
import { type Product, startProduct } from '../support/product.ts';
import { quietFor, until } from '../support/until.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
  product.zendesk.setRateLimit(1_000_000);
});
afterAll(() => product?.stop());

let people = 0;
const newcomers = (count: number): string[] =>
  Array.from({ length: count }, () => {
    const psid = `61${String(people++).padStart(6, '0')}`;
    product.messenger.addCustomer({ psid, name: `Customer ${psid}` });
    return psid;
  });
const say = (psid: string, text: string) => product.messenger.customerSends(psid, { type: 'text', text });
const wordsOf = (psid: string): string[] =>
  product.zendesk
    .tickets()
    .filter(({ requester }) => requester.externalId === `messenger:acme-page:${psid}`)
    .flatMap(({ comments }) => comments.flatMap(({ body }) => body.split(/\n+/)));
const paused = (target: string) => metric(product.url, 'passerelle_target_paused', { target });
const health = async () =>
  (await (await fetch(`${product.url}/health/ready`)).json()) as Record<'paused' | 'broken', { target: string }[]>;

test('a helpdesk that is down is left alone but for a probe now and then; when it is back all goes, in order', async () => {
  const psids = newcomers(12);
  product.zendesk.inject({ kind: '500', times: 1_000_000 });
  for (const psid of psids) await say(psid, 'one');
  await until('it is paused', async () => (await paused('helpdesk:acme-zendesk')) === 1, 45_000);
  expect((await health()).paused).toMatchObject([{ target: 'helpdesk:acme-zendesk' }]);
  for (const psid of psids) await say(psid, 'two');
  const before = product.zendesk.requests.length;
  await quietFor(4_000);
  expect(product.zendesk.requests.length - before).toBeLessThan(20);
  // What does not need it goes on meanwhile.
  const taken = await metric(product.url, 'passerelle_events_total', { type: 'message', outcome: 'taken' });
  expect(taken).toBeGreaterThanOrEqual(24);

  product.zendesk.clearFaults();
  await until('all is there', () => psids.every((psid) => wordsOf(psid).join() === 'one,two'), 45_000);
  expect(await paused('helpdesk:acme-zendesk')).toBe(0);
  expect((await health()).paused).toEqual([]);
}, 140_000);

test('a dead token: its replies wait, their agents are told once each, and they go by themselves when it lives again', async () => {
  const psids = newcomers(7);
  for (const psid of psids) await say(psid, 'Hello');
  await until('tickets', () => psids.every((psid) => wordsOf(psid).length === 1), 30_000);
  const ticketOf = (psid: string) =>
    product.zendesk.tickets().find(({ requester }) => requester.externalId === `messenger:acme-page:${psid}`)!;
  const bubbles = (psid: string) =>
    product.messenger
      .threads()
      .find((thread) => thread.psid === psid)!
      .bubbles.filter(({ from }) => from === 'page')
      .map(({ text }) => text);
  const notes = (psid: string) => ticketOf(psid).comments.filter((comment) => !comment.public);

  product.messenger.expireToken(true);
  for (const psid of psids) await product.zendesk.agentComments(ticketOf(psid).id, { text: 'Answer', public: true });
  await until('all agents know', () => psids.every((psid) => notes(psid).length === 1), 30_000);
  expect((await health()).broken).toMatchObject([{ target: 'channel:acme-page' }]);
  expect(psids.flatMap(bubbles)).toEqual([]);
  product.messenger.expireToken(false);
  await until('all answers', () => psids.every((psid) => bubbles(psid).join() === 'Answer'), 45_000);
  expect(psids.every((psid) => notes(psid).length === 1)).toBe(true);
  expect((await health()).broken).toEqual([]);
}, 120_000);
