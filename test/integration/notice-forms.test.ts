import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seconds } from '../../src/domain/duration.ts';
import type { Order } from '../../src/domain/order.ts';
import { type ToldOrderEvent, takeInOrderEvent } from '../../src/flows/take-in-order-event.ts';
import { silentLog } from '../../src/kit/log.ts';
import { openWaker, type Waker } from '../../src/queue/queue.ts';
import * as sandboxes from '../../src/sandbox/channels.ts';
import type { Bubble, ChannelSandbox } from '../../src/sandbox/contract.ts';
import { recordConsent } from '../../src/store/consents.ts';
import { learnFacts } from '../../src/store/facts.ts';
import { triesOf } from '../../src/store/notice-tries.ts';
import { noticeById } from '../../src/store/notices.ts';
import { type ChannelsProduct, startChannelsProduct } from '../support/channel-product.ts';
import { until } from '../support/until.ts';

const played = Object.values<ChannelSandbox>(sandboxes);
let product: ChannelsProduct;
let waker: Waker;
let texts: string;
beforeAll(async () => {
  texts = await mkdtemp(join(tmpdir(), 'passerelle-notice-forms-'));
  await mkdir(join(texts, 'order.shipped'));
  await writeFile(join(texts, 'order.shipped', 'zh.liquid'), inChinese);
  product = await startChannelsProduct(played, {}, undefined, { notices: { texts } });
  waker = await openWaker(product.databaseUrl, silentLog);
  product.zendesk.setRateLimit(1_000_000);
});
afterAll(async () => {
  await waker?.stop(seconds(1));
  await product?.stop();
  await rm(texts, { recursive: true, force: true });
});

/** WeChat's templates are the account's own, by their titles, so that none comes along. */
const inChinese = `---
templates:
  wechat:
    name: Order shipped
    language: zh_CN
    parameters: ["{{ order.number }}", "{{ tracking.carrier }}"]
---
您的订单 {{ order.number }} 已发货。
`;

const order: Order = {
  ...{ number: 'NW-1', url: 'https://shop.example/o/NW-1', currency: 'EUR', paymentMethod: 'Visa 4242' },
  lines: [{ title: 'Wool hat', quantity: 2, price: 4_950, pictureUrl: 'https://shop.example/hat.jpg' }],
  ...{ subtotal: 9_900, shipping: 950, total: 10_850 },
  shippingAddress: { name: 'Ida Berg', street1: 'Storgata 1', city: 'Oslo', postalCode: '0155', country: 'NO' },
  tracking: { number: 'PN1', carrier: 'PostNord', url: 'https://track.example/PN1' },
};
const pdf = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n');

/** Somebody who wrote by this channel, whom the shop knows and who agreed to hear of their orders there. */
async function customerOf(sandbox: ChannelSandbox, n: number): Promise<{ user: string; id: string }> {
  const { platform } = platformOf(sandbox);
  const user = sandbox.user(n);
  platform.addCustomer({ user, name: 'Ida Berg' });
  await platform.customerSends(user, { type: 'text', text: 'Hello' });
  const row = await until('the conversation', () =>
    product.db.selectFrom('conversations').selectAll().where('platform_user', '=', user).executeTakeFirst(),
  );
  const id = `C-${sandbox.kind}-${n}`;
  const at = new Date();
  await learnFacts(
    product.db,
    row.customer,
    [{ kind: 'shop-customer', value: id, evidence: 'shop-api', by: 'shop:acme' }],
    { at },
  );
  const consent = { customer: row.customer, channel: sandbox.kind, purpose: 'order-updates', act: 'granted' } as const;
  await product.db.transaction().execute((tx) => recordConsent(tx, { ...consent, source: 'api', at, by: 'shop:acme' }));
  return { user, id };
}

const platformOf = (sandbox: ChannelSandbox) => product.played.find((each) => each.sandbox === sandbox)!;

async function tell(told: Omit<ToldOrderEvent, 'shop'>): Promise<number> {
  const taken = await product.db
    .transaction()
    .execute((tx) => takeInOrderEvent(tx, { queue: waker }, { shop: 'acme', ...told }));
  if (taken.result !== 'taken') throw new Error(JSON.stringify(taken));
  return taken.notice!;
}

async function ended(id: number) {
  const notice = await until(
    `notice ${id} to end`,
    async () => {
      const found = await noticeById(product.db, id);
      return found && !['waiting', 'sending'].includes(found.state) ? found : undefined;
    },
    30_000,
  );
  return { ...notice, tries: await triesOf(product.db, id) };
}

const said = (sandbox: ChannelSandbox, user: string): Bubble[] =>
  platformOf(sandbox)
    .platform.threads()
    .find((thread) => thread.user === user)!
    .bubbles.filter(({ from }) => from === 'page');

