// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what these files hold.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Mapping as DomainMapping, MappingContext } from '../domain/mapping.ts';
import { type CompiledMapping, readMapping } from './mapping.ts';
import { describeMistake } from './mistake.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'passerelle-mapping-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function read(yaml: string) {
  const path = join(folder, 'mapping.yaml');
  writeFileSync(path, yaml);
  return readMapping({ path, env: { TEAM: 'vip team' } });
}

function mapping(yaml: string): CompiledMapping {
  const result = read(yaml);
  if (!result.ok) throw new Error(result.mistakes.map(describeMistake).join('\n'));
  const { source: _, ...mapping } = result.mapping;
  return mapping;
}

const context: MappingContext = {
  channel: { id: 'acme-page', kind: 'messenger', label: 'Messenger' },
  customer: { name: 'Ana  Núñez', firstName: 'Ana', lastName: 'Núñez', email: 'ana@example.com', platformUserId: '77' },
  conversation: { id: '5' },
};
const ticketed: MappingContext = { ...context, ticket: { id: '31' }, contact: { id: '003A' } };
const message = {
  id: '9',
  text: 'Hello\nthere',
  at: '2026-01-31T09:00:00.000Z',
  direction: 'in',
  author: 'Ana',
} as const;

const short = (by: string) => ({ by, objects: ['Contact'] });

test('without a file the defaults hold', () => {
  const result = readMapping({ path: join(folder, 'none.yaml'), env: {} });
  if (!result.ok) throw new Error('refused');
  const { tickets, contacts, history, notes } = result.mapping;
  expect(tickets).toMatchObject({ reopenSolvedWithin: 7 * 86_400_000, failureTag: 'passerelle_reply_failed' });
  expect(tickets.subject(context)).toBe('Messenger: Ana Núñez');
  expect(tickets.tags(context)).toEqual(['passerelle', 'messenger']);
  expect(tickets.fields(context)).toEqual({});
  expect(contacts).toMatchObject({ match: [short('external-id'), short('email'), short('phone')], create: true });
  expect(contacts.externalIdField).toBe('Passerelle_Key__c');
  expect(contacts.fields(context)).toEqual({ FirstName: 'Ana', LastName: 'Núñez', Email: 'ana@example.com' });
  expect(history).toMatchObject({ shape: 'task', keyField: 'Passerelle_Key__c', object: 'Passerelle_Message__c' });
  expect(history.subject(ticketed)).toBe('Messenger conversation, ticket 31');
  expect(history.fields(ticketed)).toEqual({});
  expect(history.objectFields({ ...ticketed, message })).toEqual({
    Text__c: 'Hello\nthere',
    Direction__c: 'in',
    Sent_At__c: '2026-01-31T09:00:00.000Z',
    Author__c: 'Ana',
    Channel__c: 'Messenger',
    Conversation__c: '5',
    Ticket__c: '31',
    Contact__c: '003A',
  });
  expect(notes.replyFailed({ ...context, reason: 'they blocked the page' })).toBe(
    'This reply did not reach the customer: they blocked the page.',
  );
  expect(notes.ambiguousContact(context)).toContain('could be Ana  Núñez.');
});

test('it is what the flows ask for', () => {
  const asked: DomainMapping = mapping('');
  expect(asked.contacts.create).toBe(true);
});

test('a customer of whom only a name is known has that as the last name', () => {
  const customer = { name: 'Messenger customer 000077', platformUserId: '77' };
  expect(mapping('').contacts.fields({ ...context, customer })).toEqual({ LastName: 'Messenger customer 000077' });
});

test('everything can be said otherwise', () => {
  const { tickets, contacts, history, notes } = mapping(`
tickets:
  subject: |
    {{ customer.name }}
    writes
  tags: ["\${TEAM}", "{{ customer.locale }}", vip_team]
  fields:
    group_id: 360001234567
    priority: "{% if customer.email %}high{% endif %}"
    type: "{{ customer.phone }}"
    custom_fields:
      - { id: 11, value: "{{ customer.platformUserId }}" }
      - { id: 12, value: "{{ customer.phone }}" }
      - { id: 13, value: [a, "{{ customer.phone }}", "{{ channel.id }}"] }
      - { id: 14, value: true }
  reopenSolvedWithin: "0"
  failureTag: failed
contacts:
  match: [email]
  externalIdField: Passerelle_Key__c
  create: false
  fields: { LeadSource: Chat, Email: "" }
history:
  shape: object
  object: Chat__c
  keyField: Key__c
  subject: "{{ customer.name }} / {{ ticket.id }}"
  fields: { Origin__c: "{{ channel.kind }}" }
  objectFields: { Text__c: "{{ message.text | strip_newlines }}" }
notes:
  replyFailed: "Not sent: {{ reason }}"
  ambiguousContact: "Who is {{ customer.name }}?"
`);
  expect(tickets.subject(context)).toBe('Ana Núñez writes');
  expect(tickets.tags(context)).toEqual(['vip_team']);
  expect(tickets.fields(context)).toEqual({
    group_id: 360001234567,
    priority: 'high',
    custom_fields: [
      { id: 11, value: '77' },
      { id: 13, value: ['a', 'acme-page'] },
      { id: 14, value: true },
    ],
  });
  expect(tickets).toMatchObject({ reopenSolvedWithin: 0, failureTag: 'failed' });
  expect(contacts).toMatchObject({ match: [short('email')], externalIdField: 'Passerelle_Key__c', create: false });
  expect(contacts.fields(context)).toEqual({ LeadSource: 'Chat', FirstName: 'Ana', LastName: 'Núñez' });
  expect(history).toMatchObject({ shape: 'object', object: 'Chat__c', keyField: 'Key__c' });
  expect(history.subject(ticketed)).toBe('Ana Núñez / 31');
  expect(history.fields(ticketed)).toEqual({ Origin__c: 'messenger' });
  expect(history.objectFields({ ...ticketed, message })).toEqual({ Text__c: 'Hellothere' });
  expect(notes.replyFailed({ ...context, reason: 'blocked' })).toBe('Not sent: blocked');
  expect(notes.ambiguousContact(context)).toBe('Who is Ana  Núñez?');
});

