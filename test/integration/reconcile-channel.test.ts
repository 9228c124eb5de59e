import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reconcileFor } from '../../src/main.ts';
import { envelope, signed } from '../support/meta-webhook.ts';
import { metric } from '../support/metric.ts';
import { messengerAccount, type Product, startProduct } from '../support/product.ts';
import { until as within } from '../support/until.ts';

let product: Product;
let url: string;
beforeAll(async () => {
  product = await startProduct({ settings: { reconcile: { every: '1s' } } });
  url = product.url;
});
afterAll(() => product?.stop());

/** The service looks every second; on a busy machine that takes its time. */
const until: typeof within = (what, probe) => within(what, probe, 40_000);
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const ticketOf = (psid: string) =>
  product.zendesk.tickets().find(({ requester }) => requester.externalId?.endsWith(`:${psid}`));
const bodiesOf = (psid: string) => ticketOf(psid)?.comments.map(({ body }) => body) ?? [];
const reports = () => product.db.selectFrom('reconciliations').selectAll().orderBy('id').execute();
/** As if the service had last looked so long ago. */
const lastLooked = (minutes: number) =>
  product.db
    .updateTable('reconciliations')
    .set({ to_at: minutesAgo(minutes) })
    .execute();
const subscribedFields = async () => {
  const proof = createHmac('sha256', messengerAccount.appSecret).update(messengerAccount.pageToken).digest('hex');
  const query = `access_token=${messengerAccount.pageToken}&appsecret_proof=${proof}`;
  const answer = await fetch(`${product.messenger.url}/v26.0/555/subscribed_apps?${query}`);
  const { data } = (await answer.json()) as { data: { subscribed_fields: string[] }[] };
  return data[0]?.subscribed_fields ?? [];
};
const picture = { name: 'crack.png', contentType: 'image/png', bytes: Buffer.from('89504e470d0a1a0a', 'hex') };

