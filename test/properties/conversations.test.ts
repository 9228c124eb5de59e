import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ZendeskTicketView } from '../../src/sandbox/contract.ts';
import { deliver as hook } from '../support/meta-webhook.ts';
import { metric } from '../support/metric.ts';
import { messengerAccount, type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
  product.zendesk.setRateLimit(1_000_000);
});
afterAll(() => product?.stop());

/** The first failure is told as it is: making it smaller would need the product for minutes. */
const runs = (numRuns: number) => ({ numRuns, endOnFailure: true });

let people = 0;
/** Somebody who never wrote before, so that one product serves all runs. */
function newCustomer(): string {
  const psid = `80${String(people++).padStart(6, '0')}`;
  product.messenger.addCustomer({ psid, name: `Customer ${psid}` });
  return psid;
}

const ticketsOf = (psid: string): ZendeskTicketView[] =>
  product.zendesk.tickets().filter((ticket) => ticket.requester.externalId === `messenger:acme-page:${psid}`);

// ---- Customers write ----------------------------------------------------------------------------------------------

/** A message of the `who`th customer, `age` ms old. */
interface Planned {
  who: number;
  age: number;
}

const planned = fc.record<Planned>({
  who: fc.nat({ max: 2 }),
  // Often within the same millisecond, sometimes long ago.
  age: fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 5_000 }), fc.integer({ min: 3_000_000, max: 9_000_000 })),
});

/** Messages by their place in the list, cut into webhooks; some webhooks leave together; some come again. */
const deliveries = fc.array(planned, { minLength: 1, maxLength: 10 }).chain((messages) =>
  fc.record({
    messages: fc.constant(messages),
    order: fc.shuffledSubarray(
      messages.map((_, i) => i),
      { minLength: messages.length },
    ),
    repeats: fc.array(fc.nat({ max: messages.length - 1 }), { maxLength: 5 }),
    sizes: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 }),
    together: fc.integer({ min: 1, max: 3 }),
    pause: fc.constantFrom(0, 0, 30),
  }),
);

const cut = <T>(list: readonly T[], sizes: readonly number[]): T[][] => {
  const rest = [...list];
  return Array.from({ length: list.length }, (_, i) => rest.splice(0, sizes[i % sizes.length]!)).filter(
    (piece) => piece.length > 0,
  );
};

interface Sent {
  psid: string;
  at: number;
  words: string;
  /** When its first delivery left, and when the first was answered 200; its place in that webhook. */
  leftAt: number;
  takenAt: number;
  place: number;
}

async function deliver(sent: Sent[], item: (message: Sent) => unknown): Promise<void> {
  const leftAt = performance.now();
  const answer = await hook(product.url, sent.map(item));
  expect(answer.status).toBe(200);
  const takenAt = performance.now();
  for (const [place, message] of sent.entries()) {
    if (leftAt < message.leftAt) Object.assign(message, { leftAt, place });
    message.takenAt = Math.min(message.takenAt, takenAt);
  }
}

const itemOf = ({ psid, at, words }: Sent) => ({
  sender: { id: psid },
  recipient: { id: messengerAccount.pageId },
  timestamp: at,
  message: { mid: `m_${words}`, text: words },
});

/** Whether `a` must stand before `b`: it is no later by the platform's time and was there when `b` came. */
function mustPrecede(a: Sent, b: Sent): boolean {
  const together = a.leftAt === b.leftAt && a.takenAt === b.takenAt;
  if (together) return a.at < b.at || (a.at === b.at && a.place < b.place);
  return a.at <= b.at && a.takenAt < b.leftAt;
}

/** The customer's words on the ticket, in order. */
const wordsOn = (ticket: ZendeskTicketView): string[] =>
  ticket.comments.filter((comment) => comment.public).flatMap(({ body }) => body.match(/«[^»]*»/g) ?? []);

