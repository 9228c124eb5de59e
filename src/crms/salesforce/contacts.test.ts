import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestOrg, type TestOrg } from '../../sandbox/salesforce/org-for-tests.ts';
import type { ContactSearch, CrmSession } from '../crm.ts';
import { salesforce } from './crm.ts';
import { phoneSpellings } from './search.ts';

let org: TestOrg;
let session: CrmSession;
beforeAll(async () => {
  org = await startTestOrg();
});
beforeEach(() => {
  org.simulator.reset();
  session = salesforce.connect(salesforce.account.parse(org.settings), org.tools);
});
afterAll(() => org.close());

const keyField = 'Passerelle_Key__c';
const key = { field: keyField, value: 'messenger:acme-page:4711' };
const add = (fields: Record<string, unknown>) => org.simulator.add('Contact', fields);
const contacts = () => org.simulator.records('Contact');

interface Criteria {
  externalId?: { field: string; value: string };
  email?: string;
  phone?: string;
}

const searches = ({ externalId, email, phone }: Criteria): ContactSearch[] => [
  ...(externalId
    ? [
        {
          by: 'external-id' as const,
          field: externalId.field,
          values: [externalId.value],
          objects: ['Contact' as const],
        },
      ]
    : []),
  ...(email ? [{ by: 'email' as const, values: [email], objects: ['Contact' as const] }] : []),
  ...(phone ? [{ by: 'phone' as const, values: [phone], objects: ['Contact' as const] }] : []),
];

const found: { it: string; there: Record<string, unknown>[]; by: Criteria; gives: number[]; how?: string }[] = [
  {
    it: 'finds by external id before e-mail',
    there: [{ Email: 'ann@acme.example' }, { [keyField]: key.value }],
    by: { externalId: key, email: 'ann@acme.example' },
    gives: [1],
    how: 'external-id',
  },
  {
    it: 'goes on to the e-mail when the external id finds none',
    there: [{ Email: 'Ann@Acme.example' }],
    by: { externalId: key, email: '  ann@acme.example ', phone: '+14155551212' },
    gives: [0],
    how: 'email',
  },
  {
    it: 'goes on to the phone',
    there: [{ Phone: '(415) 555-1212' }],
    by: { email: 'nobody@acme.example', phone: '+14155551212' },
    gives: [0],
    how: 'phone',
  },
  {
    it: 'gives all contacts with the phone, in either field and any spelling',
    there: [{ MobilePhone: '+33 6 12 34 56 78' }, { Phone: '0033612345678' }, { Phone: '06 12 34 56 79' }],
    by: { phone: '+33612345678' },
    gives: [0, 1],
    how: 'phone',
  },
  {
    it: 'gives all contacts with the e-mail',
    there: [{ Email: 'a@b.example' }, { Email: 'A@b.example' }, { Email: 'c@b.example' }],
    by: { email: 'a@b.example' },
    gives: [0, 1],
    how: 'email',
  },
  { it: 'finds nobody', there: [{ Email: 'a@b.example' }], by: { email: 'x@b.example' }, gives: [] },
  { it: 'finds nobody by nothing', there: [{}], by: { email: ' ', phone: '' }, gives: [] },
  { it: 'finds nobody by what no field can hold', there: [{}], by: { email: 'a\0b', phone: '\ud800' }, gives: [] },
];
test.each(found)('$it', async ({ there, by, gives, how }) => {
  const ids = there.map((fields, n) => add({ LastName: `Person ${n}`, ...fields }));
  const outcome = await session.findContacts(searches(by));
  expect(outcome).toEqual({
    result: 'done',
    value: gives.map((n) => ({
      id: ids[n],
      object: 'Contact',
      name: `Person ${n}`,
      ...(there[n]!['Email'] ? { email: there[n]!['Email'] } : {}),
      by: how,
    })),
  });
});

test('gives no more than twenty matches, which is too many anyway', async () => {
  for (let n = 0; n < 25; n++) add({ LastName: 'Same', Email: 'same@acme.example' });
  const outcome = await session.findContacts(searches({ email: 'same@acme.example' }));
  expect(outcome.result === 'done' && outcome.value.length).toBe(20);
});

test.each([
  ['a field that is not there', 'Missing__c'],
  ['what is no field name', "Name = 'x' OR Name"],
])('never finds by %s, and does not go on to the next criterion', async (_, field) => {
  add({ LastName: 'Ann', Email: 'ann@acme.example' });
  const outcome = await session.findContacts(
    searches({ externalId: { field, value: 'x' }, email: 'ann@acme.example' }),
  );
  expect(outcome.result).toBe('never');
});

test('a phone is only sought in spellings that mean no other number', () => {
  expect(phoneSpellings('+33612345678')).not.toContain('06 12 34 56 78');
  expect(phoneSpellings('+14155551212')).toEqual(
    expect.arrayContaining(['+14155551212', '14155551212', '4155551212', '(415) 555-1212', '+1 415 555 1212']),
  );
  expect(phoneSpellings('12 34')).toEqual(['12 34']);
});

