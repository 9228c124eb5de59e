import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { packageFolder, readComponents } from './components.ts';

const panel = join(packageFolder, '../../../chat-panel/main/default');
const read = (file: string) => readFileSync(join(panel, file), 'utf8');
const xml = (file: string): Record<string, Record<string, unknown>> => {
  expect(XMLValidator.validate(read(file))).toBe(true);
  return new XMLParser({ parseTagValue: false }).parse(read(file));
};
const list = (value: unknown): Record<string, string>[] => [value].flat() as Record<string, string>[];

const fields = async () =>
  new Set(
    (await readComponents(packageFolder)).filter(({ type }) => type === 'CustomField').map(({ fullName }) => fullName),
  );

test('the controller reads fields that the package has, in user mode and with sharing', async () => {
  const apex = read('classes/PasserelleChatController.cls');
  const there = await fields();
  const asked = [...new Set(apex.match(/\b\w+__c\b/g))].filter((name) => name !== 'Passerelle_Message__c');
  expect(asked.length).toBeGreaterThan(7);
  expect(asked.filter((name) => !there.has(`Passerelle_Message__c.${name}`))).toEqual([]);
  expect(apex).toContain('public with sharing class');
  expect(apex.match(/\bFROM\b/g)).toHaveLength(apex.match(/\bWITH USER_MODE\b/g)!.length);
});

test('the permission set opens what the controller reads, for reading alone', async () => {
  const set = xml('permissionsets/Passerelle_Chat_Reader.permissionset-meta.xml')['PermissionSet']!;
  const there = await fields();
  const opened = list(set['fieldPermissions']);
  expect(opened.filter(({ field }) => !there.has(field!))).toEqual([]);
  expect(opened.filter(({ editable }) => editable !== 'false')).toEqual([]);
  const apex = read('classes/PasserelleChatController.cls');
  const names = new Set(opened.map(({ field }) => field!.split('.')[1]!));
  const asked = new Set(apex.match(/\b\w+__c\b/g)?.filter((name) => name !== 'Passerelle_Message__c'));
  expect(names).toEqual(asked);
  expect(list(set['classAccesses'])[0]).toMatchObject({ apexClass: 'PasserelleChatController' });
});

test('the component is for the pages of Contact and Case, and its property is one it has', () => {
  const bundle = xml('lwc/passerelleChat/passerelleChat.js-meta.xml')['LightningComponentBundle']!;
  const meta = read('lwc/passerelleChat/passerelleChat.js-meta.xml');
  expect([bundle['isExposed'], meta.match(/<object>(\w+)<\/object>/g)?.length]).toEqual(['true', 2]);
  const property = /<property name="(\w+)" type="String" default="([^"]+)"/.exec(meta)!;
  const code = read('lwc/passerelleChat/passerelleChat.js');
  expect(code).toContain(`@api ${property[1]} = '${property[2]}'`);
  const template = read('lwc/passerelleChat/passerelleChat.html');
  const used = new Set([...template.matchAll(/\{(\w+)[.\w]*\}/g)].map(([, name]) => name!));
  const inLoops = ['choice', 'message'];
  const missing = [...used].filter(
    (name) => !inLoops.includes(name) && !new RegExp(`^  (?:get |async )?${name}\\b`, 'm').test(code),
  );
  expect(missing).toEqual([]);
});

test('each class has its description, of the version of the project', () => {
  const { sourceApiVersion } = JSON.parse(readFileSync(join(panel, '../../../sfdx-project.json'), 'utf8'));
  for (const name of ['PasserelleChatController', 'PasserelleChatControllerTest'])
    expect(xml(`classes/${name}.cls-meta.xml`)['ApexClass']).toMatchObject({
      apiVersion: sourceApiVersion,
      status: 'Active',
    });
});
