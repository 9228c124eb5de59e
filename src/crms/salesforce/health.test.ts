import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestOrg, type TestOrg } from '../../sandbox/salesforce/org-for-tests.ts';
import { salesforce } from './crm.ts';

let org: TestOrg;
beforeAll(async () => {
  org = await startTestOrg();
});
beforeEach(() => org.simulator.reset());
afterAll(() => org.close());

const connect = () => salesforce.connect(salesforce.account.parse(org.settings), org.tools);

test('all is well', async () => {
  expect(await connect().checkHealth()).toEqual([
    { ok: true, what: 'Salesforce login' },
    { ok: true, what: 'Salesforce API limit', why: expect.stringMatching(/^\d+ of 15000 calls used/) },
    { ok: true, what: 'Salesforce key field of Task', why: 'Passerelle_Key__c' },
  ]);
});

const ills: [string, () => void, string, RegExp][] = [
  ['a refused login', () => org.simulator.refuseLogin(true), 'Salesforce login', /invalid_grant/],
  ['few calls left', () => org.simulator.setApiLimit(1), 'Salesforce API limit', /1 of 1 calls used/],
  ['no calls left', () => org.simulator.setApiLimit(0), 'Salesforce API limit', /REQUEST_LIMIT_EXCEEDED/],
  [
    'no key field',
    () => org.simulator.changeField('Task', 'Passerelle_Key__c', 'remove'),
    'Salesforce key field of Task',
    /no external id field/,
  ],
  [
    'a key field that is not unique',
    () => org.simulator.changeField('Task', 'Passerelle_Key__c', 'not-unique'),
    'Salesforce key field of Task',
    /Passerelle_Key__c is not unique/,
  ],
];
test.each(ills)('finds %s', async (_, make, what, why) => {
  make();
  const findings = await connect().checkHealth();
  expect(findings).toContainEqual(expect.objectContaining({ ok: false, what, why: expect.stringMatching(why) }));
});

test('a record’s address is on the org’s own site once it is known', async () => {
  const session = connect();
  await session.checkHealth();
  expect(session.recordUrl('0035e00000000017AA')).toBe(`${org.simulator.url}/0035e00000000017AA`);
});
