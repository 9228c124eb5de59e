import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Fault } from '../../src/sandbox/simulator.ts';
import { metric } from '../support/metric.ts';
import { type Product, startProduct } from '../support/product.ts';
import { quietFor, until } from '../support/until.ts';

/** The answer to a send is lost, and so is the echo that would tell at once what became of it: the thread is looked at. */
let product: Product;
const kinds: readonly Fault['kind'][] = [
  'timeout-after',
  'reset-after',
  '500-after',
  'timeout-before',
  'reset-before',
  '500',
];
const filePsid = '610000';
const psidOf = (kind: string) => `60${String(kinds.indexOf(kind as Fault['kind'])).padStart(4, '0')}`;
const ticketOf = (psid: string) =>
  product.zendesk.tickets().find(({ requester }) => requester.externalId === `messenger:acme-page:${psid}`);
const bubblesTo = (psid: string) =>
  product.messenger
    .threads()
    .find((thread) => thread.psid === psid)!
    .bubbles.filter(({ from }) => from === 'page')
    .map(({ text, attachments }) => text ?? attachments[0]?.name);
const waiting = () => metric(product.url, 'passerelle_backlog', { target: 'channel:acme-page' });

async function opened(psid: string): Promise<number> {
  product.messenger.addCustomer({ psid, name: `Customer ${psid}` });
  await product.messenger.customerSends(psid, { type: 'text', text: 'Hello?' });
  return (await until('a ticket', () => ticketOf(psid))).id;
}

/** The third: seen and typing go first. */
const failing = (kind: Fault['kind']): Fault => ({ kind, method: 'POST', path: '/messages', times: 3, delayMs: 300 });

beforeAll(async () => {
  product = await startProduct();
  product.zendesk.setRateLimit(1_000_000);
  const psids = [...kinds.map(psidOf), filePsid];
  const tickets = new Map(await Promise.all(psids.map(async (psid) => [psid, await opened(psid)] as const)));
  product.messenger.webhooks.holdAndReverse = true;
  const answers = async (psid: string, kind: Fault['kind'], said: { text: string; files?: typeof files }) => {
    product.messenger.inject(failing(kind));
    await product.zendesk.agentComments(tickets.get(psid)!, { ...said, public: true });
    await until('the fault is met', () => product.messenger.faults().length === 0);
  };
  for (const kind of kinds) await answers(psidOf(kind), kind, { text: 'first' });
  await answers(filePsid, 'reset-after', { text: ' ', files });
  for (const kind of kinds) {
    await product.zendesk.agentComments(tickets.get(psidOf(kind))!, { text: 'second', public: true });
  }
}, 60_000);
afterAll(() => product?.stop());

const files = [{ name: 'offer.pdf', contentType: 'application/pdf', bytes: Buffer.from('%PDF-1.4') }];

test.each(kinds)(
  'a text (%s): it arrives once, and then what follows',
  async (kind) => {
    await until('both', () => bubblesTo(psidOf(kind)).includes('second'), 45_000);
    expect(bubblesTo(psidOf(kind))).toEqual(['first', 'second']);
  },
  50_000,
);

test('a file, which the thread does not tell apart, is held rather than sent again', async () => {
  await until('all but the file is settled', async () => (await waiting()) === 1, 45_000);
  await quietFor(4_000);
  expect([bubblesTo(filePsid), await waiting()]).toEqual([['offer.pdf'], 1]);
}, 60_000);

test('when the echoes come after all, the file is known to have arrived and nothing is there twice', async () => {
  product.messenger.webhooks.holdAndReverse = false;
  await product.messenger.webhooks.release();
  await until('nothing waits', async () => (await waiting()) === 0, 20_000);
  await quietFor(500);
  expect(bubblesTo(filePsid)).toEqual(['offer.pdf']);
  for (const kind of kinds) expect(bubblesTo(psidOf(kind))).toEqual(['first', 'second']);
  const notes = product.zendesk.tickets().flatMap(({ comments }) => comments.filter((comment) => !comment.public));
  expect(notes).toEqual([]);
}, 30_000);

test('an agent who answers on a ticket before its creation was answered is heard once it is known', async () => {
  const psid = '620000';
  product.zendesk.inject({ kind: 'timeout-after', method: 'POST', path: '/tickets', times: 1, delayMs: 1_500 });
  product.messenger.addCustomer({ psid, name: 'Early' });
  await product.messenger.customerSends(psid, { type: 'text', text: 'Hello?' });
  const { id } = await until('a ticket', () => ticketOf(psid));
  await product.zendesk.agentComments(id, { text: 'at once', public: true });
  await until('the answer, without waiting for the changes to be read', () => bubblesTo(psid).length > 0, 20_000);
  expect(bubblesTo(psid)).toEqual(['at once']);
  expect(product.zendesk.tickets().filter(({ requester }) => requester.name === 'Early')).toHaveLength(1);
}, 30_000);
