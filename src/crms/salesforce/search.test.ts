import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestOrg, type TestOrg } from '../../sandbox/salesforce/org-for-tests.ts';
import type { ContactSearch, CrmSession } from '../crm.ts';
import { salesforce } from './crm.ts';

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

const all = ['Contact', 'Lead', 'PersonAccount'] as const;
const key: ContactSearch = {
  by: 'external-id',
  field: 'Passerelle_Key__c',
  values: ['a:b:1', 'a:b:2'],
  objects: ['Contact'],
};
const shop = (objects: ContactSearch['objects'] = ['Contact']): ContactSearch => ({
  by: 'shop-customer',
  field: 'Shop_Customer_Id__c',
  values: ['C-1'],
  objects,
});
const mail = (objects: ContactSearch['objects'] = ['Contact']): ContactSearch => ({
  by: 'email',
  values: ['ann@acme.example'],
  objects,
});
const phone = (objects: ContactSearch['objects'] = ['Contact']): ContactSearch => ({
  by: 'phone',
  values: ['+14155551212'],
  objects,
});
const contact = (fields: Record<string, unknown>) => org.simulator.add('Contact', { LastName: 'Lee', ...fields });
const lead = (fields: Record<string, unknown>) =>
  org.simulator.add('Lead', { LastName: 'Lee', Company: 'Lee', ...fields });

async function found(...searches: ContactSearch[]) {
  const outcome = await session.findContacts(searches);
  if (outcome.result !== 'done') throw new Error(JSON.stringify(outcome));
  return outcome.value.map(({ id, object, by }) => [id, object, by]);
}

const Email = 'ann@acme.example';
const Phone = '(415) 555-1212';
const cases: { it: string; there(): string[]; by: ContactSearch[]; gives: [number, string, string][] }[] = [
  {
    it: 'of several keys of one customer, each',
    there: () => [contact({ Passerelle_Key__c: 'a:b:2' }), contact({ Email })],
    by: [key, mail()],
    gives: [[0, 'Contact', 'external-id']],
  },
  {
    it: 'the id at the shop, and not by another’s letter case of our key',
    there: () => [contact({ Shop_Customer_Id__c: 'C-1' }), contact({ Passerelle_Key__c: 'A:B:1' })],
    by: [key, shop()],
    gives: [[0, 'Contact', 'shop-customer']],
  },
  {
    it: 'two of one rule are two, whatever weaker rules find',
    there: () => [contact({ Email }), contact({ Email: 'ANN@acme.example' }), contact({ Phone })],
    by: [mail(), phone()],
    gives: [
      [0, 'Contact', 'email'],
      [1, 'Contact', 'email'],
    ],
  },
  {
    it: 'a weaker rule decides when the stronger finds none',
    there: () => [contact({ MobilePhone: Phone })],
    by: [key, mail(), phone()],
    gives: [[0, 'Contact', 'phone']],
  },
  {
    it: 'a rule is for its objects alone',
    there: () => [lead({ Email }), contact({ Phone })],
    by: [mail(['Contact']), phone(['Contact', 'Lead'])],
    gives: [[1, 'Contact', 'phone']],
  },
  {
    it: 'a lead that is none yet',
    there: () => [lead({ Email })],
    by: [mail(['Contact', 'Lead'])],
    gives: [[0, 'Lead', 'email']],
  },
  {
    it: 'a contact and a lead with one address are two',
    there: () => [contact({ Email }), lead({ Email })],
    by: [mail(['Contact', 'Lead'])],
    gives: [
      [0, 'Contact', 'email'],
      [1, 'Lead', 'email'],
    ],
  },
  {
    it: 'a lead that was converted is its contact, and both are one',
    there: () => {
      const ids = [contact({ Email }), lead({ Email })] as [string, string];
      org.simulator.convertLead(ids[1], ids[0]);
      return ids;
    },
    by: [mail(['Contact', 'Lead'])],
    gives: [[0, 'Contact', 'email']],
  },
  {
    it: 'a converted lead alone leads to its contact',
    there: () => {
      const ids = [contact({}), lead({ Email })] as [string, string];
      org.simulator.convertLead(ids[1], ids[0]);
      return ids;
    },
    by: [mail(['Lead'])],
    gives: [[0, 'Contact', 'email']],
  },
  {
    it: 'a person account is its contact',
    there: () => [org.simulator.addPersonAccount({ LastName: 'Lee', Email, MobilePhone: Phone }).contact],
    by: [mail(['PersonAccount']), phone(['PersonAccount'])],
    gives: [[0, 'PersonAccount', 'email']],
  },
  {
    it: 'a person account by a field of its contact, and as a contact it is the same',
    there: () => [org.simulator.addPersonAccount({ LastName: 'Lee', Shop_Customer_Id__c: 'C-1' }).contact],
    by: [shop([...all])],
    gives: [[0, 'Contact', 'shop-customer']],
  },
];
test.each(cases)('finds $it', async ({ there, by, gives }) => {
  org.simulator.addPersonAccount({ LastName: 'Else', Email: 'else@acme.example' });
  const ids = there();
  expect(await found(...by)).toEqual(gives.map(([n, object, how]) => [ids[n], object, how]));
});

