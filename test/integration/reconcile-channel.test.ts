import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { reconcileFor } from '../../src/main.ts';
import { envelope, signed } from '../support/meta-webhook.ts';
import { metric } from '../support/metric.ts';
import { messengerAccount, type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

let product: Product;
let url: string;
beforeAll(async () => {
  product = await startProduct({ settings: { reconcile: { every: '1s' } } });
  url = product.url;
});
afterAll(() => product?.stop());

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
  messenger.unsubscribe();
  for (const [i, text] of ['one', 'two', 'three'].entries())
    await messenger.customerSends('100', { type: 'text', text }, { at: minutesAgo(40 - i) });
  const mid = await messenger.customerSends('101', { type: 'image', files: [picture] }, { at: minutesAgo(30) });
  await messenger.customerSends('101', { type: 'postback', title: 'Buy', payload: 'BUY' }, { at: minutesAgo(29) });
  url = await product.startAgain();

  await until('all of it', () => bodiesOf('100').join().includes('three') && bodiesOf('101').join().includes('Buy'));
  const late = /\(sent \S+ \S+ UTC, arrived late: no webhook came, it was found in the platform's history\)/g;
  expect(bodiesOf('100').join('\n').replaceAll(late, '').match(/\w+/g)).toEqual(['before', 'one', 'two', 'three']);
  expect(bodiesOf('100').join('\n').match(late)).toHaveLength(3);
  expect(bodiesOf('101').join('\n').match(late)).toHaveLength(2);
  await until('the picture', () => ticketOf('101')!.comments.some(({ attachments }) => attachments.length === 1));
  expect(ticketOf('101')!.comments.flatMap(({ attachments }) => attachments)).toMatchObject([{ name: 'crack.png' }]);
  const opened = await db.selectFrom('conversations').selectAll().where('platform_user', '=', '101').execute();
  expect(Math.abs(opened[0]!.last_customer_at!.getTime() - minutesAgo(29).getTime())).toBeLessThan(5_000);
  expect(await metric(url, 'passerelle_recovered_total', { channel: 'messenger' })).toBe(5);
  expect((await reports()).filter(({ recovered }) => recovered > 0)).toMatchObject([{ recovered: 5, missed: 0 }]);

  // The webhook comes after all.
  const at = minutesAgo(30).getTime();
  const told = { sender: { id: '101' }, recipient: { id: '555' }, timestamp: at, message: { mid, text: 'again' } };
  const hook = `${url}/webhooks/messenger/acme-page`;
  expect((await fetch(hook, signed(envelope([told]), messengerAccount.appSecret))).status).toBe(200);
  await until('a repeat', async () => (await metric(url, 'passerelle_events_total', { outcome: 'repeat' })) === 1);
  expect(bodiesOf('101').join()).not.toContain('again');
});

test('what somebody typed in the inbox is found too, our own answers are not taken for it', async () => {
  const { messenger, zendesk } = product;
  await zendesk.agentComments(ticketOf('100')!.id, { text: 'An answer', public: true });
  await until('the answer', () => messenger.threads()[0]!.bubbles.find(({ text }) => text === 'An answer')?.delivered);
  expect(bodiesOf('100').join()).not.toContain('Sent from');
});

test('the command line compares what was said since a time and says how it stands', async () => {
  const report = await reconcileFor(product.configuration, 'acme-page', 3_600_000);
  expect(report).toMatchObject({ seen: 5, known: 5, recovered: 0, missed: 0 });
  expect(await reconcileFor(product.configuration, 'nobody', 1)).toMatchObject({ cannot: expect.any(String) });
});