test('however webhooks come: one open ticket a conversation, each message once, in the order that could be known', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(deliveries, async ({ messages, order, repeats, sizes, together, pause }) => {
      run += 1;
      const psids = [newCustomer(), newCustomer(), newCustomer()];
      const now = Date.now();
      const sent = messages.map(
        ({ who, age }, i): Sent => ({
          psid: psids[who]!,
          at: now - age,
          words: `«${run}-${i}»`,
          leftAt: Number.POSITIVE_INFINITY,
          takenAt: Number.POSITIVE_INFINITY,
          place: 0,
        }),
      );
      const webhooks = cut([...order, ...repeats], sizes).map((indices) => [...new Set(indices)].map((i) => sent[i]!));
      for (const group of cut(webhooks, [together])) {
        await Promise.all(group.map((webhook) => deliver(webhook, itemOf)));
        if (pause > 0) await new Promise((next) => setTimeout(next, pause));
      }
      await until('all on tickets', () =>
        sent.every(({ psid, words }) => ticketsOf(psid).some((ticket) => wordsOn(ticket).includes(words))),
      );
      for (const psid of psids) {
        const own = sent.filter((message) => message.psid === psid);
        if (own.length === 0) {
          expect(ticketsOf(psid)).toEqual([]);
          continue;
        }
        const [ticket, ...others] = ticketsOf(psid);
        expect(others).toEqual([]);
        const words = wordsOn(ticket!);
        expect([...words].sort()).toEqual(own.map((message) => message.words).sort());
        const misplaced = own.flatMap((a) =>
          own
            .filter((b) => a !== b && mustPrecede(a, b) && words.indexOf(a.words) > words.indexOf(b.words))
            .map((b) => ({ first: a, second: b })),
        );
        expect(misplaced).toEqual([]);
      }
    }),
    runs(25),
  );
}, 90_000);

// ---- Agents answer ------------------------------------------------------------------------------------------------

async function opened(): Promise<{ psid: string; ticket: number }> {
  const psid = newCustomer();
  await product.messenger.customerSends(psid, { type: 'text', text: 'Hello?' });
  const ticket = await until('a ticket', () => ticketsOf(psid)[0]);
  return { psid, ticket: ticket.id };
}

const bubblesTo = (psid: string) =>
  product.messenger
    .threads()
    .find((thread) => thread.psid === psid)!
    .bubbles.filter(({ from }) => from === 'page');

interface Said {
  public: boolean;
  html: boolean;
  agent: 'alice' | 'bob';
  file: boolean;
  pause: number;
}

const said = fc.record<Said>({
  public: fc.boolean(),
  html: fc.boolean(),
  agent: fc.constantFrom('alice', 'bob'),
  file: fc.boolean(),
  pause: fc.constantFrom(0, 0, 5, 120),
});

test('whatever the mix of answers and notes: exactly the answers arrive, once and in order, and nothing of a note', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(said, { minLength: 1, maxLength: 7 }),
      fc.integer({ min: 1, max: 3 }),
      async (all, copies) => {
        const { psid, ticket } = await opened();
        product.zendesk.webhooks.copies = copies;
        const expected: string[] = [];
        for (const [i, { public: isPublic, html, agent, file, pause }] of all.entries()) {
          const words = `${isPublic ? 'ANSWER' : 'NOTE'} ${psid}-${i}`;
          const name = `${isPublic ? 'ANSWER' : 'NOTE'}-${psid}-${i}.txt`;
          const files = file ? [{ name, contentType: 'text/plain', bytes: Buffer.from(words) }] : [];
          await product.zendesk.agentComments(ticket, {
            ...(html ? { html: `<p><b>${words}</b></p>` } : { text: words }),
            public: isPublic,
            agent,
            files,
          });
          if (isPublic) expected.push(words, ...(file ? [name] : []));
          if (pause > 0) await new Promise((next) => setTimeout(next, pause));
        }
        const shown = () => bubblesTo(psid).map(({ text, attachments }) => text ?? attachments[0]?.name);
        await until('all answers', () => shown().length >= expected.length);
        await until('all settled', async () => (await openParts(psid)) === 0);
        expect(shown()).toEqual(expected);
        await until('all in history', async () => (await backlogOf('crm:acme-salesforce')) === 0);
        const outside = JSON.stringify([product.messenger.threads(), product.salesforce.records('Task')]);
        expect(outside).not.toContain(`NOTE ${psid}`);
        expect(outside).not.toContain(`NOTE-${psid}`);
      },
    ),
    runs(15),
  );
  product.zendesk.webhooks.copies = 1;
}, 90_000);

