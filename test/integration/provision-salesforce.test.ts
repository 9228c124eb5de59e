import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { startTestOrg, type TestOrg } from '../../src/sandbox/salesforce/org-for-tests.ts';
import { commandLine } from '../support/command-line.ts';

let org: TestOrg;
let folder: string;
let file: string;
beforeAll(async () => {
  org = await startTestOrg();
  folder = await mkdtemp(join(tmpdir(), 'passerelle-orgs-'));
  file = join(folder, 'passerelle.yaml');
  const cases = { ...org.settings, id: 'acme-cases', crm: 'acme-salesforce' };
  await writeFile(file, stringify({ helpdesks: [cases], crms: [org.settings] }));
});
beforeEach(() => {
  org.simulator.reset();
  org.simulator.bare();
});
afterAll(async () => {
  await org.close();
  await rm(folder, { recursive: true, force: true });
});

const provision = (...options: string[]) => commandLine(file, undefined, ['provision', 'salesforce', ...options]);
const flows = () => org.simulator.records('FlowDefinitionView').map(({ IsActive }) => IsActive);

test('shows what differs and changes nothing, deploys it, and is then content', async () => {
  const shown = await provision('--dry-run');
  expect(shown.code).toBe(1);
  expect(shown.out).toContain('field Case.Passerelle_Key__c');
  expect(shown.out).toContain('nothing was changed');
  expect(flows()).toEqual([]);

  const deployed = await provision('acme-cases');
  expect(deployed).toMatchObject({ code: 0, err: '' });
  expect(deployed.out).toMatch(/InProgress: \d+ of \d+ components[\s\S]*Succeeded[\s\S]*The package was deployed\./);
  expect(flows()).toEqual([true]);
  expect(() => org.simulator.add('Individual', { LastName: 'Sand', Passerelle_Key__c: 'contact:1' })).toThrow(
    'INVALID_FIELD',
  );

  const again = await provision('acme-cases');
  expect(again).toMatchObject({ code: 0, out: 'acme-cases\n  All is as wanted.\n' });
  expect((await commandLine(file, undefined, ['provision', 'salesforce', '--dry-run'])).code).toBe(0);
}, 20_000);

test('an org that is helpdesk and CRM is set up once', async () => {
  const { out } = await provision('--dry-run', '--json');
  expect(
    out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).account),
  ).toEqual(['acme-cases']);
}, 20_000);

test('an org that consents are written to gets their part, and its user the rights', async () => {
  const other = join(folder, 'consents.yaml');
  await writeFile(other, stringify({ crms: [{ ...org.settings, consent: { write: true } }] }));
  expect(await commandLine(other, undefined, ['provision', 'salesforce'])).toMatchObject({ code: 0, err: '' });
  org.simulator.add('Individual', { LastName: 'Sand', Passerelle_Key__c: 'contact:1' });
  expect(org.simulator.records('PermissionSet').map(({ Name }) => Name)).toEqual(['Passerelle', 'Passerelle_Consent']);
  const again = await commandLine(other, undefined, ['provision', 'salesforce', '--dry-run']);
  expect(again).toMatchObject({ code: 0, out: 'acme-salesforce\n  All is as wanted.\n' });
}, 20_000);

test('takes away only when told twice, and keeps fields', async () => {
  await provision();
  const asked = await provision('--remove');
  expect(asked).toMatchObject({ code: 2, out: '', err: expect.stringContaining('--yes') });
  expect(flows()).toEqual([true]);
  expect((await provision('--remove', '--yes')).code).toBe(0);
  expect(flows()).toEqual([false]);
  expect(org.simulator.add('Case', { Passerelle_Key__c: 'still there' })).toMatch(/^500/);
}, 20_000);

test('hands the package over as a zip, without asking Salesforce', async () => {
  const before = (await org.calls()).length;
  const zip = join(folder, 'org.zip');
  expect(await provision('--zip', zip)).toMatchObject({ code: 0, err: '' });
  const files = Object.keys(unzipSync(await readFile(zip)));
  expect(files).toEqual(expect.arrayContaining(['package.xml', 'objects/Case.object', 'objects/Activity.object']));
  expect(await org.calls()).toHaveLength(before);
});

test('a refusal is told with its reason, and what an administrator can do', async () => {
  await commandLine(file, undefined, ['provision', 'salesforce', '--dry-run']);
  org.simulator.refuseLogin(true);
  const refused = await provision();
  expect(refused.code).toBe(1);
  expect(refused.out).toMatch(/Not done: Salesforce login refused[\s\S]*--zip/);
}, 20_000);

test('an account there is none of is wrong usage', async () => {
  expect(await provision('acme-other')).toMatchObject({ code: 2, err: expect.stringContaining('acme-cases') });
});
