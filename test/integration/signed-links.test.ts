import { afterAll, beforeAll, expect, test } from 'vitest';
import { linkToken } from '../../src/domain/link-token.ts';
import { factsOf } from '../../src/store/facts.ts';
import { commandLine } from '../support/command-line.ts';
import { deliver, item } from '../support/meta-webhook.ts';
import { metric } from '../support/metric.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

const shopKey = 'a-key-of-the-shop-0123456789';
let product: Product;
beforeAll(async () => {
  const keys = [
    { name: 'shop', key: shopKey, scopes: ['links'] },
    { name: 'orders', key: `${shopKey}-orders`, scopes: ['orders'] },
  ];
  product = await startProduct({ settings: { api: { keys } } });
});
afterAll(() => product?.stop());

interface Made {
  status: number;
  body: { id: string; token: string; links: { account: string; url: string }[]; detail: string };
}

async function ask(body: object, headers: Record<string, string> = {}, key = shopKey): Promise<Made> {
  const response = await fetch(`${product.url}/v1/links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Made['body'] };
}

const show = async (id: string) => {
  const response = await fetch(`${product.url}/v1/links/${id}`, { headers: { authorization: `Bearer ${shopKey}` } });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

const hook = (items: unknown[]) => deliver(product.url, items);
let opened = 0;
const referral = (psid: string, ref: string) =>
  item(psid, { referral: { ref, source: 'SHORTLINK', type: 'OPEN_THREAD' } }, Date.now() + opened++);
const says = (psid: string, text: string) => {
  product.messenger.addCustomer({ psid, name: `Customer ${psid}` });
  return product.messenger.customerSends(psid, { type: 'text', text });
};

const notesOf = (psid: string): string[] =>
  product.zendesk
    .tickets()
    .filter(({ requester }) => requester.externalId?.endsWith(`:${psid}`))
    .flatMap(({ comments }) => comments.flatMap((comment) => (comment.public ? [] : [comment.body])));
const noted = (psid: string, words: RegExp) =>
  until(`a note like ${words}`, () => notesOf(psid).some((note) => words.test(note)));

async function customerOf(psid: string): Promise<number> {
  const row = await until('the conversation', () =>
    product.db.selectFrom('conversations').select('customer').where('platform_user', '=', psid).executeTakeFirst(),
  );
  return row.customer;
}
const factsAbout = async (psid: string) =>
  (await factsOf(product.db, await customerOf(psid)))
    .filter(({ withdrawn }) => !withdrawn)
    .map(({ kind, value, evidence, by }) => [kind, value, evidence, by])
    .sort();

test('whoever opens the link is that customer of the shop; the facts are as strong as the link, and agents are told', async () => {
  const contact = product.salesforce.add('Contact', { LastName: 'Berg', Email: 'ida@shop.example' });
  const { status, body } = await ask({ customerId: 'C-1', email: 'Ida@Shop.example', note: 'asks about order 778' });
  expect(status).toBe(201);
  expect(body.links).toEqual([{ account: 'acme-page', kind: 'messenger', url: `https://m.me/555?ref=${body.token}` }]);
  expect((await show(body.id)).body).toMatchObject({ state: 'waiting', customerId: 'C-1' });
  await hook([referral('400', body.token)]);
  await says('400', 'Hello, where is my order?');
  await noted('400', /they are customer C-1, Ida@shop\.example there\.\nThe shop adds: asks about order 778/);
  expect(await factsAbout('400')).toEqual([
    ['email', 'Ida@shop.example', 'signed-link', 'shop:shop'],
    ['shop-customer', 'C-1', 'signed-link', 'shop:shop'],
  ]);
  const customer = await customerOf('400');
  expect((await show(body.id)).body).toMatchObject({
    state: 'used',
    used: { account: 'acme-page', platformUser: '400', customer },
  });
  const identity = await product.db.selectFrom('identities').selectAll().where('platform_user', '=', '400').execute();
  expect(identity).toMatchObject([
    { evidence: 'signed-link', by_whom: 'shop:shop', event: expect.stringMatching(/^referral:/) },
  ]);
  await until('history', () => product.salesforce.records('Task').some((task) => task['WhoId'] === contact));
  const all = JSON.stringify([await product.db.selectFrom('links').selectAll().execute(), notesOf('400')]);
  expect(all).not.toContain(body.token);
});