const backlogOf = (target: string) => metric(product.url, 'passerelle_backlog', { target });

async function conversationOf(psid: string): Promise<number> {
  const row = await product.db
    .selectFrom('conversations')
    .select('id')
    .where('platform_user', '=', psid)
    .executeTakeFirstOrThrow();
  return row.id;
}

const partsOf = async (psid: string) =>
  product.db
    .selectFrom('reply_parts')
    .select(['id', 'state', 'platform_id', 'sent_at'])
    .where('conversation', '=', await conversationOf(psid))
    .orderBy('id')
    .execute();

const openParts = async (psid: string) =>
  (await partsOf(psid)).filter(({ state }) => state === 'waiting' || state === 'sending').length;

// ---- Receipts -----------------------------------------------------------------------------------------------------

const ranks = ['waiting', 'sending', 'sent', 'delivered', 'read'];

interface Receipt {
  kind: 'delivery' | 'read';
  /** By the ids of these bubbles; without any, by watermark alone. */
  of: number[];
  /** The watermark is this bubble's time, give or take. */
  upTo: number;
  shift: number;
}

const receipt = fc.record<Receipt>({
  kind: fc.constantFrom('delivery', 'read'),
  of: fc.uniqueArray(fc.nat({ max: 2 }), { maxLength: 3 }),
  upTo: fc.nat({ max: 2 }),
  shift: fc.constantFrom(0, 1, -60_000),
});

test('receipts in whatever order, with whatever repeats: what is read stays read, and nothing is delivered that was not', async () => {
  const { psid, ticket } = await opened();
  await fc.assert(
    fc.asyncProperty(fc.array(receipt, { minLength: 1, maxLength: 6 }), async (receipts) => {
      const before = bubblesTo(psid).length;
      for (const n of [1, 2, 3]) await product.zendesk.agentComments(ticket, { text: `part ${n}`, public: true });
      await until('three bubbles', () => bubblesTo(psid).length === before + 3);
      const bubbles = bubblesTo(psid).slice(before);
      const states = async () => {
        const found = await partsOf(psid);
        return bubbles.map(({ mid }) => found.find(({ platform_id }) => platform_id === mid)?.state ?? 'waiting');
      };
      let known = await states();
      for (const each of receipts) {
        await post(psid, bubbles, each);
        const next = await states();
        for (const [i, state] of next.entries()) {
          expect(ranks.indexOf(state)).toBeGreaterThanOrEqual(ranks.indexOf(known[i]!));
        }
        known = next;
      }
      const readUpTo = Math.max(...receipts.map((each) => readTime(bubbles, each)));
      const last = await states();
      for (const [i, { at }] of bubbles.entries()) {
        if (at.getTime() <= readUpTo) expect(last[i]).toBe('read');
        else expect(last[i]).not.toBe('read');
      }
    }),
    runs(15),
  );
}, 90_000);

/** Up to when a receipt says that all was read. */
const readTime = (bubbles: readonly { at: Date }[], { kind, upTo, shift }: Receipt): number =>
  kind === 'read' ? bubbles[upTo]!.at.getTime() + shift : 0;

async function post(psid: string, bubbles: readonly { mid: string; at: Date }[], each: Receipt): Promise<void> {
  const watermark = bubbles[each.upTo]!.at.getTime() + each.shift;
  const what =
    each.kind === 'read'
      ? { read: { watermark } }
      : { delivery: { watermark, mids: each.of.map((i) => bubbles[i]!.mid) } };
  const item = { sender: { id: psid }, recipient: { id: messengerAccount.pageId }, timestamp: Date.now(), ...what };
  await hook(product.url, [item]);
  await until('it is taken in', async () => {
    const waiting = await product.db
      .selectFrom('events')
      .select('id')
      .where('platform_user', '=', psid)
      .where('applied_at', 'is', null)
      .execute();
    return waiting.length === 0;
  });
}