/** What the last bubbles are, in a form that reads well. */
const forms = (bubbles: readonly Bubble[]): string[] =>
  bubbles.map(({ text, attachments: [file], choices }) =>
    [file?.type && `${file.type}:${file.name ?? ''}`, text, ...(choices ?? []).map((each) => `[${each}]`)]
      .filter(Boolean)
      .join(' | '),
  );

const shippedTo: Record<string, RegExp> = {
  messenger:
    /^template:generic \| Your order is on its way\nOrder S-1 has left us with PostNord\. \| \[Track it] \| \[See the order] \| \[Contact us]$/,
  instagram: /^template:generic \| Your order is on its way\n.* \| \[Track it] \| \[See the order] \| \[Contact us]$/,
  whatsapp: /^Your order is on its way\nOrder S-1.*\nTrack it: https:\/\/track\.example\/PN1\n.*\n\[Contact us]$/,
  line: /^Your order is on its way\nOrder S-1 has left us with PostNord\. \| \[Track it] \| \[See the order] \| \[Contact us]$/,
  wechat: /^Your order is on its way\nOrder S-1.*\nTrack it: https:\/\/track\.example\/PN1/,
  sms: /^Shop: order S-1 is on its way with PostNord\. https:\/\/track\.example\/PN1$/,
  telegram: /^Your order is on its way\nOrder S-1 has left us with PostNord\./,
};
const receiptOn: Record<string, RegExp> = {
  messenger: /^template:receipt \| Receipt S-1\n2 × Wool hat 49\.5\nTotal 108\.5 EUR$/,
  line: /^Receipt for order S-1 \(Visa 4242\)/,
  sms: /^Shop: receipt for order S-1, €108\.50\./,
};

test.each(played.map((sandbox) => [sandbox.kind, sandbox] as const))(
  '%s shows a shipped order, a receipt and an invoice as it can',
  async (kind, sandbox) => {
    const { user, id } = await customerOf(sandbox, 41);
    const before = said(sandbox, user).length;
    const about = { order: { ...order, number: 'S-1' }, customer: { customerId: id } };
    const shop = `acme-${kind}`;
    const tellOf = (type: ToldOrderEvent['type'], more = {}) => tell({ ...about, type, ...more, shop } as never);
    expect(await ended(await tellOf('order.shipped'))).toMatchObject({
      state: expect.stringMatching(/sent|delivered|read/),
    });
    expect(forms(said(sandbox, user).slice(before))[0]).toMatch(shippedTo[kind]!);
    await ended(await tellOf('order.receipt'));
    expect(forms(said(sandbox, user)).at(-1)).toMatch(
      receiptOn[kind] ?? /Receipt for order S-1 \(Visa 4242\)\n2 × Wool hat: €99\.00\n\nTotal: €108\.50/,
    );
    const file = { name: 'invoice-1.pdf', contentType: 'application/pdf', bytes: pdf };
    const invoice = await ended(await tellOf('order.invoice', { file }));
    expect(invoice).toMatchObject({ state: expect.stringMatching(/sent|delivered|read/) });
    const [words] = said(sandbox, user).slice(-2);
    expect(words?.text).toMatch(/Here is the invoice for order S-1/);
    // Some platforms fetch a file after they took the message.
    const shown = () => JSON.stringify(said(sandbox, user).at(-1));
    await until('the file', () => /invoice-1\.pdf|file:|media|application\/pdf/.test(shown()));
  },
  60_000,
);

test('after the window it goes as the template that its text names; a document stands at its head', async () => {
  const french = (number: string) => `Votre commande ${number} est en route avec PostNord (PN1).`;
  const ways = [
    ['messenger', 'fr', french],
    ['whatsapp', 'fr', french],
    ['wechat', 'zh', (number: string) => `Order shipped\nOrder: ${number}\nCarrier: PostNord`],
  ] as const;
  for (const [kind, language, expected] of ways) {
    const sandbox = played.find((each) => each.kind === kind)!;
    const { user, id } = await customerOf(sandbox, 42);
    platformOf(sandbox).platform.ageLastContact(user, 50 * 3_600_000);
    await product.db
      .updateTable('conversations')
      .set({ last_customer_at: new Date(Date.now() - 50 * 3_600_000) })
      .where('platform_user', '=', user)
      .execute();
    const about = { customer: { customerId: id }, language };
    const notice = await ended(
      await tell({ ...about, type: 'order.shipped', order: { ...order, number: `T-${kind}` } }),
    );
    expect(notice.tries.map(({ form, state }) => [form, state])).toEqual([['utility', expect.stringMatching(/sent/)]]);
    expect(said(sandbox, user).at(-1)?.text).toBe(expected(`T-${kind}`));
    if (kind !== 'whatsapp') continue;
    const file = { name: 'facture.pdf', contentType: 'application/pdf', bytes: pdf };
    await ended(await tell({ ...about, type: 'order.invoice', order: { number: `T-${kind}` }, file }));
    expect(said(sandbox, user).at(-1)?.text).toBe('[document]\nLa facture de la commande T-whatsapp.');
  }
}, 60_000);
