import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { seconds } from '../../domain/duration.ts';
import type { PersonId, TicketId } from '../../domain/ids.ts';
import { accountAt, comment, connected, type Stub, startStub, type TestTools, testTools } from './testing/harness.ts';

interface Told {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

let told: Told = { status: 200 };
let stub: Stub;
let tools: TestTools;

beforeAll(async () => {
  stub = await startStub((_request, response) => {
    response.writeHead(told.status, { 'content-type': 'application/json', ...told.headers });
    response.end(told.body ?? '{"error":"Something","description":"of the platform"}');
  });
});
beforeEach(() => {
  tools = testTools();
});
afterAll(() => stub.close());

const session = () => connected(accountAt(stub.url, { accessToken: 'token-never-shown' }), tools);
const ticket = '12' as TicketId;
const write = () => session().addComment(ticket, comment('7' as PersonId, 'm', { body: 'words-never-shown' }));
const read = () => session().findTickets('conversation:1');

const html = { 'content-type': 'text/html' };
const json = (body: unknown) => JSON.stringify(body);

test.each<[string, Told, object, object]>([
  ['400', { status: 400 }, { result: 'never', code: 'Something' }, { result: 'never', code: 'Something' }],
  ['401', { status: 401 }, { result: 'account-broken' }, { result: 'account-broken' }],
  ['402', { status: 402 }, { result: 'account-broken' }, { result: 'account-broken' }],
  ['403', { status: 403 }, { result: 'account-broken' }, { result: 'account-broken' }],
  ['408', { status: 408 }, { result: 'unsure' }, { result: 'later' }],
  ['409', { status: 409 }, { result: 'later' }, { result: 'later' }],
  ['412', { status: 412 }, { result: 'never' }, { result: 'never' }],
  [
    '413',
    { status: 413, body: '<h1>too large</h1>', headers: html },
    { result: 'never', code: '413' },
    { result: 'never' },
  ],
  ['415', { status: 415 }, { result: 'never' }, { result: 'never' }],
  [
    '429 with Retry-After',
    { status: 429, headers: { 'retry-after': '30' } },
    { result: 'later', after: seconds(30) },
    { result: 'later', after: seconds(30) },
  ],
  ['429 without', { status: 429 }, { result: 'later', after: seconds(60) }, { result: 'later' }],
  ['500', { status: 500 }, { result: 'unsure' }, { result: 'later' }],
  ['500 with HTML', { status: 500, body: '<h1>oops</h1>', headers: html }, { result: 'unsure' }, { result: 'later' }],
  [
    '502 with HTML',
    { status: 502, body: '<h1>bad gateway</h1>', headers: html },
    { result: 'unsure' },
    { result: 'later' },
  ],
  [
    '503 with Retry-After',
    { status: 503, headers: { 'retry-after': '5' } },
    { result: 'later', after: seconds(5) },
    { result: 'later', after: seconds(5) },
  ],
  ['503 without', { status: 503 }, { result: 'unsure' }, { result: 'later' }],
  ['504', { status: 504 }, { result: 'unsure' }, { result: 'later' }],
  ['a redirect', { status: 302, headers: { location: '/login' } }, { result: 'never' }, { result: 'never' }],
  [
    '200 with HTML',
    { status: 200, body: '<h1>maintenance</h1>', headers: html },
    { result: 'unsure' },
    { result: 'later' },
  ],
  ['200 with half a body', { status: 200, body: '{"ticket":{"id"' }, { result: 'unsure' }, { result: 'later' }],
  ['200 with nothing', { status: 200, body: '' }, { result: 'unsure' }, { result: 'later' }],
  ['200 with something else', { status: 200, body: json({ error: null }) }, { result: 'unsure' }, { result: 'later' }],
])('%s: a comment and a read end as they should', async (_it, answer, written, wasRead) => {
  told = answer;
  expect(await write()).toMatchObject(written);
  expect(await read()).toMatchObject(wasRead);
});

test('a page of HTML in place of an answer is no success, whatever was asked', async () => {
  told = { status: 200, body: '<h1>maintenance</h1>', headers: html };
  const tagged = await session().addComment(ticket, comment('service', 'm'), { addTags: ['tag'] });
  expect(tagged).toMatchObject({ result: 'later' });
});

test('a good answer that carries Retry-After is a good answer', async () => {
  told = {
    status: 200,
    headers: { 'retry-after': '3' },
    body: json({ ticket: { id: 12, status: 'open' }, audit: { events: [{ id: 5, type: 'Comment' }] } }),
  };
  expect(await write()).toEqual({ result: 'done', value: { comment: '5' } });
});

test('an answer that comes too late leaves a comment unsure', async () => {
  const slow = await startStub(() => {});
  const late = connected(accountAt(slow.url, { accessToken: 't' }), tools);
  expect(await late.addComment(ticket, comment('7' as PersonId, 'm'))).toMatchObject({ result: 'unsure' });
  expect(await late.showTicket(ticket)).toMatchObject({ result: 'later' });
  slow.close();
});

test('nobody listening means that nothing happened', async () => {
  const gone = await startStub(() => {});
  gone.close();
  const account = accountAt(gone.url, { accessToken: 't' });
  expect(await connected(account, tools).addComment(ticket, comment('7' as PersonId, 'm'))).toMatchObject({
    result: 'later',
  });
});

test.each([
  [413, undefined],
  [422, json({ error: 'RecordInvalid', details: { email: [{ description: 'Email: eve@x.example taken' }] } })],
  [500, undefined],
])('what a %i tells holds no words, token or address', async (status, body) => {
  told = { status, ...(body && { body }) };
  const shown = JSON.stringify([await write(), await read(), tools.logged]);
  for (const hidden of ['words-never-shown', 'token-never-shown', 'eve@x.example', '127.0.0.1']) {
    expect(shown).not.toContain(hidden);
  }
});
