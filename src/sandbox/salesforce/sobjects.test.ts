import { beforeEach, expect, test } from 'vitest';
import { answerApi } from './api.ts';
import { makeOrg, type Org } from './org.ts';

let org: Org;
beforeEach(() => {
  org = makeOrg('service@acme.example');
});

function ask(method: string, url: string, body?: unknown, version = '62.0') {
  const { pathname, searchParams } = new URL(url, 'http://org');
  return answerApi(org, { method, path: pathname, query: searchParams, headers: {}, body, version });
}

const create = (object: string, fields: Record<string, unknown>): string =>
  (ask('POST', `/sobjects/${object}`, fields).body as { id: string }).id;
const read = (object: string, id: string) => ask('GET', `/sobjects/${object}/${id}`).body as Record<string, unknown>;

test('creates, reads, changes and deletes', () => {
  const answer = ask('POST', '/sobjects/Contact', { FirstName: 'Ann', LastName: 'Lee', Title: '' });
  expect(answer).toMatchObject({ status: 201, body: { success: true, errors: [] } });
  const { id } = answer.body as { id: string };
  expect(read('Contact', id)).toMatchObject({ Id: id, Name: 'Ann Lee', Title: null, IsDeleted: false });
  expect(ask('PATCH', `/sobjects/Contact/${id}`, { LastName: 'Lie' })).toMatchObject({ status: 204 });
  expect(read('Contact', id.slice(0, 15))['Name']).toBe('Ann Lie');
  expect(ask('GET', `/sobjects/Contact/${id}?fields=Id,LastName`).body).toMatchObject({ Id: id, LastName: 'Lie' });
  expect(ask('DELETE', `/sobjects/Contact/${id}`)).toMatchObject({ status: 204 });
  for (const method of ['GET', 'PATCH', 'DELETE'])
    expect(ask(method, `/sobjects/Contact/${id}`, {})).toMatchObject({
      status: 404,
      body: [{ errorCode: 'ENTITY_IS_DELETED' }],
    });
});

test('fills in what the org knows: defaults, numbers, what follows from the rest', () => {
  expect(read('Task', create('Task', {}))).toMatchObject({ Status: 'Not Started', IsClosed: false, Subject: null });
  expect(read('Task', create('Task', { Status: 'Completed' }))['IsClosed']).toBe(true);
  expect(read('Case', create('Case', {}))['CaseNumber']).toMatch(/^\d{8}$/);
});

const key = '/sobjects/Task/Passerelle_Key__c/a%2Fb%3Fc';

test('upserts by external id: 201, 200, and 204 without an id before version 46', () => {
  const first = ask('PATCH', key, { Subject: 'one' });
  const { id } = first.body as { id: string };
  expect(first).toMatchObject({ status: 201, body: { created: true, success: true } });
  expect(read('Task', id)).toMatchObject({ Passerelle_Key__c: 'a/b?c', Subject: 'one' });
  expect(ask('PATCH', key, { Subject: 'two' })).toMatchObject({ status: 200, body: { id, created: false } });
  expect(ask('PATCH', key, { Subject: 'three' }, '45.0')).toEqual({ status: 204, headers: expect.anything() });
  expect(ask('GET', key).body).toMatchObject({ Id: id, Subject: 'three' });
});

test('an ambiguous external id is a 300 with the addresses', () => {
  const schema = org.schemas.get('Task')!;
  const fields = schema.fields.map(({ unique: _unique, ...field }) => field);
  org.schemas.set('Task', { ...schema, fields });
  const ids = [1, 2].map(() => create('Task', { Passerelle_Key__c: 'a/b?c' }));
  expect(ask('PATCH', key, {})).toMatchObject({
    status: 300,
    body: ids.map((id) => `/services/data/v62.0/sobjects/Task/${id}`),
  });
});