test('all rules and objects are one request, and no rule none', async () => {
  org.simulator.addPersonAccount({ LastName: 'Lee', Email });
  await found(mail(), phone());
  await found({ ...key, objects: ['Contact', 'Lead'] }, shop([...all]), mail([...all]), phone([...all]));
  await found();
  const calls = await org.calls();
  expect(calls.filter((call) => !call.includes('oauth2')).map((call) => call.replace(/\?.*/, ''))).toEqual([
    'GET /query',
    'POST /composite',
  ]);
});

test('hundreds with one telephone exchange do not hide who has the key', async () => {
  for (let n = 0; n < 210; n++) contact({ Phone });
  const id = contact({ Passerelle_Key__c: 'a:b:1' });
  expect(await found(key, phone())).toEqual([[id, 'Contact', 'external-id']]);
  expect(await found(phone())).toHaveLength(20);
});

test.each([
  ['no person accounts in the org', mail([...all]), /INVALID_FIELD/],
  ['no such field', { ...shop(), field: 'Nothing__c' }, /INVALID_FIELD/],
  ['a field that is no name', { ...shop(), field: 'Id = null OR Name' }, /not the API name/],
])('never, and says why: %s', async (_, search, why) => {
  expect(await session.findContacts([search])).toMatchObject({ result: 'never', why: expect.stringMatching(why) });
});

test('a lost or refused answer is asked for again', async () => {
  org.simulator.inject({ kind: 'reset-after', path: '/composite', times: 1 });
  expect(await session.findContacts([mail(['Contact', 'Lead'])])).toMatchObject({ result: 'later' });
  org.simulator.inject({ kind: '503', times: 1 });
  expect(await session.findContacts([mail(['Contact', 'Lead'])])).toMatchObject({ result: 'later' });
  expect(await found(mail(['Contact', 'Lead']))).toEqual([]);
});

test('a person who refused those who look the same: one is made all the same', async () => {
  contact({ Email });
  org.simulator.duplicateRule(true);
  const field = { field: 'Passerelle_Key__c', value: 'a:b:1' };
  expect(await session.createContact({ LastName: 'Lee', Email }, field)).toMatchObject({
    value: [{ by: 'duplicate-rule' }],
  });
  expect(await session.createContact({ LastName: 'Lee', Email }, field, true)).toMatchObject({
    value: [{ by: 'created' }],
  });
});

test('history of a lead that was converted meanwhile is told where it went; of one whose contact is gone, too', async () => {
  const [who, became] = [lead({}), contact({})];
  const entry = {
    shape: 'task' as const,
    key: 'k',
    keyField: 'Passerelle_Key__c',
    contact: who as never,
    subject: 's',
    description: 'd',
    day: '2026-01-31',
    fields: {},
  };
  expect(await session.recordHistory(entry)).toMatchObject({ result: 'done' });
  org.simulator.convertLead(who, became);
  expect(await session.recordHistory(entry)).toEqual({ result: 'contact-moved', to: became });
  org.simulator.remove('Lead', who);
  expect(await session.recordHistory(entry)).toEqual({ result: 'contact-gone' });
});

test('a task is untied from its contact', async () => {
  const who = contact({});
  const entry = {
    shape: 'task' as const,
    key: 'k',
    keyField: 'Passerelle_Key__c',
    subject: 's',
    description: 'd',
    day: '2026-01-31',
    fields: {},
  };
  await session.recordHistory({ ...entry, contact: who as never });
  await session.recordHistory({ ...entry, untie: true });
  expect(org.simulator.records('Task').map(({ WhoId }) => WhoId)).toEqual([null]);
});

test('two replicas that create one customer’s contact at once make one', async () => {
  const replicas = [1, 2, 3].map(() => salesforce.connect(salesforce.account.parse(org.settings), org.tools));
  const field = { field: 'Passerelle_Key__c', value: 'a:b:1' };
  const made = await Promise.all(replicas.map((each) => each.createContact({ LastName: 'Lee' }, field)));
  const ids = made.flatMap((outcome) => (outcome.result === 'done' ? outcome.value.map(({ id }) => id) : []));
  expect(ids).toHaveLength(3);
  expect(new Set(ids).size).toBe(1);
  expect(org.simulator.records('Contact')).toHaveLength(1);
});