test('creates a contact under its key, once however often', async () => {
  const draft = { LastName: 'Ann\u0007 Lee', Email: 'ann@acme.example', [keyField]: 'another', Phone: undefined };
  const first = await session.createContact(draft, key);
  const [contact] = contacts();
  expect(first).toEqual({ result: 'done', value: [{ id: contact?.Id, object: 'Contact', by: 'created' }] });
  expect(contact).toMatchObject({ LastName: 'Ann Lee', [keyField]: key.value });
  expect(await session.createContact(draft, key)).toEqual({
    result: 'done',
    value: [{ id: contact?.Id, object: 'Contact', by: 'external-id' }],
  });
  expect(contacts()).toHaveLength(1);
});

test('creates a contact without a key', async () => {
  const outcome = await session.createContact({ LastName: 'Lee', FirstName: 'Ann' });
  expect(outcome).toEqual({ result: 'done', value: [{ id: contacts()[0]?.Id, object: 'Contact', by: 'created' }] });
});

test('names longer than the fields are cut, never inside a character', async () => {
  await session.createContact({ LastName: `${'x'.repeat(78)}🙂🙂`, FirstName: 'y'.repeat(41) });
  expect(contacts()[0]).toMatchObject({ LastName: `${'x'.repeat(78)}…`, FirstName: `${'y'.repeat(39)}…` });
});

test.each([
  ['with a key', key],
  ['without one', undefined],
])('what a duplicate rule finds is given instead of a second contact (%s)', async (_, withKey) => {
  const ids = [1, 2].map((n) => add({ LastName: `Ann ${n}`, Email: 'ann@acme.example' }));
  org.simulator.duplicateRule(true);
  const outcome = await session.createContact({ LastName: 'Ann', Email: 'ann@acme.example' }, withKey);
  expect(outcome).toEqual({
    result: 'done',
    value: ids.map((id, n) => ({ id, object: 'Contact', name: `Ann ${n + 1}`, by: 'duplicate-rule' })),
  });
  expect(contacts()).toHaveLength(2);
});

test('a key that belongs to several contacts gives them all', async () => {
  org.simulator.changeField('Contact', keyField, 'not-unique');
  const ids = [1, 2].map((n) => add({ LastName: `Ann ${n}`, [keyField]: key.value }));
  const outcome = await session.createContact({ LastName: 'Ann' }, key);
  expect(outcome).toEqual({ result: 'done', value: ids.map((id) => ({ id, object: 'Contact', by: 'external-id' })) });
});

test('an old API version that tells no id: the contact is found by its key', async () => {
  const id = add({ LastName: 'Ann', [keyField]: key.value });
  const old = salesforce.connect(salesforce.account.parse({ ...org.settings, apiVersion: '45.0' }), org.tools);
  expect(await old.createContact({ LastName: 'Ann B' }, key)).toEqual({
    result: 'done',
    value: [{ id, object: 'Contact', name: 'Ann B', by: 'external-id' }],
  });
});

test('two first upserts at once: the one that loses becomes an update', async () => {
  org.simulator.refuseNext({ status: 400, errorCode: 'DUPLICATE_VALUE', times: 1 });
  add({ LastName: 'Ann', [keyField]: key.value });
  const outcome = await session.createContact({ LastName: 'Ann' }, key);
  expect(outcome).toMatchObject({ result: 'done', value: [{ by: 'external-id' }] });
});

const refused: { it: string; draft: Record<string, unknown>; field?: string; value?: string; why: RegExp }[] = [
  { it: 'a required field is missing', draft: { FirstName: 'Ann' }, why: /REQUIRED_FIELD_MISSING, LastName/ },
  { it: 'a field is unknown', draft: { LastName: 'A', Colour__c: 'red' }, why: /INVALID_FIELD, Colour__c/ },
  { it: 'an e-mail is none', draft: { LastName: 'A', Email: 'private' }, why: /INVALID_EMAIL_ADDRESS, Email/ },
  { it: 'the key field is missing', draft: { LastName: 'A' }, field: 'Chat__c', why: /no field Chat__c.*create it/ },
  { it: 'the key field is no name', draft: { LastName: 'A' }, field: 'a/b', why: /not an API name/ },
  { it: 'the key steps out of its place', draft: { LastName: 'A' }, value: '..', why: /key cannot/ },
  { it: 'the key is nothing', draft: { LastName: 'A' }, value: '', why: /key cannot/ },
];
test.each(refused)('never, and says why: $it', async ({ draft, field = keyField, value = key.value, why }) => {
  const outcome = await session.createContact(draft, { field, value });
  expect(outcome).toMatchObject({ result: 'never', why: expect.stringMatching(why) });
  expect(JSON.stringify(outcome)).not.toContain('private');
  expect(contacts()).toEqual([]);
});

test.each(['timeout-after', 'reset-after', '500-after'] as const)(
  'a lost answer (%s): later with a key and one contact in the end, unsure without',
  async (kind) => {
    org.simulator.inject({ kind, path: '/sobjects/Contact', times: 1, delayMs: 50 });
    expect(await session.createContact({ LastName: 'Ann' }, key)).toMatchObject({ result: 'later' });
    expect(await session.createContact({ LastName: 'Ann' }, key)).toMatchObject({ result: 'done' });
    expect(contacts()).toHaveLength(1);
    org.simulator.inject({ kind, path: '/sobjects/Contact', times: 1, delayMs: 50 });
    expect(await session.createContact({ LastName: 'Bob', Email: 'bob@acme.example' })).toMatchObject({
      result: 'unsure',
    });
    expect(await session.findContacts(searches({ email: 'bob@acme.example' }))).toMatchObject({
      value: [{ name: 'Bob' }],
    });
  },
);