/** What was asked, and the error with the fields it names. */
const refusals: [string, string, string, unknown, number, string][] = [
  ['no last name', 'POST', '/sobjects/Contact', {}, 400, 'REQUIRED_FIELD_MISSING LastName'],
  ['an empty last name', 'POST', '/sobjects/Contact', { LastName: '' }, 400, 'REQUIRED_FIELD_MISSING LastName'],
  ['no parent', 'POST', '/sobjects/CaseComment', {}, 400, 'REQUIRED_FIELD_MISSING ParentId'],
  ['a long subject', 'POST', '/sobjects/Task', { Subject: 'x'.repeat(256) }, 400, 'STRING_TOO_LONG Subject'],
  ['a long text', 'PATCH', key, { Description: 'x'.repeat(32_001) }, 400, 'STRING_TOO_LONG Description'],
  ['an unknown field', 'POST', '/sobjects/Task', { Colour: 'red' }, 400, 'INVALID_FIELD'],
  ['an id in the body', 'PATCH', key, { Id: 'x' }, 400, 'INVALID_FIELD Id'],
  ['the key in the body too', 'PATCH', key, { Passerelle_Key__c: 'x' }, 400, 'INVALID_FIELD Passerelle_Key__c'],
  ['what the org sets', 'POST', '/sobjects/Task', { IsClosed: true }, 400, 'INVALID_FIELD_FOR_INSERT_UPDATE IsClosed'],
  ['nobody', 'POST', '/sobjects/Task', { WhoId: '003000000000001AAA' }, 400, 'INVALID_CROSS_REFERENCE_KEY'],
  ['no id at all', 'POST', '/sobjects/Task', { WhoId: 'Ann' }, 400, 'MALFORMED_ID WhoId'],
  ['an id of another object', 'POST', '/sobjects/Task', { WhoId: '500000000000001AAA' }, 400, 'MALFORMED_ID WhoId'],
  ['no e-mail', 'POST', '/sobjects/Contact', { LastName: 'A', Email: 'a' }, 400, 'INVALID_EMAIL_ADDRESS Email'],
  ['a day that is none', 'POST', '/sobjects/Task', { ActivityDate: '2026-02-30' }, 400, 'JSON_PARSER_ERROR'],
  ['a number for a text', 'POST', '/sobjects/Task', { Subject: 5 }, 400, 'JSON_PARSER_ERROR'],
  [
    'another picklist value',
    'POST',
    '/sobjects/Task',
    { TaskSubtype: 'x' },
    400,
    'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST TaskSubtype',
  ],
  ['no body', 'POST', '/sobjects/Task', undefined, 400, 'JSON_PARSER_ERROR'],
  ['an unknown object', 'POST', '/sobjects/Nothing', {}, 404, 'NOT_FOUND'],
  ['an unknown key field', 'PATCH', '/sobjects/Task/Colour/1', {}, 404, 'NOT_FOUND'],
  ['a field that is no external id', 'PATCH', '/sobjects/Task/Subject/1', {}, 404, 'NOT_FOUND'],
  ['what is no id', 'GET', '/sobjects/Task/1', undefined, 404, 'NOT_FOUND'],
  ['an update that may not create', 'PATCH', `${key}?updateOnly=true`, {}, 404, 'NOT_FOUND'],
  ['another method', 'PUT', '/sobjects/Task', {}, 405, 'METHOD_NOT_ALLOWED'],
];
test.each(refusals)('refuses %s', (_, method, url, body, status, error) => {
  const answer = ask(method, url, body);
  expect(answer.status).toBe(status);
  const errors = answer.body as { errorCode: string; message: string; fields?: string[] }[];
  expect(errors.map(({ errorCode, fields = [] }) => [errorCode, ...fields].join(' '))).toEqual([error]);
  expect(errors[0]?.message).toMatch(/\w/);
  expect([org.tables.get('Task')?.size, org.tables.get('Contact')?.size]).toEqual([0, 0]);
});

test('a case comment is measured in bytes', () => {
  const ParentId = create('Case', {});
  expect(ask('POST', '/sobjects/CaseComment', { ParentId, CommentBody: 'я'.repeat(2_000) }).status).toBe(201);
  expect(ask('POST', '/sobjects/CaseComment', { ParentId, CommentBody: 'я'.repeat(2_001) })).toMatchObject({
    body: [{ errorCode: 'STRING_TOO_LONG' }],
  });
});

test('an external id is unique, and upper and lower case are two', () => {
  const id = create('Task', { Passerelle_Key__c: 'a' });
  expect(ask('POST', '/sobjects/Task', { Passerelle_Key__c: 'A' }).status).toBe(201);
  expect(ask('POST', '/sobjects/Task', { Passerelle_Key__c: 'a' })).toMatchObject({
    body: [{ errorCode: 'DUPLICATE_VALUE', message: expect.stringContaining(id) }],
  });
});

test('describes objects and their fields', () => {
  const { fields, keyPrefix } = ask('GET', '/sobjects/Task/describe').body as {
    keyPrefix: string;
    fields: Record<string, unknown>[];
  };
  expect(keyPrefix).toBe('00T');
  expect(fields).toContainEqual(
    expect.objectContaining({ name: 'Passerelle_Key__c', externalId: true, unique: true, length: 255, custom: true }),
  );
  expect(fields).toContainEqual(expect.objectContaining({ name: 'WhoId', referenceTo: ['Contact', 'Lead'] }));
  const { sobjects } = ask('GET', '/sobjects').body as { sobjects: { name: string }[] };
  expect(sobjects.map(({ name }) => name)).toContain('Passerelle_Message__c');
});

test('counts calls and ends at the limit', () => {
  org.apiMax = 2;
  expect(ask('GET', '/limits')).toMatchObject({
    headers: { 'sforce-limit-info': 'api-usage=1/2' },
    body: { DailyApiRequests: { Max: 2, Remaining: 1 } },
  });
  ask('GET', '/limits');
  expect(ask('GET', '/limits')).toMatchObject({ status: 403, body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED' }] });
});