test('what was noted before there was a ticket is on the next one at once, not only after the next sweep', async () => {
  const { body } = await ask({ customerId: 'C-15' });
  await hook([referral('480', body.token)]);
  await until('passed over', () =>
    product.db
      .selectFrom('deliveries as d')
      .innerJoin('messages as m', 'm.id', 'd.message')
      .innerJoin('conversations as c', 'c.id', 'm.conversation')
      .select('d.message')
      .where('c.platform_user', '=', '480')
      .where('m.detail', '@>', '{"forNextTicket": true}' as never)
      .where('d.state', '=', 'skipped')
      .executeTakeFirst(),
  );
  await says('480', 'Hello at last');
  await until('a ticket', () =>
    product.zendesk.tickets().some(({ requester }) => requester.externalId?.endsWith(':480')),
  );
  await until('the note', () => notesOf('480').some((note) => note.includes('customer C-15')), 6_000);
});

test('the same request with the same key is one link; another request with it is refused', async () => {
  const first = await ask({ customerId: 'C-2' }, { 'idempotency-key': 'k-1' });
  const second = await ask({ customerId: 'C-2' }, { 'idempotency-key': 'k-1' });
  expect([first.status, second.status]).toEqual([201, 200]);
  expect(second.body).toEqual(first.body);
  expect((await ask({ customerId: 'C-3' }, { 'idempotency-key': 'k-1' })).status).toBe(422);
  expect((await ask({ customerId: 'C-2' })).body.token).not.toBe(first.body.token);
});

test.each<[string, object, RegExp]>([
  ['no customer', {}, /customerId/],
  ['an e-mail that is none', { customerId: 'C', email: 'ida' }, /body\.email: not an e-mail address/],
  ['a phone without its country', { customerId: 'C', phone: '91234567' }, /body\.phone/],
  ['too long a time', { customerId: 'C', expiresIn: '91d' }, /body\.expiresIn/],
  ['a time that is none', { customerId: 'C', expiresIn: 'soon' }, /body\.expiresIn/],
  ['an unknown account', { customerId: 'C', account: 'acme-nobody' }, /no channel account/],
  ['an unknown field', { customerId: 'C', mail: 'x' }, /body/],
])('%s is refused, and told where', async (_, body, detail) => {
  const refused = await ask(body);
  expect(refused).toMatchObject({ status: 400, body: { detail: expect.stringMatching(detail) } });
});

test('a key without the scope makes none; of a link that is none nothing is told', async () => {
  expect((await ask({ customerId: 'C' }, {}, `${shopKey}-orders`)).status).toBe(403);
  expect((await show('lnk_nothing')).status).toBe(404);
});

/** What must not tie anybody, and what agents read instead. */
const useless: [string, string, (token: string, id: string) => Promise<unknown>, RegExp, string][] = [
  [
    'used by somebody else',
    '410',
    async (token) => {
      await hook([referral('419', token)]);
      await until('used', async () => (await factsAbout('419')).length > 0);
    },
    /somebody else had used before/,
    'used-before',
  ],
  [
    'expired',
    '411',
    (_, id) => product.db.updateTable('links').set({ expires_at: new Date() }).where('id', '=', id).execute(),
    /after its time/,
    'expired',
  ],
  [
    'made for another account',
    '412',
    (_, id) =>
      product.db
        .updateTable('links')
        .set({ accounts: ['acme-other'] })
        .where('id', '=', id)
        .execute(),
    /made for another account/,
    'other-account',
  ],
  [
    'never given',
    '413',
    (_, id) => product.db.deleteFrom('links').where('id', '=', id).execute(),
    /the shop never gave/,
    'unknown',
  ],
];

test('a link that is no good says nothing, and agents are told why', async () => {
  await Promise.all(
    useless.map(async ([what, psid, spoil, note, outcome]) => {
      const { body } = await ask({ customerId: `of ${what}`, email: `${psid}@shop.example` });
      await spoil(body.token, body.id);
      await says(psid, 'Hello');
      await hook([referral(psid, body.token)]);
      await noted(psid, note);
      expect(await factsAbout(psid)).toEqual([]);
      expect(await metric(product.url, 'passerelle_links_total', { outcome })).toBe(1);
    }),
  );
});

test('who opens their own link again is told apart from a stranger', async () => {
  const { body } = await ask({ customerId: 'C-5' });
  await says('420', 'Hello');
  await hook([referral('420', body.token)]);
  await noted('420', /customer C-5/);
  await hook([referral('420', body.token)]);
  await noted('420', /once more/);
});

test('whoever guesses is not looked at after five tries, not even with a right token', async () => {
  await says('430', 'Hello');
  const guesses = Array.from({ length: 6 }, (_, n) => linkToken(new Uint8Array(16).fill(n + 1)));
  await hook(guesses.map((guess) => referral('430', guess)));
  await noted('430', /too many links/);
  const { body } = await ask({ customerId: 'C-6' });
  await hook([referral('430', body.token)]);
  await until(
    'counted',
    async () => (await metric(product.url, 'passerelle_links_total', { outcome: 'too-many' })) === 2,
  );
  expect(await factsAbout('430')).toEqual([]);
  expect((await show(body.id)).body).toMatchObject({ state: 'waiting' });
  const counted = await metric(product.url, 'passerelle_links_total', { outcome: 'unknown' });
  expect(counted).toBeGreaterThanOrEqual(5);
});

