import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandLine } from '../support/command-line.ts';
import { addDeskFields } from '../support/desk-fields.ts';
import { type Product, startProduct } from '../support/product.ts';

let product: Product;
let fields: ReturnType<typeof addDeskFields>;
beforeAll(async () => {
  product = await startProduct();
  fields = addDeskFields(product.zendesk);
});
afterAll(() => product?.stop());

async function check(yaml: string, ...options: string[]) {
  const file = join(product.folder, 'draft.yaml');
  writeFileSync(file, yaml);
  const ended = await commandLine(product.file, product.databaseUrl, ['mapping', 'check', file, ...options]);
  return {
    ...ended,
    err: ended.err.replaceAll(`${file}:`, '').split('\n').slice(0, -1),
    out: ended.out.replace(file, 'draft'),
  };
}

test('what is there is fine', async () => {
  const { code, out } = await check(
    `
routing:
  - { when: { customer: known }, set: { group: vip, brand: Acme Outlet, form: Returns form, assignee: Alice@acme.example, priority: high } }
  - set: { group: "360000100001", fields: { custom_fields: [{ id: ${fields.way}, value: app }, { id: ${fields.call}, value: true }] } }
tickets: { fields: { custom_fields: [{ id: ${fields.order}, value: "{{ customer.phone }}" }] } }
requester: { fields: { language: "{{ customer.locale }}", tier: gold } }
contacts: { fields: { LeadSource: Chat } }
history: { fields: { Priority: Low, TaskSubtype: Call } }
`,
    '--live',
  );
  expect([code, out]).toEqual([0, 'draft: ok\n']);
});

test('every name, value, type and missing field is told with its place', async () => {
  const wrong = `
routing:
  - set:
      group: Suport
      brand: Acme Inlet
      form: Nope
      assignee: nobody@acme.example
      fields:
        custom_fields:
          - { id: 12, value: x }
          - { id: ${fields.way}, value: ap }
          - { id: ${fields.call}, value: "yes" }
requester:
  fields: { langage: x, tier: bronze }
contacts:
  externalIdField: Email
  fields:
    Nickname__c: x
    LastName: ""
    HasOptedOutOfEmail: perhaps
    Department: ${'x'.repeat(81)}
history:
  keyField: Passerelle_Kee__c
  fields:
    TaskSubtype: Cal
    ActivityDate: tomorrow
    IsClosed: true
`;
  const { code, err } = await check(wrong, '--live');
  expect(code).toBe(1);
  expect(err).toEqual([
    '4:14 routing[0].set.group: there is no such group (expected: Support)',
    '5:14 routing[0].set.brand: there is no such brand (expected: Acme Outlet)',
    '6:13 routing[0].set.form: there is no such form (expected: one of Default, Returns form)',
    '7:17 routing[0].set.assignee: there is no agent of this e-mail address',
    '10:19 routing[0].set.fields.custom_fields[0].id: there is no ticket field of this number',
    '11:40 routing[0].set.fields.custom_fields[1].value: not a value of the field “Way” (expected: app)',
    '12:40 routing[0].set.fields.custom_fields[2].value: not a value of the field “Wants a call” (expected: true or false)',
    '14:22 requester.fields.langage: there is no user field of this key (expected: language)',
    '14:31 requester.fields.tier: not a value of the field “Tier” (expected: one of gold, silver)',
    '16:20 contacts.externalIdField: Contact.Email is not a unique external id',
    '17:3 contacts.fields: a new record needs LastName, which nothing sets',
    '18:18 contacts.fields.Nickname__c: Contact has no field Nickname__c (expected: one of Id, IsDeleted, OwnerId, CreatedDate, CreatedById, LastModifiedDate, LastModifiedById, SystemModstamp, Salutation, FirstName, LastName, Name…)',
    '20:25 contacts.fields.HasOptedOutOfEmail: not a value of the field HasOptedOutOfEmail (boolean) (expected: true or false)',
    '21:17 contacts.fields.Department: not a value of the field Department (string) (expected: at most 80 characters)',
    '23:13 history.keyField: Task has no field Passerelle_Kee__c (expected: Passerelle_Key__c)',
    '25:18 history.fields.TaskSubtype: not a value of the field TaskSubtype (picklist) (expected: Call)',
    '26:19 history.fields.ActivityDate: not a value of the field ActivityDate (date) (expected: a date such as 2026-01-31)',
    '27:15 history.fields.IsClosed: Task.IsClosed cannot be set by this user',
    '18 mistakes in the mapping.',
  ]);
});

test('an object that is not there, and mistakes without asking anybody', async () => {
  const { err } = await check('history: { shape: object, object: Chat__c }', '--live');
  expect(err[0]).toBe('1:35 history.object: acme-salesforce has no object Chat__c, or its user may not see it');
  expect((await check('routing: [{ set: { group: Suport } }]')).code).toBe(0);
});

test('accounts that cannot be asked are named, and nothing is called right that was not looked at', async () => {
  product.zendesk.inject({ kind: '500', times: 50, path: '/api/v2/groups' });
  const { code, err, out } = await check('routing: [{ set: { group: Support } }]', '--live');
  product.zendesk.clearFaults();
  expect([code, out]).toEqual([1, '']);
  expect(err).toEqual([expect.stringMatching(/^Not checked: acme-zendesk: /)]);
});
