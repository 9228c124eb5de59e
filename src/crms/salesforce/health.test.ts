import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestOrg, type TestOrg } from '../../sandbox/salesforce/org-for-tests.ts';
import { salesforce } from './crm.ts';

let org: TestOrg;
beforeAll(async () => {
  org = await startTestOrg();
});
beforeEach(() => org.simulator.reset());
afterAll(() => org.close());

const connect = (more: object = {}) =>
  salesforce.connect(salesforce.account.parse({ ...org.settings, ...more }), org.tools);

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

const consent = {
  fields: [{ field: 'Marketing_Opt_In__c', purpose: 'marketing' }],
  records: [{ contactPointType: 'Web', purpose: 'order-updates' }],
};
const consentFindings = async (more: object) =>
  (await connect({ consent: { ...consent, ...more } }).checkHealth())
    .filter(({ what }) => what.includes('consents'))
    .map(({ ok, what, ...told }) => [what.replace('Salesforce consents: ', ''), ok || told]);

test('what consents need is looked at: what is read, or what is written', async () => {
  expect(await consentFindings({})).toEqual([
    ['Contact (Marketing_Opt_In__c)', true],
    ['Contact (IndividualId)', true],
    ['ContactPointTypeConsent (PartyId)', true],
  ]);
  expect(await consentFindings({ write: true })).toEqual([
    ['Contact (Marketing_Opt_In__c)', true],
    ['Contact (IndividualId)', true],
    ['Individual (Passerelle_Key__c)', true],
    ['ContactPointTypeConsent (Passerelle_Key__c)', true],
  ]);
});

test('an org without the package’s part for consents is told how to get it', async () => {
  org.simulator.bare();
  const lacks = {
    why: expect.stringContaining('Passerelle_Key__c: not there'),
    fix: 'run passerelle provision salesforce',
  };
  const found = await consentFindings({ fields: [{ field: 'Newsletter__c', purpose: 'marketing' }], write: true });
  expect(found).toEqual([
    [
      'Contact (Newsletter__c)',
      { why: expect.stringContaining('Newsletter__c'), fix: expect.stringContaining('`consent`') },
    ],
    ['Contact (IndividualId)', true],
    ['Individual (Passerelle_Key__c)', lacks],
    ['ContactPointTypeConsent (Passerelle_Key__c)', lacks],
  ]);
});
