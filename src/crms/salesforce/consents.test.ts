import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ContactId } from '../../domain/ids.ts';
import { startTestOrg, type TestOrg } from '../../sandbox/salesforce/org-for-tests.ts';
import type { ConsentToHold, CrmConsents } from '../crm.ts';
import { salesforce } from './crm.ts';

let org: TestOrg;
let consents: CrmConsents;
beforeAll(async () => {
  org = await startTestOrg();
});
beforeEach(() => {
  org.simulator.reset();
  consents = connect({ write: true, pointTypes: { sms: 'Phone' } });
});
afterAll(() => org.close());

const connect = (consent: object) =>
  salesforce.connect(salesforce.account.parse({ ...org.settings, consent }), org.tools).consents!;

const since = new Date('2026-02-01T10:00:00.000Z');
const consent = (contact: string, news: Partial<ConsentToHold> = {}): ConsentToHold => ({
  ...{ key: `consent:${contact}`, contact: contact as ContactId, channel: '*', purpose: 'marketing' },
  ...{ state: 'granted', since, source: 'keyword' },
  ...news,
});
const lead = () => org.simulator.add('Lead', { LastName: 'Sand', FirstName: 'George', Company: 'Nohant' });
const individualOf = (object: 'Contact' | 'Lead', id: string) =>
  org.simulator.records(object).find(({ Id }) => Id === id)?.['IndividualId'];
const individuals = () => org.simulator.records('Individual');
const records = () => org.simulator.records('ContactPointTypeConsent');
const write = async (...each: ConsentToHold[]) => {
  const written = await consents.write!(each);
  if (written.result !== 'done') throw new Error(written.why);
  return written.value.map(({ result }) => result);
};

test('a lead gets an individual of its own, and what it agreed to', async () => {
  const id = lead();
  expect(await write(consent(id, { channel: 'sms' }))).toEqual(['done']);
  expect(individuals()).toEqual([
    expect.objectContaining({ Id: individualOf('Lead', id), FirstName: 'George', LastName: 'Sand' }),
  ]);
  expect(records()).toEqual([
    expect.objectContaining({
      ...{ Name: 'marketing, sms', PartyId: individualOf('Lead', id), PrivacyConsentStatus: 'OptIn' },
      ...{ ContactPointType: 'Phone', CaptureSource: 'Passerelle: keyword' },
    }),
  ]);
});

test('leads and contacts go together; written again nothing is there twice', async () => {
  const ids = [lead(), org.simulator.add('Contact', { LastName: 'Chopin' })];
  const all = ids.map((id) => consent(id));
  expect(await write(...all)).toEqual(['done', 'done']);
  expect(await write(...all.map((each) => ({ ...each, state: 'revoked' as const })))).toEqual(['done', 'done']);
  expect(individuals()).toHaveLength(2);
  expect(records().map(({ PrivacyConsentStatus }) => PrivacyConsentStatus)).toEqual(['OptOut', 'OptOut']);
});

test('an individual the lead had before is kept, and outlives the consents', async () => {
  const before = org.simulator.add('Individual', { LastName: 'Sand' });
  const id = org.simulator.add('Lead', { LastName: 'Sand', Company: 'Nohant', IndividualId: before });
  await write(consent(id));
  expect(records()).toEqual([expect.objectContaining({ PartyId: before })]);
  expect(await consents.erase([`consent:${id}`], [id])).toMatchObject({ result: 'done' });
  expect([records(), individuals().map(({ Id }) => Id)]).toEqual([[], [before]]);
});

test('a lead that is gone keeps nobody else from being written', async () => {
  const [gone, id] = [lead(), lead()];
  org.simulator.remove('Lead', gone);
  expect(await write(consent(gone), consent(id))).toEqual(['never', 'done']);
});

test('what somebody changes on a lead’s record is told, and says whose it is', async () => {
  const id = lead();
  await write(consent(id));
  const first = await consents.changed(undefined);
  org.simulator.agentChanges('ContactPointTypeConsent', records()[0]!.Id, { PrivacyConsentStatus: 'OptOut' });
  const changed = await consents.changed(first.result === 'done' ? first.value.cursor : undefined);
  expect(changed).toMatchObject({ result: 'done', value: { contacts: [id] } });
  expect(await consents.of([id as ContactId])).toMatchObject({
    value: [{ name: `consent:${id}`, contact: id, state: 'revoked', ours: true }],
  });
});
