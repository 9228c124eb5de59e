import { afterAll, beforeAll, expect, test } from 'vitest';
import { consentsOnBothSides, type Someone } from '../support/consents-on-both-sides.ts';
import { deliver, item } from '../support/meta-webhook.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

const key = 'a-key-for-consents-at-the-crm-0123';
let product: Product;
let people: Someone[];
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
  people = await Promise.all(['8101', '8102', '8103', '8104'].map(somebody));
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

const { somebody, shown, stands, individualOf, recordsOf, statusesOf, looked, noticeOf } = consentsOnBothSides(
  () => product,
  ask,
  post,
);

test('a box at the contact is a yes with its proof, unticked a no; one nobody ever ticked says nothing', async () => {
  const { shopId, contact } = people[0]!;
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
  const { shopId, contact } = people[1]!;
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
  const { psid, shopId, contact } = people[2]!;
  await ask('POST', '/v1/consents', {
    ...{ customer: { customerId: shopId }, channel: '*', purpose: 'order-updates', act: 'granted' },
    words: 'Keep me posted',
  });
  await until('it is written', () => statusesOf(contact).includes('order-updates, all channels: OptIn'));
  expect(product.salesforce.records('Individual').filter(({ Id }) => Id === individualOf(contact))).toHaveLength(1);
  await post(item(psid, 'STOP'));
  await until('the stop is written', () => statusesOf(contact).includes('*, messenger: OptOut'));
  // A request is noted when it is over, which may be after what it wrote is there.
  await looked();
  const written = () =>
    product.salesforce.requests.filter(({ method, path }) => method === 'PATCH' && /Consent|Individual/.test(path));
  const before = written().length;
  expect(before).toBeGreaterThan(0);
  const acts = (await shown(shopId)).proofs;
  await looked();
  expect(written()).toHaveLength(before);
  expect((await shown(shopId)).proofs).toEqual(acts);

  const record = recordsOf(contact).find(({ Name }) => Name === 'order-updates, all channels')!;
  product.salesforce.agentChanges('ContactPointTypeConsent', record.Id, { PrivacyConsentStatus: 'OptOut' });
  await stands(shopId, '*', 'order-updates', 'revoked');
  await looked();
  expect(statusesOf(contact)).toEqual(['*, messenger: OptOut', 'order-updates, all channels: OptOut']);
  expect((await shown(shopId)).proofs).toHaveLength(acts.length + 1);
});

test('a crash or an outage in between writes it once; who is forgotten is forgotten there, too', async () => {
  const { psid, shopId, contact } = people[3]!;
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