test('what customers wrote while the service was down is there after the start: once, in order, said to be late', async () => {
  const { messenger, db } = product;
  messenger.addCustomer({ psid: '100', name: 'Ida' });
  messenger.addCustomer({ psid: '101', name: 'Ole' });
  await messenger.customerSends('100', { type: 'text', text: 'before' });
  await until('a ticket', () => ticketOf('100'));
  await until('a first comparison', async () => (await reports()).some((report) => report.ended_at));

  await product.stopService();
  await lastLooked(45);
  messenger.webhooks.unsubscribeAfter = 1;
  for (const [i, text] of ['one', 'two', 'three'].entries())
    await messenger.customerSends('100', { type: 'text', text }, { at: minutesAgo(40 - i) });
  const lastAct = minutesAgo(29);
  const mid = await messenger.customerSends('101', { type: 'image', files: [picture] }, { at: minutesAgo(30) });
  const tapped = await messenger.customerSends(
    '101',
    { type: 'postback', title: 'Buy', payload: 'BUY' },
    { at: lastAct },
  );
  url = await product.startAgain();

  await until('all of it', () => bodiesOf('100').join().includes('three') && bodiesOf('101').join().includes('Buy'));
  const late = /\(sent \S+ \S+ UTC, arrived late: no webhook came, it was found in the platform's history\)/g;
  expect(bodiesOf('100').join('\n').replaceAll(late, '').match(/\w+/g)).toEqual(['before', 'one', 'two', 'three']);
  expect(bodiesOf('100').join('\n').match(late)).toHaveLength(3);
  expect(bodiesOf('101').join('\n').match(late)).toHaveLength(2);
  await until('the picture', () => ticketOf('101')!.comments.some(({ attachments }) => attachments.length === 1));
  expect(ticketOf('101')!.comments.flatMap(({ attachments }) => attachments)).toMatchObject([{ name: 'crack.png' }]);
  const window = await db.selectFrom('conversations').selectAll().where('platform_user', '=', '101').executeTakeFirst();
  expect(Math.abs(window!.last_customer_at!.getTime() - lastAct.getTime())).toBeLessThan(1_000);
  expect(await metric(url, 'passerelle_recovered_total', { channel: 'messenger' })).toBe(5);
  expect((await reports()).filter(({ recovered }) => recovered > 0)).toMatchObject([{ recovered: 5, missed: 0 }]);

  // Their webhooks come after all.
  const at = minutesAgo(30).getTime();
  const tap = {
    ...{ sender: { id: '101' }, recipient: { id: '555' } },
    timestamp: +lastAct,
    postback: { mid: tapped, title: 'Buy', payload: 'BUY' },
  };
  const told = { sender: { id: '101' }, recipient: { id: '555' }, timestamp: at, message: { mid, text: 'again' } };
  const hook = `${url}/webhooks/messenger/acme-page`;
  expect((await fetch(hook, signed(envelope([told, tap]), messengerAccount.appSecret))).status).toBe(200);
  await until('a repeat', async () => (await metric(url, 'passerelle_events_total', { outcome: 'repeat' })) === 1);
  await until(
    'all applied',
    async () => !(await db.selectFrom('events').select('id').where('applied_at', 'is', null).executeTakeFirst()),
  );
  await messenger.customerReacts('101', mid, '❤');
  await until('something after them', () => bodiesOf('101').join().includes('reacted'));
  expect(bodiesOf('101').join()).not.toContain('again');
  expect(bodiesOf('101').join().match(/Buy/g)).toHaveLength(1);
});

test('an app that Meta unsubscribed is subscribed again; what it had beside is kept', async () => {
  const { messenger } = product;
  messenger.webhooks.unsubscribeAfter = Number.POSITIVE_INFINITY;
  messenger.unsubscribe();
  await until('subscribed', async () => (await subscribedFields()).includes('messages'));
  messenger.unsubscribe('message_echoes');
  await until('echoes', async () => (await subscribedFields()).includes('message_echoes'));
  await messenger.customerSends('100', { type: 'text', text: 'Heard again' });
  await until('the ticket', () => bodiesOf('100').includes('Heard again'));
});

test('without the permission to subscribe, the operator is told what to do, and the history covers meanwhile', async () => {
  const { messenger, zendesk } = product;
  messenger.permitSubscribing(false);
  messenger.unsubscribe();
  await until('told', async () => (await metric(url, 'passerelle_subscription_ok', { account: 'acme-page' })) === 0);
  const health = await fetch(`${url}/health/ready`);
  expect(health.status).toBe(200);
  expect(await health.json()).toMatchObject({
    ready: true,
    subscriptions: expect.arrayContaining([
      {
        target: 'channel:acme-page',
        subscribed: false,
        why: expect.stringMatching(/does not send its events.*could not be renewed: .*permission/),
        fix: expect.stringContaining('pages_manage_metadata'),
        checkedAt: expect.any(String),
      },
      { target: 'helpdesk:acme-zendesk', subscribed: true, checkedAt: expect.any(String) },
    ]),
    silent: [],
    reconciliations: [{ account: 'acme-page', seen: expect.any(Number), missed: 0 }],
  });

  await messenger.inboxReplies('100', 'Typed in the inbox', { at: minutesAgo(20) });
  await lastLooked(30);
  await until('the inbox', () => bodiesOf('100').join().includes('Typed in the inbox'));
  expect(bodiesOf('100').at(-1)).toMatch(/^✍️ Sent from Messenger \(inbox or another app\):\n.*arrived late/s);

  await zendesk.agentComments(ticketOf('100')!.id, { text: 'An answer', public: true });
  await until('the answer', () => messenger.threads()[0]!.bubbles.some(({ text }) => text === 'An answer'));
  messenger.permitSubscribing(true);
  await until('mended', async () => (await metric(url, 'passerelle_subscription_ok', { account: 'acme-page' })) === 1);
});

test('of more than Meta shows, the ticket says that it cannot be read here', async () => {
  const { messenger } = product;
  messenger.addCustomer({ psid: '102', name: 'Una' });
  messenger.permitSubscribing(false);
  messenger.unsubscribe();
  for (let i = 0; i < 22; i++)
    await messenger.customerSends(
      '102',
      { type: 'text', text: `word ${i}` },
      { at: new Date(+minutesAgo(20) + i * 1_000) },
    );
  await lastLooked(30);
  await until('the newest', () => bodiesOf('102').join().includes('word 21'));
  await until('the note', () => bodiesOf('102').join().includes('no longer shows it'));
  const words = bodiesOf('102')
    .join()
    .match(/word \d+/g);
  expect(words).toEqual(Array.from({ length: 20 }, (_, i) => `word ${i + 2}`));
  expect(
    bodiesOf('102')
      .join()
      .match(/no longer shows it/g),
  ).toHaveLength(2);
  messenger.permitSubscribing(true);
  await until('mended', async () => (await subscribedFields()).includes('messages'));
});

test('the command line compares what was said since a time and says how it stands', async () => {
  const report = await reconcileFor(product.configuration, 'acme-page', 3_600_000);
  expect(report).toMatchObject({ seen: 28, known: 28, recovered: 0, missed: 0 });
  expect(await reconcileFor(product.configuration, 'nobody', 1)).toMatchObject({ cannot: expect.any(String) });
});
