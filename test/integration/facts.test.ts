import { afterAll, beforeAll, expect, test } from 'vitest';
import { sms, whatsapp } from '../../src/sandbox/channels.ts';
import { factsOf, withdrawFacts } from '../../src/store/facts.ts';
import { type ChannelsProduct, startChannelsProduct } from '../support/channel-product.ts';
import { deliver, item } from '../support/meta-webhook.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

let product: Product;
let strict: Product;
let others: ChannelsProduct;
beforeAll(async () => {
  [product, strict, others] = await Promise.all([
    startProduct({
      channel: { defaultCountry: 'no' },
      mapping: { identity: { writeContact: 'stated', writePerson: 'stated' } },
    }),
    startProduct({
      mapping: {
        identity: { match: 'verified-code', showOnTicket: 'platform' },
        tickets: { subject: 'mail {{ customer.email | default: "none" }}' },
      },
    }),
    startChannelsProduct([whatsapp, sms]),
  ]);
});
afterAll(() => Promise.all([product?.stop(), strict?.stop(), others?.stop()]));

async function says(of: Product, psid: string, text: string): Promise<void> {
  of.messenger.addCustomer({ psid, name: `Customer ${psid}` });
  await of.messenger.customerSends(psid, { type: 'text', text });
}

async function customerOf({ db }: Pick<Product, 'db'>, user: string): Promise<number> {
  const found = await until('the conversation', () =>
    db.selectFrom('conversations').select('customer').where('platform_user', '=', user).executeTakeFirst(),
  );
  return found.customer;
}

const facts = async (of: Pick<Product, 'db'>, user: string) =>
  (await factsOf(of.db, await customerOf(of, user))).map((fact) => [fact.kind, fact.value, fact.evidence, fact.by]);
const contactWith = (of: Product, psid: string) =>
  until('the contact', () =>
    of.salesforce.records('Contact').find((contact) => String(contact['Passerelle_Key__c'] ?? '').endsWith(`:${psid}`)),
  );

test('an e-mail and a phone that are typed are kept as stated, with who and by which message', async () => {
  await says(product, '300', 'I am Ida@Example.com, call me on 912 34 567');
  await until('both', async () => (await facts(product, '300')).length === 2);
  expect(await facts(product, '300')).toEqual([
    ['phone', '+4791234567', 'stated', 'customer'],
    ['email', 'Ida@example.com', 'stated', 'customer'],
  ]);
  const [fact] = await factsOf(product.db, await customerOf(product, '300'));
  expect(fact?.source).toMatchObject({
    account: 'acme-page',
    platformUser: '300',
    event: expect.stringMatching(/^message:m_/),
  });
  const contact = await contactWith(product, '300');
  expect(contact).toMatchObject({ Email: 'Ida@example.com', Phone: '+4791234567' });
});

test('the same once more is no news; another one is, and the latest of equal strength shows', async () => {
  for (const text of ['eva@example.com', 'EVA@example.com', 'now eva@example.org']) await says(product, '301', text);
  await until('the latest', async () => (await facts(product, '301')).some(([, value]) => value === 'eva@example.org'));
  expect((await facts(product, '301')).map(([, value]) => value)).toEqual(['eva@example.org', 'eva@example.com']);
  const customer = await customerOf(product, '301');
  const shown = () => product.db.selectFrom('customers').select('email').where('id', '=', customer).executeTakeFirst();
  expect(await shown()).toEqual({ email: 'eva@example.org' });
  const [latest] = await factsOf(product.db, customer);
  expect(
    await withdrawFacts(product.db, customer, [latest!.id], { at: new Date(), by: 'admin:a@b.example', why: 'a slip' }),
  ).toBe(1);
  expect(await shown()).toEqual({ email: 'eva@example.com' });
  expect((await factsOf(product.db, customer))[1]).toMatchObject({
    value: 'eva@example.org',
    withdrawn: { by: 'admin:a@b.example', why: 'a slip' },
  });
});

test('a quick reply that the platform filled is stated, too', async () => {
  const told = { message: { mid: 'm_q', text: 'q@example.com', quick_reply: { payload: 'q@example.com' } } };
  const phone = { message: { mid: 'm_p', text: '+4793456789', quick_reply: { payload: '+4793456789' } } };
  await deliver(product.url, [item('302', told), item('302', phone)]);
  await until('both', async () => (await facts(product, '302')).length === 2);
  expect((await facts(product, '302')).map(([, , evidence]) => evidence)).toEqual(['stated', 'stated']);
});

test('what an agent writes says nothing of the customer', async () => {
  await says(product, '303', 'Hello');
  const ticket = await until('a ticket', () =>
    product.zendesk.tickets().find(({ requester }) => requester.externalId?.endsWith(':303')),
  );
  await product.zendesk.agentComments(ticket.id, { text: 'Write to help@acme.example or +4722225555', public: true });
  await until('the answer is told back', async () =>
    product.db
      .selectFrom('reply_parts')
      .select('id')
      .where('state', '<>', 'waiting')
      .where('platform_id', 'is not', null)
      .executeTakeFirst(),
  );
  await says(product, '303', 'Thanks');
  await until('it', () =>
    product.zendesk.tickets().find(({ id, comments }) => id === ticket.id && comments.length === 3),
  );
  expect(await facts(product, '303')).toEqual([]);
});

test('what is only stated is by default not written to a contact or helpdesk user', async () => {
  await says(strict, '310', 'I am weak@example.com');
  const contact = await contactWith(strict, '310');
  expect(contact['Email'] ?? null).toBeNull();
  const [ticket] = strict.zendesk.tickets();
  expect(ticket).toMatchObject({ subject: 'mail none' });
  expect(JSON.stringify(strict.zendesk.tickets().map(({ requester }) => requester.email))).not.toContain(
    'weak@example.com',
  );
  expect(JSON.stringify(product.zendesk.tickets().map(({ requester }) => requester.email))).toContain(
    'Ida@example.com',
  );
});

test('what is not known well enough finds nobody', async () => {
  const other = strict.salesforce.add('Contact', { LastName: 'Other', Email: 'known@example.com' });
  await says(strict, '311', 'I am known@example.com');
  await contactWith(strict, '311');
  expect(strict.salesforce.records('Task').some((task) => task['WhoId'] === other)).toBe(false);
});

test.each([
  ['whatsapp', 'platform-phone'],
  ['sms', 'platform-phone'],
])('by %s the platform vouches for the phone', async (kind, evidence) => {
  const played = others.played.find(({ sandbox }) => sandbox.kind === kind)!;
  const user = played.sandbox.user(1);
  played.platform.addCustomer({ user, name: 'Ida' });
  await played.platform.customerSends(user, { type: 'text', text: 'Hello' });
  await played.platform.customerSends(user, { type: 'text', text: 'Hello again' });
  await until('the phone', async () => (await facts(others, user)).length > 0);
  expect(await facts(others, user)).toEqual([['phone', expect.stringMatching(/^\+\d+$/), evidence, 'platform']]);
});
