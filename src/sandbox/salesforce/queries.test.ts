import { beforeEach, expect, test } from 'vitest';
import { answerApi } from './api.ts';
import { makeOrg, type Org } from './org.ts';
import { createRecord } from './records.ts';

let org: Org;
const people = [
  { LastName: 'Ann', Email: 'ann@a.example', HasOptedOutOfEmail: true },
  { LastName: 'bob', Email: 'Bob@b.example', Phone: "0'1\\2" },
  { LastName: 'Cid', Title: '100% sure' },
  { LastName: 'Dan', Title: '1000 sure' },
];
beforeEach(() => {
  org = makeOrg('service@acme.example');
  const contact = org.schemas.get('Contact')!;
  for (const fields of people) createRecord(org, contact, fields, {});
});

function ask(q: string, headers: Record<string, string> = {}, path = '/query') {
  const query = new URLSearchParams({ q });
  return answerApi(org, { method: 'GET', path, query, headers, body: undefined, version: '62.0' });
}

interface Page {
  totalSize: number;
  done: boolean;
  nextRecordsUrl?: string;
  records: Record<string, unknown>[];
}
const page = (q: string) => ask(q).body as Page;

const found: [string, string[]][] = [
  ["Email = 'ANN@a.example'", ['Ann']],
  ["email = 'ann@a.example'", ['Ann']],
  ["Email != 'ann@a.example'", ['bob', 'Cid', 'Dan']],
  ['Email = null', ['Cid', 'Dan']],
  ["Email = ''", ['Cid', 'Dan']],
  ['HasOptedOutOfEmail = TRUE', ['Ann']],
  ["LastName IN ('ann', 'DAN')", ['Ann', 'Dan']],
  ["LastName NOT IN ('ann', 'dan')", ['bob', 'Cid']],
  ["LastName LIKE 'a%' OR LastName LIKE '_id'", ['Ann', 'Cid']],
  ["Title LIKE '100\\% %'", ['Cid']],
  ["Title LIKE '100%'", ['Cid', 'Dan']],
  ["Phone = '0\\'1\\\\2'", ['bob']],
  ["(Email = null AND LastName = 'Cid') OR LastName = 'Ann'", ['Ann', 'Cid']],
  ["NOT LastName = 'Ann'", ['bob', 'Cid', 'Dan']],
  ['CreatedDate = TODAY', []],
  ['CreatedDate >= 2020-01-01T00:00:00Z AND CreatedDate > YESTERDAY', ['Ann', 'bob', 'Cid', 'Dan']],
  ['CreatedDate < 2020-01-01T00:00:00Z', []],
  ["LastName > 'Cid'", ['bob', 'Dan']],
];
test.each(found)('WHERE %s', (where, names) => {
  expect(page(`SELECT LastName FROM Contact WHERE ${where}`).records.map(({ LastName }) => LastName)).toEqual(names);
});

test('orders, limits and counts', () => {
  const names = (rest: string) => page(`SELECT LastName FROM Contact ${rest}`).records.map(({ LastName }) => LastName);
  expect(names('ORDER BY LastName DESC NULLS LAST LIMIT 2')).toEqual(['Dan', 'Cid']);
  expect(names('ORDER BY Email, LastName ASC')).toEqual(['Cid', 'Dan', 'Ann', 'bob']);
  expect(names('LIMIT 2 OFFSET 1')).toEqual(['bob', 'Cid']);
  expect(page('SELECT COUNT() FROM Contact WHERE Email != null')).toEqual({ totalSize: 2, done: true, records: [] });
});

test('gives the fields asked for and where the record is', () => {
  const [first] = page("select Id, name from contact where LastName = 'Ann'").records;
  expect(first).toEqual({
    attributes: { type: 'Contact', url: `/services/data/v62.0/sobjects/Contact/${String(first?.['Id'])}` },
    Id: expect.stringMatching(/^003/),
    Name: 'Ann',
  });
});

const malformed = [
  'SELECT',
  'SELECT Id',
  'SELECT Id FROM',
  'SELECT * FROM Contact',
  'SELECT Id, FROM Contact',
  'SELECT Id FROM Contact WHERE',
  'SELECT Id FROM Contact WHERE Email',
  'SELECT Id FROM Contact WHERE Email = ann',
  "SELECT Id FROM Contact WHERE Email = 'ann",
  "SELECT Id FROM Contact WHERE Email = 'a\\x'",
  "SELECT Id FROM Contact WHERE Email = 'a' OR Email = 'b' AND Email = 'c'",
  "SELECT Id FROM Contact WHERE (Email = 'a'",
  'SELECT Id FROM Contact WHERE Email IN ()',
  "SELECT Id FROM Contact WHERE Email = 'O'Neil'",
  'SELECT Id FROM Contact LIMIT many',
  'SELECT Id FROM Contact; DELETE',
  '',
];
test.each(malformed)('does not understand %j', (soql) => {
  expect(ask(soql)).toMatchObject({ status: 400, body: [{ errorCode: 'MALFORMED_QUERY' }] });
});

const invalid: [string, string, RegExp][] = [
  ['SELECT Id FROM Nothing', 'INVALID_TYPE', /sObject type 'Nothing' is not supported/],
  ['SELECT Colour FROM Contact', 'INVALID_FIELD', /Column:8\nNo such column 'Colour' on entity 'Contact'/],
  ["SELECT Id FROM Contact WHERE Colour = 'x'", 'INVALID_FIELD', /No such column 'Colour'/],
  ['SELECT Id FROM Contact ORDER BY Colour', 'INVALID_FIELD', /No such column 'Colour'/],
  ['SELECT Id FROM Contact WHERE Email = 5', 'INVALID_FIELD', /must be of type string and should be enclosed/],
  ["SELECT Id FROM Task WHERE ActivityDate = '2026-01-01'", 'INVALID_FIELD', /should not be enclosed in quotes/],
  ["SELECT Id FROM Task WHERE Description = 'x'", 'INVALID_FIELD', /can not be filtered/],
  ["SELECT Id FROM Contact WHERE Id = 'x'", 'INVALID_FIELD', /invalid ID field/],
];
test.each(invalid)('refuses %s', (soql, errorCode, message) => {
  expect(ask(soql)).toMatchObject({
    status: 400,
    body: [{ errorCode, message: expect.stringMatching(message) }],
  });
});

test('gives many records page by page', () => {
  const lead = org.schemas.get('Lead')!;
  for (let n = 0; n < 450; n++) createRecord(org, lead, { LastName: `L${n}`, Company: 'Acme' }, {});
  const headers = { 'sforce-query-options': 'batchSize=200' };
  const names: unknown[] = [];
  let next = ask('SELECT LastName FROM Lead', headers).body as Page;
  for (const size of [200, 200, 50]) {
    expect([next.records.length, next.totalSize, next.done]).toEqual([size, 450, size === 50]);
    names.push(...next.records.map(({ LastName }) => LastName));
    const path = next.nextRecordsUrl?.replace('/services/data/v62.0', '');
    if (path) next = ask('', headers, path).body as Page;
  }
  expect(names).toEqual(Array.from({ length: 450 }, (_, n) => `L${n}`));
  expect(ask('', {}, '/query/01gNothing-200')).toMatchObject({ body: [{ errorCode: 'INVALID_QUERY_LOCATOR' }] });
});
