import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { consentProofs, consentStates } from '../../src/store/consents.ts';
import { deliver, item } from '../support/meta-webhook.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

const shopKey = 'a-key-of-the-shop-0123456789';
let product: Product;
beforeAll(async () => {
  product = await startProduct({
    settings: {
      api: {
        keys: [
          { name: 'shop', key: shopKey, scopes: ['links', 'consents'] },
          { name: 'other', key: `${shopKey}-other`, scopes: ['links'] },
        ],
      },
      notices: {
        lists: ['spring-news'],
        doubleOptIn: ['marketing'],
        keywords: [{ words: ['JOIN SPRING'], purpose: 'list:spring-news' }],
        stopWords: ['genug'],
      },
    },
    mapping: {
      automaticTexts: {
        consent: {
          stopped: { text: { default: 'You are out.', fr: 'C’est fini.' } },
          started: { text: 'Welcome back.' },
          agreed: { text: 'Thank you for {{ purpose }}.' },
          help: { text: 'This is Acme.' },
        },
      },
    },
  });
});
afterAll(() => product?.stop());

const hook = (...items: unknown[]) => deliver(product.url, items);
const says = async (psid: string, text: string) => {
  if (!product.messenger.threads().some((thread) => thread.psid === psid))
    product.messenger.addCustomer({ psid, name: `Customer ${psid}` });
  await product.messenger.customerSends(psid, { type: 'text', text });
};
const customerOf = async (psid: string) =>
  (await product.db.selectFrom('conversations').select('customer').where('platform_user', '=', psid).executeTakeFirst())
    ?.customer;
const states = async (psid: string): Promise<string[]> => {
  const customer = await customerOf(psid);
  if (customer === undefined) return [];
  return (await consentStates(product.db, customer)).map(
    ({ channel, purpose, state }) => `${channel} ${purpose} ${state}`,
  );
};
const stands = (psid: string, ...expected: string[]) =>
  until(`${psid}: ${expected}`, async () => {
    const now = await states(psid);
    return now.length === expected.length && expected.every((each) => now.includes(each));
  });
const proofs = async (psid: string) => consentProofs(product.db, (await customerOf(psid))!);
const bubblesOf = (psid: string): string[] =>
  product.messenger
    .threads()
    .find((thread) => thread.psid === psid)
    ?.bubbles.map((bubble) => JSON.stringify(bubble)) ?? [];
const heard = (psid: string, words: RegExp | string) =>
  until(`${psid} hears ${words}`, () => bubblesOf(psid).find((text) => text.match(words)));

