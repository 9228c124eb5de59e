import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { consentKeyField } from '../../crms/salesforce/held-consents.ts';
import { salesforceDesk } from '../../helpdesks/salesforce/account.ts';
import { startTestOrg, type TestOrg } from '../../sandbox/salesforce/org-for-tests.ts';
import { mappingSchema } from '../../settings/mapping-schema.ts';
import { type Connection, openConnection } from '../connection.ts';
import { bundleOf, removalOf, zipOf } from './bundle.ts';
import { assignTo, compare } from './compare.ts';
import { type Component, consentFolder, packageFolder, readComponents } from './components.ts';
import { deploy } from './deploy.ts';

let org: TestOrg;
let connection: Connection;
let components: Component[];
beforeAll(async () => {
  org = await startTestOrg();
  components = [...(await readComponents(packageFolder)), ...(await readComponents(consentFolder))];
});
beforeEach(() => {
  org.simulator.reset();
  connection = openConnection(salesforceDesk.parse(org.settings), org.tools);
});
afterAll(() => org.close());

const soon = { ...{ now: () => new Date() }, sleep: async () => undefined };
const install = (files = bundleOf(components, '62.0'), checkOnly = false) =>
  deploy(connection, soon, zipOf(files), { checkOnly, onProgress: () => undefined });
const differences = async (of = components) => {
  const compared = await compare(connection, of);
  if (compared.result !== 'done') throw new Error(compared.why);
  return compared.value;
};

/** Every field that the code or the default mapping writes, as the package would name it. */
function written(): string[] {
  const desk = salesforceDesk.parse(org.settings);
  const { contacts, history } = mappingSchema().parse({});
  return [
    ...[desk.keyField, desk.markerField, desk.tagsField].map((name) => `Case.${name}`),
    `Contact.${desk.contactKeyField}`,
    `Contact.${contacts.externalIdField}`,
    `Activity.${history.keyField}`,
    `${history.object}.${history.keyField}`,
    ...Object.keys(history.objectFields({} as never)).map((name) => `${history.object}.${name}`),
    `${desk.event}.Case_Id__c`,
    `Individual.${consentKeyField}`,
    `ContactPointTypeConsent.${consentKeyField}`,
  ];
}

test('the package holds every field that is written, and the permission sets open each', () => {
  const fields = components.filter(({ type }) => type === 'CustomField').map(({ fullName }) => fullName);
  expect(fields).toEqual(expect.arrayContaining(written()));
  const sets = components.filter(({ type }) => type === 'PermissionSet').map(({ inner }) => inner);
  const open = [...sets.join('').matchAll(/<editable>true<\/editable>\s*<field>(.*?__c)<\/field>/g)].map(
    ([, name]) => name,
  );
  const own = fields.filter((name) => !name.includes('__e.')).map((name) => name.replace(/^Activity\./, 'Task.'));
  expect(open.toSorted()).toEqual(own.toSorted());
});

test('an org that is prepared has all of it, and the simulated one is no other', async () => {
  expect(await differences()).toEqual([]);
});

const unassigned = 'not assigned to the user of Passerelle';

test('a bare org lacks all; a trial changes nothing; then it has all, and works', async () => {
  org.simulator.bare();
  const lacking = await differences();
  expect(lacking.length).toBeGreaterThan(6);
  expect(lacking.map(({ what }) => what)).toEqual(
    expect.arrayContaining([
      'field Case.Passerelle_Key__c',
      'object Passerelle_Message__c',
      'flow Passerelle_Case_Comment',
    ]),
  );
  expect(await install(undefined, true)).toMatchObject({ result: 'done', value: { success: true, problems: [] } });
  expect(await differences()).toEqual(lacking);
  expect(await install()).toMatchObject({ result: 'done', value: { success: true, problems: [] } });
  expect((await differences()).map(({ now }) => now)).toEqual([unassigned, unassigned]);
  expect(await assignTo(connection, 'Passerelle_Consent')).toMatchObject({ result: 'done' });
  expect(await assignTo(connection, 'Passerelle')).toMatchObject({ result: 'done' });
  expect(await assignTo(connection, 'Passerelle')).toMatchObject({ result: 'done' });
  expect(await differences()).toEqual([]);
  org.simulator.add('Case', {
    Subject: 'x',
    Passerelle_Key__c: 'k',
    Passerelle_Marker__c: 'm',
    Passerelle_Tags__c: 't',
  });
  expect(() => org.simulator.add('Case', { Passerelle_Key__c: 'k' })).toThrow('DUPLICATE_VALUE');
});

