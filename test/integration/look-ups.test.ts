import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fault } from '../../src/sandbox/simulator.ts';
import { metric } from '../support/metric.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

/**
 * The answer to a write is lost, and the look-up that would tell what became of it fails as well, at first: it is looked
 * up until it is known, never guessed. Each write goes through its cases one after the other, the writes side by side.
 */
const cases: readonly [lost: Fault['kind'], lookUp: Fault['kind']][] = [
  ['timeout-after', '500'],
  ['reset-after', 'timeout-before'],
  ['500-after', 'reset-before'],
  ['timeout-before', '503'],
  ['reset-before', '429'],
];

interface Write {
  platform: 'zendesk' | 'messenger';
  lost: Omit<Fault, 'kind'>;
  lookUp: Pick<Fault, 'method' | 'path'>;
  /** The customer has a ticket before. */
  open: boolean;
  act(product: Product, psid: string): Promise<unknown>;
  /** What there is of it to see, which must be one. */
  seen(product: Product, psid: string): number;
}

const ticketsOf = ({ zendesk }: Product, psid: string) =>
  zendesk.tickets().filter(({ requester }) => requester.externalId === `messenger:acme-page:${psid}`);
const says = ({ messenger }: Product, psid: string, text: string) =>
  messenger.customerSends(psid, { type: 'text', text });
const comments = (product: Product, psid: string, text: string) =>
  ticketsOf(product, psid).flatMap((ticket) => ticket.comments.filter(({ body }) => body.includes(text))).length;

const writes: Record<string, Write> = {
  'a ticket': {
    platform: 'zendesk',
    lost: { method: 'POST', path: '/api/v2/tickets', times: 1 },
    lookUp: { method: 'GET', path: '/api/v2/tickets.json' },
    open: false,
    act: (product, psid) => says(product, psid, 'the first'),
    seen: (product, psid) => comments(product, psid, 'the first'),
  },
  'a comment': {
    platform: 'zendesk',
    lost: { method: 'PUT', path: '/tickets/', times: 1 },
    lookUp: { method: 'GET', path: '/audits' },
    open: true,
    act: (product, psid) => says(product, psid, 'the second'),
    seen: (product, psid) => comments(product, psid, 'the second'),
  },
  'a bubble': {
    platform: 'messenger',
    // Seen and typing go first.
    lost: { method: 'POST', path: '/messages', times: 3 },
    lookUp: { method: 'GET', path: '/conversations' },
    open: true,
    act: (product, psid) =>
      product.zendesk.agentComments(ticketsOf(product, psid)[0]!.id, { text: 'an answer', public: true }),
    seen: ({ messenger }, psid) =>
      messenger
        .threads()
        .find((thread) => thread.psid === psid)!
        .bubbles.filter(({ text }) => text === 'an answer').length,
  },
};

const names = Object.keys(writes);
const psidOf = (name: string, n: number) => `64${names.indexOf(name)}00${n}`;
const products = new Map<string, Product>();
const playing = new Map<string, Promise<void>>();

beforeAll(async () => {
  const [desk, chat] = await Promise.all([startProduct(), startProduct()]);
  for (const name of names) products.set(name, writes[name]!.platform === 'zendesk' ? desk : chat);
  for (const product of [desk, chat]) product.zendesk.setRateLimit(1_000_000);
  const open = names.filter((name) => writes[name]!.open);
  await Promise.all(open.flatMap((name) => cases.map((_, n) => openTicket(name, n))));
  // The echo must not tell what the look-up is to find.
  chat.messenger.webhooks.holdAndReverse = true;
  for (const name of names) playInTurn(name);
}, 60_000);
afterAll(() => Promise.all([...new Set(products.values())].map((product) => product.stop())));

function playInTurn(name: string): void {
  let before: Promise<unknown> = Promise.resolve();
  for (const n of cases.keys()) {
    const played = before.then(() => play(name, n));
    playing.set(`${name} ${n}`, played);
    before = played.catch(() => undefined);
  }
}

async function openTicket(name: string, n: number): Promise<void> {
  const product = products.get(name)!;
  const psid = psidOf(name, n);
  product.messenger.addCustomer({ psid, name: `Customer ${psid}` });
  await says(product, psid, 'Hello?');
  await until('a ticket', () => ticketsOf(product, psid).length > 0, 50_000);
}

async function play(name: string, n: number): Promise<void> {
  const [product, write, psid] = [products.get(name)!, writes[name]!, psidOf(name, n)];
  const [lost, lookUp] = cases[n]!;
  if (!write.open) product.messenger.addCustomer({ psid, name: `Customer ${psid}` });
  const simulator = product[write.platform];
  // Meta counts in minutes: one would be waited out.
  const retryAfter = write.platform === 'messenger' ? 0 : 1;
  simulator.inject({ kind: lost, ...write.lost, delayMs: 300 });
  simulator.inject({ kind: lookUp, ...write.lookUp, times: 1, delayMs: 300, retryAfter });
  await write.act(product, psid);
  await until('the answer is lost', () => !waits(simulator, write.lost), 60_000);
  await until('the look-up fails', () => !waits(simulator, write.lookUp), 60_000);
  await until('it is there', () => write.seen(product, psid) > 0, 30_000);
}

const waits = ({ faults }: Product['zendesk' | 'messenger'], { method, path }: Pick<Fault, 'method' | 'path'>) =>
  faults().some((fault) => fault.method === method && fault.path === path);

describe.each(names)('%s', (name) => {
  test.each(cases.map(([lost, lookUp], n) => [lost, lookUp, n] as const))(
    'lost by %s, looked up in vain by %s: it is there once',
    async (_, __, n) => {
      await playing.get(`${name} ${n}`);
      expect(writes[name]!.seen(products.get(name)!, psidOf(name, n))).toBe(1);
    },
    240_000,
  );
});

test('when all is settled nothing waits, nobody was told of a failure, and still everything is there once', async () => {
  for (const product of new Set(products.values())) {
    await until('no backlog', async () => (await metric(product.url, 'passerelle_backlog')) === 0, 60_000);
    const notes = product.zendesk.tickets().flatMap((ticket) => ticket.comments.filter((comment) => !comment.public));
    expect(notes.map(({ body }) => body)).toEqual([]);
  }
  for (const name of names) {
    const seen = [...cases.keys()].map((n) => writes[name]!.seen(products.get(name)!, psidOf(name, n)));
    expect([name, seen]).toEqual([name, cases.map(() => 1)]);
  }
}, 90_000);