interface Answer {
  status: number;
  body: Record<string, unknown> & { detail?: string; states?: { purpose: string; state: string }[] };
}
async function call(path: string, body?: object, headers: Record<string, string> = {}, key = shopKey): Promise<Answer> {
  const response = await fetch(`${product.url}${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

describe('in the chat', () => {
  test('STOP in any of its languages ends everything here and is confirmed; START allows it again', async () => {
    await says('600', 'Désabonner !');
    await stands('600', 'messenger * revoked');
    await heard('600', /C’est fini|You are out/);
    await says('600', 'start');
    await stands('600', 'messenger * granted');
    await heard('600', 'Welcome back');
    expect(await proofs('600')).toMatchObject([
      { act: 'revoked', source: 'keyword', words: 'Désabonner !', by: 'customer', platformUser: '600' },
      { act: 'granted', words: 'start', event: expect.stringMatching(/^message:/) },
    ]);
  });

  test('a sentence that holds the word ends nothing; the company’s own word does', async () => {
    await says('601', 'please stop sending me the wrong size');
    await says('601', 'Genug.');
    await stands('601', 'messenger * revoked');
    expect(await proofs('601')).toHaveLength(1);
  });

  test('HELP is answered and changes nothing; a keyword puts on its list', async () => {
    await says('602', 'help?');
    await heard('602', 'This is Acme');
    await says('602', 'Join Spring!');
    await stands('602', 'messenger list:spring-news granted');
    await heard('602', 'Thank you for list:spring-news');
  });

  test('who stopped and then agrees to something in the same chat hears of that again', async () => {
    await says('603', 'STOP');
    await stands('603', 'messenger * revoked');
    await says('603', 'join spring');
    await stands('603', 'messenger * granted', 'messenger list:spring-news granted');
  });

  test('what the platform tells counts, and only the platform lifts it', async () => {
    const optin = { type: 'notification_messages', title: 'Deals', notification_messages_timezone: 'Europe/Oslo' };
    await hook(item('604', { optin }));
    await stands('604', 'messenger marketing granted');
    const row = await product.db
      .selectFrom('customers')
      .select('attributes')
      .where('id', '=', (await customerOf('604'))!)
      .executeTakeFirst();
    expect(row?.attributes).toEqual({ timeZone: 'Europe/Oslo' });
    await hook(
      item('604', { optin: { ...optin, notification_messages_status: 'STOP NOTIFICATIONS' } }, Date.now() + 5),
    );
    await stands('604', 'messenger marketing revoked');
  });
});

describe('by a signed link', () => {
  const linkFor = async (customerId: string, purpose: string) => {
    const consents = [{ purpose, words: 'Send me news of my order' }];
    return (await call('/v1/links', { customerId, consents })).body as unknown as { token: string };
  };

  test('whoever opens it agrees to what was beside it, in the words they were shown', async () => {
    await hook(item('610', { referral: { ref: (await linkFor('L-1', 'order-updates')).token, source: 'SHORTLINK' } }));
    await stands('610', 'messenger order-updates granted');
    expect(await proofs('610')).toMatchObject([{ source: 'link', words: 'Send me news of my order', by: 'shop:shop' }]);
  });

  test('by a ticked box it is theirs once they answer under its reference', async () => {
    const { token } = await linkFor('L-2', 'order-updates');
    const { sender: _, ...nobody } = item('nobody', { optin: { ref: token, user_ref: 'uref-611' } });
    await hook(nobody);
    const prior = { prior_message: { source: 'checkbox_plugin', identifier: 'uref-611' } };
    await hook(item('611', { message: { mid: 'm_611', text: 'Hello' }, ...prior }));
    await stands('611', 'messenger order-updates granted');
    expect(await proofs('611')).toMatchObject([{ source: 'checkbox' }]);
  });

  test('what has to be confirmed is asked in the chat, once, and a tapped yes grants it', async () => {
    await says('612', 'Hi');
    await hook(item('612', { referral: { ref: (await linkFor('L-3', 'marketing')).token, source: 'SHORTLINK' } }));
    await stands('612', 'messenger marketing pending');
    await heard('612', /news and offers here. Is that right/);
    await says('612', 'What do you sell?');
    const yes = { mid: 'm_yes', text: 'Yes', quick_reply: { payload: 'consent:granted:marketing' } };
    await hook(item('612', { message: yes }, Date.now() + 50));
    await stands('612', 'messenger marketing granted');
    const questions = bubblesOf('612').filter((text) => text.includes('Is that right'));
    expect(questions).toHaveLength(1);
    expect((await proofs('612')).map(({ act, source }) => `${act} ${source}`)).toEqual([
      'asked link',
      'granted button',
    ]);
  });
});

describe('by the API', () => {
  const granted = { channel: 'messenger', purpose: 'order-updates', act: 'granted', words: 'Keep me posted' };

  test('is kept for the customer the shop names, once for its key, and shown with its proof', async () => {
    const body = { ...granted, customer: { customerId: 'A-1', email: 'a1@shop.example' }, ip: '203.0.113.7' };
    const first = await call('/v1/consents', body, { 'idempotency-key': 'k-1' });
    expect(first).toMatchObject({ status: 201, body: { act: 'granted', repeated: false } });
    const again = await call('/v1/consents', body, { 'idempotency-key': 'k-1' });
    expect(again).toMatchObject({ status: 200, body: { id: first.body['id'], repeated: true } });
    const other = await call('/v1/consents', { ...body, words: 'Other' }, { 'idempotency-key': 'k-1' });
    expect(other.status).toBe(422);
    const shown = await call('/v1/consents?email=A1@shop.example&proofs=true');
    expect(shown).toMatchObject({
      status: 200,
      body: {
        states: [{ channel: 'messenger', purpose: 'order-updates', state: 'granted' }],
        proofs: [{ source: 'api', words: 'Keep me posted', ip: '203.0.113.7', by: 'shop:shop', requestId: 'k-1' }],
      },
    });
  });

  test('a batch takes what is right and tells what is not', async () => {
    const consents = [
      { ...granted, customer: { customerId: 'A-2' } },
      { ...granted, customer: { customerId: 'A-2' }, channel: 'pigeon' },
      { ...granted, customer: { customerId: 'A-2' }, purpose: 'list:unknown' },
      { customer: { customerId: 'A-2' }, purpose: '*', act: 'granted' },
      { customer: { customerId: 'A-2' }, purpose: '*', act: 'revoked' },
      { ...granted, customer: { customerId: 'A-2' }, words: undefined },
      { ...granted, customer: { customerId: 'A-2' }, at: '2099-01-01T00:00:00Z' },
      { ...granted, customer: { customerId: 'A-2' }, ip: '1.2.3' },
      { ...granted, customer: { customerId: 'A-2' }, colour: 'red' },
    ];
    const { body } = await call('/v1/consents/batch', { consents });
    expect(body['results']).toMatchObject(
      [
        { act: 'granted' },
        { field: 'channel', detail: /pigeon/ },
        { field: 'purpose', detail: /notices\.lists/ },
        { field: 'purpose', detail: /only be revoked/ },
        { act: 'revoked' },
        { field: 'words', detail: /part of the proof/ },
        { field: 'at', detail: /in the future/ },
        { field: 'ip', detail: /not an IP address/ },
        { field: 'colour', detail: /no such field/ },
      ].map((each) =>
        'detail' in each ? { problem: { ...each, detail: expect.stringMatching(each.detail as RegExp) } } : each,
      ),
    );
  });

  test.each<[string, object, RegExp]>([
    ['nobody', { ...granted, customer: {} }, /say who/],
    ['a purpose that is none', { ...granted, customer: { customerId: 'A' }, purpose: 'spam' }, /not a purpose/],
    ['an address that is none', { ...granted, customer: { customerId: 'A' }, ip: '1.2.3' }, /not an IP address/],
    ['an act that is none', { ...granted, customer: { customerId: 'A' }, act: 'maybe' }, /body\.act/],
    ['an unknown link', { ...granted, customer: { linkToken: 'psl_nothing' } }, /no link of ours/],
  ])('%s is refused, and told where', async (_, body, detail) => {
    expect(await call('/v1/consents', body)).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(detail) },
    });
  });

  test('is not for a key without the scope, and of strangers nothing is told', async () => {
    expect((await call('/v1/consents?customerId=A-1', undefined, {}, `${shopKey}-other`)).status).toBe(403);
    expect((await call('/v1/consents?customerId=nobody')).status).toBe(404);
    expect((await call('/v1/consents?customer=999999')).status).toBe(404);
    expect((await call('/v1/consents')).status).toBe(400);
  });
});
