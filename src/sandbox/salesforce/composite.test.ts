import { beforeEach, expect, test } from 'vitest';
import { answerApi } from './api.ts';
import { makeOrg, type Org, rowsOf } from './org.ts';

let org: Org;
beforeEach(() => {
  org = makeOrg('service@acme.example');
});

function ask(method: string, url: string, body?: unknown) {
  const { pathname, searchParams } = new URL(url, 'http://org');
  return answerApi(org, { method, path: pathname, query: searchParams, headers: {}, body, version: '62.0' });
}

const contact = {
  method: 'POST',
  url: '/services/data/v62.0/sobjects/Contact',
  referenceId: 'c',
  body: { LastName: 'Ann' },
};
const task = {
  method: 'PATCH',
  url: '/services/data/v62.0/sobjects/Task/Passerelle_Key__c/k1',
  referenceId: 't',
  body: { Subject: 'Chat', WhoId: '@{c.id}' },
};

test('composite: later calls refer to earlier ones, and all count as one', () => {
  const answer = ask('POST', '/composite', { allOrNone: true, compositeRequest: [contact, task] });
  expect(answer).toMatchObject({
    status: 200,
    body: { compositeResponse: [{ httpStatusCode: 201, referenceId: 'c' }, { httpStatusCode: 201 }] },
  });
  expect(rowsOf(org, 'Task')[0]?.['WhoId']).toBe(rowsOf(org, 'Contact')[0]?.Id);
  expect(org.apiUsed).toBe(1);
});

test.each([
  [true, 0],
  [false, 1],
])('composite with allOrNone %s keeps %s of two when one fails', (allOrNone, kept) => {
  const bad = { ...task, body: { Colour: 'red' } };
  const answer = ask('POST', '/composite', { allOrNone, compositeRequest: [contact, bad] });
  const { compositeResponse } = answer.body as { compositeResponse: { httpStatusCode: number }[] };
  expect(compositeResponse.map(({ httpStatusCode }) => httpStatusCode)).toEqual([allOrNone ? 400 : 201, 400]);
  expect(rowsOf(org, 'Contact')).toHaveLength(kept);
});

test.each([
  [true, 0],
  [false, 1],
])('a collection with allOrNone %s keeps %s of two when one fails', (allOrNone, kept) => {
  const attributes = { type: 'Contact' };
  const records = [{ attributes, LastName: 'Ann' }, { attributes }];
  const answer = ask('POST', '/composite/sobjects', { allOrNone, records });
  expect(answer).toMatchObject({
    status: 200,
    body: [{ success: !allOrNone }, { success: false, errors: [{ statusCode: 'REQUIRED_FIELD_MISSING' }] }],
  });
  expect(rowsOf(org, 'Contact')).toHaveLength(kept);
});

test('a collection upserts, updates and deletes', () => {
  const records = ['a', 'b'].map((Passerelle_Key__c) => ({ Passerelle_Key__c, Subject: 'one' }));
  const path = '/composite/sobjects/Task/Passerelle_Key__c';
  expect(ask('PATCH', path, { records }).body).toMatchObject([{ created: true }, { created: true }]);
  expect(ask('PATCH', path, { records }).body).toMatchObject([{ created: false }, { created: false }]);
  const ids = rowsOf(org, 'Task').map(({ Id }) => Id);
  const changed = ids.map((id) => ({ attributes: { type: 'Task' }, id, Subject: 'two' }));
  expect(ask('PATCH', '/composite/sobjects', { records: changed }).body).toMatchObject([
    { success: true },
    { success: true },
  ]);
  expect(rowsOf(org, 'Task').map(({ Subject }) => Subject)).toEqual(['two', 'two']);
  ask('DELETE', `/composite/sobjects?ids=${ids.join()}`);
  expect(rowsOf(org, 'Task')).toEqual([]);
});

test('too many at once are refused', () => {
  const many = (count: number) => Array.from({ length: count }, () => contact);
  expect(ask('POST', '/composite', { compositeRequest: many(26) }).status).toBe(400);
  expect(ask('POST', '/composite/sobjects', { records: many(201) }).status).toBe(400);
});
