import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Figures, Overview } from '../../src/console/wire/overview.ts';
import { countFigures } from '../../src/store/figures.ts';
import { consoleAdmin, consoleClient } from '../support/console.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

let product: Product;
let browser: ReturnType<typeof consoleClient>;

beforeAll(async () => {
  product = await startProduct({ settings: { console: { admins: [consoleAdmin] } } });
  browser = consoleClient(product.url);
  await browser.signIn();
});
afterAll(() => product?.stop());

const overview = async () => (await browser.get('/overview')).body as Overview;
const figures = async (range: string) => (await browser.get(`/overview/figures?range=${range}`)).body as Figures;
const sum = (drawn: Figures, what: 'in' | 'out' | 'done' | 'parked') =>
  drawn.steps.reduce((all, step) => all + step[what], 0);

test('messages, their way to the ticket and the answer are counted, in every range', async () => {
  product.messenger.addCustomer({ psid: '71', name: 'Ada' });
  for (const text of ['one', 'two', 'three']) await product.messenger.customerSends('71', { type: 'text', text });
  await until('history is written', async () => {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from deliveries where state = 'done'`.execute(
      product.db,
    );
    return rows[0]!.n === 6;
  });
  const [ticket] = product.zendesk.tickets();
  await product.zendesk.agentComments(ticket!.id, { text: 'Hello Ada', public: true });
  await until('it is sent', () =>
    product.db
      .selectFrom('reply_parts')
      .select('id')
      .where('state', '<>', 'waiting')
      .where('state', '<>', 'sending')
      .executeTakeFirst(),
  );
  await until('it is counted', async () => {
    await countFigures(product.db, new Date());
    return (await figures('1h')).replies.length > 0;
  });
  for (const range of ['1h', '24h', '7d', '30d']) {
    const drawn = await figures(range);
    expect([range, sum(drawn, 'in'), sum(drawn, 'out')]).toEqual([range, 3, 1]);
    expect(drawn.accounts).toEqual([{ account: 'acme-page', in: 3, out: 1 }]);
    expect(drawn.deliveries.find(({ target }) => target === 'helpdesk:acme-zendesk')?.done).toBe(3);
    expect(drawn.toTicket.half).toBeGreaterThan(0);
    expect(drawn.replies.reduce((all, { n }) => all + n, 0)).toBe(1);
  }
  const lengths = await Promise.all(
    ['1h', '24h', '7d', '30d'].map(async (range) => (await figures(range)).steps.length),
  );
  expect(lengths).toEqual([60, 24, 28, 30]);
});

test('counting again changes nothing, and what came while nobody counted is counted later', async () => {
  await sql`insert into messages (conversation, kind, author, parts, occurred_at, received_at)
    select (select id from conversations limit 1), 'said', 'customer', '[]', t, t
    from generate_series(now() - interval '6 days', now() - interval '2 days', interval '1 hour') t`.execute(
    product.db,
  );
  const before = sum(await figures('7d'), 'in');
  await product.db
    .updateTable('figures_counted')
    .set({ until: new Date(Date.now() - 10 * 86_400_000) })
    .execute();
  await until('it is counted', async () => {
    await countFigures(product.db, new Date());
    return sum(await figures('7d'), 'in') === before + 97;
  });
  await countFigures(product.db, new Date());
  await Promise.all([countFigures(product.db, new Date()), countFigures(product.db, new Date())]);
  expect(sum(await figures('7d'), 'in')).toBe(before + 97);
  expect(sum(await figures('24h'), 'in')).toBe(3);
});

test('what needs a person and which targets are paused is told', async () => {
  expect((await overview()).needs).toMatchObject({ parkedMessages: 0, questions: 0, brokenAccounts: 0 });
  await sql`insert into target_states (target, state, reason) values ('helpdesk:acme-zendesk', 'broken', 'the token died')`.execute(
    product.db,
  );
  await sql`update deliveries set state = 'parked', ended_at = now() where message = (select min(message) from deliveries)
    and target = 'helpdesk:acme-zendesk'`.execute(product.db);
  const now = await overview();
  expect(now.needs).toMatchObject({ parkedMessages: 1, brokenAccounts: 1 });
  expect(now.paused).toMatchObject([{ target: 'helpdesk:acme-zendesk', state: 'broken', reason: 'the token died' }]);
});

test('a range that does not exist is refused with a word on what does', async () => {
  expect(await browser.get('/overview/figures?range=1y')).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining('query.range') },
  });
});

test('open pages are told which tables were written to', async () => {
  const stopped = new AbortController();
  const response = await fetch(`${product.url}/console/api/live`, {
    headers: { cookie: browser.cookie() },
    signal: stopped.signal,
  });
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let heard = '';
  const listening = (async () => {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      heard += value;
    }
  })().catch(() => undefined);
  await until('it is open', () => heard.includes('event: open'));
  // What is written before the first look is no change.
  await new Promise((next) => setTimeout(next, 1_500));
  product.messenger.addCustomer({ psid: '72', name: 'Bob' });
  await product.messenger.customerSends('72', { type: 'text', text: 'Hello' });
  await until('the page hears of it', () => /event: changed\ndata: .*"messages"/.test(heard));
  stopped.abort();
  await listening;
});