test.each([
  [
    'tickets:\n  subject: "{{ customer.nam }}"\n  tags: ["{{ channel.kind | shout }}", ok]',
    [
      '2:12 tickets.subject: unknown variable customer.nam (expected: customer.name)',
      '3:10 tickets.tags[0]: not valid Liquid: undefined filter: shout',
    ],
  ],
  [
    'tickets:\n  subject: |\n    {{ customer.name }}\n    {% if %}\n',
    ['2:12 tickets.subject: not valid Liquid: invalid value expression: "", in line 2 of this text'],
  ],
  [
    'tickets:\n  fields:\n    priority: high\n    custom_fields:\n      - { id: 1, value: "{{ user.name }}" }',
    [
      '5:25 tickets.fields.custom_fields[0].value: unknown variable user (expected: one of channel, customer, conversation, referral, language, order)',
    ],
  ],
  [
    'tickets: { subject: "{{ message.text }}" }\nhistory: { subject: "{{ message.text }}" }\nnotes: { ambiguousContact: "{{ reason }}" }',
    [
      '1:21 tickets.subject: unknown variable message (expected: one of channel, customer, conversation, referral, language, order)',
      '2:21 history.subject: unknown variable message (expected: one of channel, customer, conversation, ticket)',
      '3:28 notes.ambiguousContact: unknown variable reason (expected: one of channel, customer, conversation)',
    ],
  ],
  [
    'tickets:\n  reopenSolvedWithin: 7\n  failureTag: not delivered\n  tags: vip\ncontacts:\n  match: [mail]\n  externalIdField: "Key c"\n  create: maybe\nhistory: { shape: case }\ntexts: {}',
    [
      '2:23 tickets.reopenSolvedWithin: not understood; write a length of time such as 30s, 15m, 72h or 7d, or 0',
      '3:15 tickets.failureTag: a tag has no blanks',
      '4:9 tickets.tags: wrong type: a text (expected: a list)',
      '6:11 contacts.match[0]: not one of the known values (expected: external-id or email or phone)',
      '7:20 contacts.externalIdField: not a name of a field or object, such as Passerelle_Key__c',
      '8:11 contacts.create: wrong type: a text (expected: true or false)',
      '9:19 history.shape: not one of the known values (expected: task or object)',
      '10:1 texts: unknown key (expected: one of tickets, routing, requester, identity, contacts, people, history, notes, openingHours, automaticTexts, agentApp)',
    ],
  ],
  [
    'contacts:\n  match:\n    - { by: mail }\n    - { by: shop-customer }\n    - { by: email, field: Email }\n    - { by: phone, objects: [Account], evidenze: stated }\npeople:\n  match: [{ by: name }]',
    [
      '3:13 contacts.match[0].by: not one of the known values (expected: external-id or shop-customer or email or phone)',
      '4:7 contacts.match[1].field: missing (expected: the field that holds the shop’s id of the customer)',
      '5:27 contacts.match[2].field: only shop-customer has a field',
      '6:30 contacts.match[3].objects[0]: not one of the known values (expected: Contact or Lead or PersonAccount)',
      '6:40 contacts.match[3].evidenze: unknown key (expected: did you mean evidence?)',
      '8:17 people.match[0].by: not one of the known values (expected: email or phone)',
    ],
  ],
  ['tickets:\n\t- x', ['2:1 a tab as indentation; use spaces']],
  ['tickets: { subject: "${NOT_SET}" }', ['1:22 tickets.subject: the environment variable NOT_SET is not set']],
])('%j is refused', (yaml, expected) => {
  const result = read(yaml);
  const told = result.ok
    ? []
    : result.mistakes.map((mistake) => describeMistake(mistake).replace(`${mistake.file}:`, ''));
  expect(told).toEqual(expected);
});

test('a folder is no mapping', () => {
  expect(readMapping({ path: folder, env: {} })).toMatchObject({ ok: false, mistakes: [{ file: folder, line: 0 }] });
});