test('a second chat of the same shop customer goes over to the customer who is known', async () => {
  const [one, two] = [await ask({ customerId: 'C-7', email: 'c7@shop.example' }), await ask({ customerId: 'C-7' })];
  await hook([referral('440', one.body.token)]);
  await until('the first', async () => (await factsAbout('440')).length === 2);
  await hook([
    item('441', { message: { mid: 'm_441', text: 'my mail is other@example.com' } }, Date.now() - 1_000),
    referral('441', two.body.token),
  ]);
  await until('one customer', async () => (await customerOf('441')) === (await customerOf('440')));
  expect(await factsAbout('441')).toEqual([
    ['email', 'c7@shop.example', 'signed-link', 'shop:shop'],
    ['email', 'other@example.com', 'stated', 'customer'],
    ['shop-customer', 'C-7', 'signed-link', 'shop:shop'],
  ]);
  await says('441', 'and now?');
  const ticket = await until('a ticket', () =>
    product.zendesk.tickets().find(({ comments }) => comments.some(({ body }) => body.includes('and now?'))),
  );
  expect(ticket.requester.externalId).toBe('messenger:acme-page:441');
});

interface Shown {
  customer: number;
  acts: { id: number; what: string; who: string; why?: string }[];
}
const links = (...args: string[]) => commandLine(product.file, product.databaseUrl, ['links', ...args]);
const shown = async (psid: string) => JSON.parse((await links('show', `user:${psid}`, '--json')).out) as Shown;
const contactOf = (words: string) =>
  product.salesforce.records('Task').find((task) => String(task['Description']).includes(words))?.['WhoId'] ?? null;

test('what a link joined is an act like an administrator’s: undone on both sides, done again, and no link does it after that', async () => {
  const contact = product.salesforce.add('Contact', { LastName: 'Lund', Email: 'c20@shop.example' });
  const [one, two, three] = [
    await ask({ customerId: 'C-20', email: 'c20@shop.example' }),
    await ask({ customerId: 'C-20', email: 'c20@shop.example' }),
    await ask({ customerId: 'C-20' }),
  ];
  await hook([referral('470', one.body.token)]);
  await says('470', 'this is 470');
  await until('the contact', () => contactOf('this is 470') === contact);
  await hook([referral('471', two.body.token)]);
  await says('471', 'this is 471');
  await until('the same contact', () => contactOf('this is 471') === contact);
  const known = await customerOf('470');
  const joined = await shown('471');
  expect(joined.customer).toBe(known);
  const act = joined.acts.find(({ what }) => what === 'join');
  expect(act).toMatchObject({ who: 'shop:shop', why: 'the customer opened a link of the shop' });

  const undone = await links('undo', String(act?.id), '--why', 'she passed the link on to a friend');
  expect(undone).toMatchObject({ code: 0, out: expect.stringMatching(/History and notes of 1 ticket follow/) });
  expect(await customerOf('470')).toBe(known);
  expect(await customerOf('471')).not.toBe(known);
  await until('another contact', () => contactOf('this is 471') !== contact);
  expect(contactOf('this is 470')).toBe(contact);
  await noted('471', /no longer in that contact's history.*she passed the link on/s);
  expect(await factsAbout('471')).toEqual([]);

  await links('undo', /act (\d+)/.exec(undone.out)![1]!);
  await until('the contact again', () => contactOf('this is 471') === contact);
  expect(await customerOf('471')).toBe(known);
  await links('undo', String(act?.id));
  await hook([referral('471', three.body.token)]);
  await noted('471', /Whether they are one person/);
  expect(await customerOf('471')).not.toBe(known);
});

test('who was somebody else at the shop is not joined: a person is asked', async () => {
  const [one, two, three] = [
    await ask({ customerId: 'C-8' }),
    await ask({ customerId: 'C-9' }),
    await ask({ customerId: 'C-8' }),
  ];
  await hook([referral('450', one.body.token)]);
  await says('451', 'Hello');
  await hook([referral('451', two.body.token)]);
  await noted('451', /customer C-9/);
  await until('the first', async () => (await factsAbout('450')).length === 1);
  await hook([referral('451', three.body.token)]);
  await noted('451', /Whether they are one person/);
  expect(await customerOf('451')).not.toBe(await customerOf('450'));
});

test('a token in a text counts as well, once the business itself did not write it', async () => {
  const { body } = await ask({ customerId: 'C-10', phone: '+4791234567' });
  await says('460', `Hello! ${body.token}`);
  await noted('460', /customer C-10, \+4791234567/);
});