test('deployed again it changes nothing', async () => {
  await install();
  expect(await differences()).toEqual([]);
});

test('what is there in another way is told, with both ways', async () => {
  org.simulator.changeField('Case', 'Passerelle_Key__c', 'not-unique');
  expect(await differences()).toEqual([
    {
      what: 'field Case.Passerelle_Key__c',
      now: 'string 255, external id',
      wanted: 'string 255, external id, unique, case sensitive',
    },
  ]);
});

test('removal takes the flow out of use and the permission set away, and keeps what was written', async () => {
  const id = org.simulator.add('Case', { Passerelle_Key__c: 'kept' });
  expect(await install(removalOf(components, '62.0'))).toMatchObject({ result: 'done', value: { success: true } });
  expect((await differences()).map(({ what }) => what)).toEqual([
    'flow Passerelle_Case_Comment',
    'permission set Passerelle',
    'permission set Passerelle_Consent',
  ]);
  expect(org.simulator.records('Case').find(({ Id }) => Id === id)?.['Passerelle_Key__c']).toBe('kept');
});

const broken: [string, (files: Map<string, string>) => void, RegExp][] = [
  ['a file that is missing', (files) => files.delete('flows/Passerelle_Case_Comment.flow'), /not found in zipped/],
  ['a file that is not named', (files) => files.set('flows/Other.flow', '<Flow/>'), /not named in package\.xml/],
  ['XML that is none', (files) => files.set('objects/Case.object', '<CustomObject>'), /Error parsing/],
  [
    'a field without a length',
    (files) => files.set('objects/Case.object', files.get('objects/Case.object')!.replace(/<length>.*<\/length>/, '')),
    /length/,
  ],
  [
    'a permission for a field there is none of',
    (files) =>
      files.set(
        'permissionsets/Passerelle.permissionset',
        files.get('permissionsets/Passerelle.permissionset')!.replace('Case.Passerelle_Key__c', 'Case.Other__c'),
      ),
    /no CustomField named Case\.Other__c/,
  ],
];
test.each(broken)('%s is refused whole, with the reason', async (_, spoil, reason) => {
  org.simulator.bare();
  const files = bundleOf(components, '62.0');
  spoil(files);
  const ended = await install(files);
  expect(ended).toMatchObject({ result: 'done', value: { success: false } });
  expect(JSON.stringify(ended)).toMatch(reason);
  expect((await differences()).map(({ what }) => what)).toContain('field Case.Passerelle_Key__c');
});

test('a user who may not deploy, and an org that is down, are told apart', async () => {
  org.simulator.refuseNext({ status: 403, errorCode: 'INSUFFICIENT_ACCESS', times: 1 });
  expect(await install()).toMatchObject({ result: 'never', code: 'INSUFFICIENT_ACCESS' });
  org.simulator.inject({ kind: '503', path: '/deployRequest', times: 1 });
  expect((await install()).result).toBe('later');
});

test('a source file that is no XML, or of no known type, is a mistake of ours and stops it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'package-'));
  await writeFile(join(folder, 'X.flow-meta.xml'), '<Flow>');
  await expect(readComponents(folder)).rejects.toThrow('not well-formed');
  const other = await mkdtemp(join(tmpdir(), 'package-'));
  await writeFile(join(other, 'X.layout-meta.xml'), '<Layout/>');
  await expect(readComponents(other)).rejects.toThrow('no component');
});
