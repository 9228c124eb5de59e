import { afterAll, beforeAll, expect, test } from 'vitest';
import { deliver, item } from '../support/meta-webhook.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

const key = 'a-key-for-consents-at-the-crm-0123';
let product: Product;
beforeAll(async () => {
  const scopes = ['orders', 'consents', 'links', 'privacy', 'customers:read'];
  product = await startProduct({
    crm: {
      consent: {
        fields: [{ field: 'Marketing_Opt_In__c', purpose: 'marketing' }],
        records: [{ contactPointType: 'Web', purpose: 'order-updates', channel: 'messenger' }],
        write: true,
        every: '1s',
      },
    },
    settings: { api: { keys: [{ name: 'shop', key, scopes }] } },
  });
});
afterAll(() => product?.stop());

const ask = async (method: string, path: string, body?: object) => {
  const response = await fetch(`${product.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return (await response.json()) as Record<string, never>;
};
const post = (...items: Record<string, unknown>[]) => deliver(product.url, items);

/** Somebody who wrote, is known to the shop, and is a contact of the org. */
async function somebody(psid: string): Promise<{ psid: string; shopId: string; contact: string }> {
  product.messenger.addCustomer({ psid, name: `Person ${psid}` });
  const shopId = `C-${psid}`;
  const { token } = await ask('POST', '/v1/links', { customerId: shopId });
  await post(item(psid, { referral: { ref: token, source: 'SHORTLINK', type: 'OPEN_THREAD' } }));
  await until('the link to be used', () =>
    product.db
      .selectFrom('links')
      .select('used_customer')
      .where('shop_customer', '=', shopId)
      .executeTakeFirst()
      .then((row) => row?.used_customer),
  );
  await product.messenger.customerSends(psid, { type: 'text', text: 'Hello' });
  const contact = await until('the contact', async () => {
    const row = await product.db
      .selectFrom('contact_links as l')
      .innerJoin('conversations as c', 'c.customer', 'l.customer')
      .select('l.contact')
      .where('c.platform_user', '=', psid)
      .where('l.state', '=', 'linked')
      .executeTakeFirst();
    return row?.contact;
  });
  return { psid, shopId, contact };
}

interface Shown {
  states: { channel: string; purpose: string; state: string }[];
  proofs: { act: string; source: string; words?: string }[];
}
const shown = async (shopId: string) =>
  (await ask('GET', `/v1/consents?customerId=${shopId}&proofs=true`)) as unknown as Shown;
const stands = (shopId: string, channel: string, purpose: string, state: string) =>
  until(`${purpose} ${state}`, async () =>
    ((await shown(shopId)).states ?? []).some(
      (each) => each.channel === channel && each.purpose === purpose && each.state === state,
    ),
  );
const individualOf = (contact: string) =>
  product.salesforce.records('Contact').find(({ Id }) => Id === contact)?.['IndividualId'];
const recordsOf = (contact: string) =>
  product.salesforce
    .records('ContactPointTypeConsent')
    .filter(({ PartyId }) => PartyId !== null && PartyId === individualOf(contact));
const statusesOf = (contact: string) =>
  recordsOf(contact)
    .map(({ Name, PrivacyConsentStatus }) => `${Name}: ${PrivacyConsentStatus}`)
    .toSorted();
/** The next look at the org is over. */
async function looked(): Promise<void> {
  const readAt = async () =>
    (
      await product.db
        .selectFrom('cursors')
        .select('read_at')
        .where('helpdesk', 'like', 'consents:%')
        .executeTakeFirst()
    )?.read_at;
  for (let times = 0; times < 2; times++) {
    const before = await readAt();
    await until('another look', async () => (await readAt())?.getTime() !== before?.getTime());
  }
}
let orders = 0;
async function noticeOf(shopId: string): Promise<{ state: string; reason?: string }> {
  const told = await ask('POST', '/v1/orders/events', {
    ...{ type: 'order.paid', order: { number: `SF-${++orders}` }, customer: { customerId: shopId } },
  });
  const { notice: id } = (told['results'] as unknown as { notice: number }[])[0]!;
  return until('the notice to be told or held', async () => {
    const notice = (await ask('GET', `/v1/notices/${id}`)) as unknown as { state: string; reason?: string };
    return notice.state !== 'sending' && (notice.state !== 'waiting' || notice.reason) ? notice : undefined;
  });
}

test('a box at the contact is a yes with its proof, unticked a no; one nobody ever ticked says nothing', async () => {
  const { shopId, contact } = await somebody('8101');
  await looked();
  expect((await shown(shopId)).states).toEqual([]);
  product.salesforce.agentChanges('Contact', contact, { Marketing_Opt_In__c: true });
  await stands(shopId, '*', 'marketing', 'granted');
  expect((await shown(shopId)).proofs).toEqual([
    expect.objectContaining({
      act: 'granted',
      source: 'salesforce',
      words: expect.stringContaining('Marketing_Opt_In__c'),
    }),
  ]);
  product.salesforce.agentChanges('Contact', contact, { Marketing_Opt_In__c: false });
  await stands(shopId, '*', 'marketing', 'revoked');
});

test('records of an individual let notices go, and a no there stops the next one', async () => {
  const { shopId, contact } = await somebody('8102');
  const individual = product.salesforce.add('Individual', { LastName: 'Person' });
  product.salesforce.agentChanges('Contact', contact, { IndividualId: individual });
  const at = new Date(Date.now() - 60_000).toISOString();
  const record = product.salesforce.add('ContactPointTypeConsent', {
    ...{ Name: 'Orders', PartyId: individual, ContactPointType: 'Web', CaptureContactPointType: 'Web' },
    ...{ CaptureDate: at, EffectiveFrom: at, CaptureSource: 'checkout', PrivacyConsentStatus: 'OptIn' },
  });
  product.salesforce.agentChanges('ContactPointTypeConsent', record, { CaptureSource: 'the checkout' });
  await stands(shopId, 'messenger', 'order-updates', 'granted');
  expect((await noticeOf(shopId)).state).toMatch(/sent|delivered|read/);
  product.salesforce.agentChanges('ContactPointTypeConsent', record, { PrivacyConsentStatus: 'OptOut' });
  await stands(shopId, 'messenger', 'order-updates', 'revoked');
  expect(await noticeOf(shopId)).toMatchObject({ state: 'refused' });
});

test('what stands here is written once, what is changed there counts here, and neither comes back as an echo', async () => {
  const { psid, shopId, contact } = await somebody('8103');
  await ask('POST', '/v1/consents', {
    ...{ customer: { customerId: shopId }, channel: '*', purpose: 'order-updates', act: 'granted' },
    words: 'Keep me posted',
  });
  await until('it is written', () => statusesOf(contact).includes('order-updates, all channels: OptIn'));
  expect(product.salesforce.records('Individual').filter(({ Id }) => Id === individualOf(contact))).toHaveLength(1);
  await post(item(psid, 'STOP'));
  await until('the stop is written', () => statusesOf(contact).includes('*, messenger: OptOut'));
  await looked();
  const before = product.salesforce.requests.filter(({ method }) => method === 'PATCH').length;
  const acts = (await shown(shopId)).proofs;
  await looked();
  expect(product.salesforce.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(before);
  expect((await shown(shopId)).proofs).toEqual(acts);

  const record = recordsOf(contact).find(({ Name }) => Name === 'order-updates, all channels')!;
  product.salesforce.agentChanges('ContactPointTypeConsent', record.Id, { PrivacyConsentStatus: 'OptOut' });
  await stands(shopId, '*', 'order-updates', 'revoked');
  await looked();
  expect(statusesOf(contact)).toEqual(['*, messenger: OptOut', 'order-updates, all channels: OptOut']);
  expect((await shown(shopId)).proofs).toHaveLength(acts.length + 1);
});

test('a crash or an outage in between writes it once; who is forgotten is forgotten there, too', async () => {
  const { psid, shopId, contact } = await somebody('8104');
  product.salesforce.inject({ kind: 'reset-after', path: '/ContactPointTypeConsent/', times: 1 });
  await ask('POST', '/v1/consents', {
    ...{ customer: { customerId: shopId }, channel: 'messenger', purpose: 'marketing', act: 'granted' },
    words: 'Tell me of offers',
  });
  await until('it is written', () => statusesOf(contact).includes('marketing, messenger: OptIn'));
  const held = () =>
    product.db.selectFrom('crm_consents').select(['held', 'wanted']).where('contact', '=', contact).execute();
  await until('it is known to be', async () =>
    (await held()).some(({ held: state, wanted }) => state === 'granted' && wanted === null),
  );
  expect(recordsOf(contact)).toHaveLength(1);
  const individual = individualOf(contact);
  const row = await product.db
    .selectFrom('conversations')
    .select('customer')
    .where('platform_user', '=', psid)
    .executeTakeFirstOrThrow();
  const { code } = await ask('POST', `/v1/customers/${row.customer}/erase`);
  const receipt = await until('the erasure', async () => {
    const asked = await ask('GET', `/v1/erasures/${code}`);
    return /^(done|incomplete)$/.test(asked['state']!) ? asked : undefined;
  });
  expect(receipt['steps']).toContainEqual(
    expect.objectContaining({ place: 'crm:acme-salesforce', what: 'consents', state: 'done', count: 1 }),
  );
  expect(product.salesforce.records('ContactPointTypeConsent').filter(({ PartyId }) => PartyId === individual)).toEqual(
    [],
  );
  expect(product.salesforce.records('Individual').filter(({ Id }) => Id === individual)).toEqual([]);
});
