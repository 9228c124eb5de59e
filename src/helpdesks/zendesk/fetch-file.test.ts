import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HelpdeskSession } from '../helpdesk.ts';
import { accountAt, connected, type Stub, startStub, type TestTools, testTools } from './testing/harness.ts';

let own: Stub;
let elsewhere: Stub;
let tools: TestTools;
let session: HelpdeskSession;
/** Where each path leads, or the status it answers with. */
let paths: Record<string, string | number>;

beforeEach(async () => {
  paths = {};
  tools = testTools();
  elsewhere = await startStub((_request, response) => response.end('not by this way'));
  own = await startStub((request, response) => {
    const told = paths[request.url ?? ''];
    if (typeof told === 'string') response.writeHead(302, { location: told });
    else response.writeHead(told ?? 200, { 'content-type': 'image/png; charset=binary' });
    response.end('12345');
  });
  session = connected(accountAt(own.url, { accessToken: 'the-token' }), tools);
});
afterEach(() => {
  for (const each of [own, elsewhere, tools]) each.close();
});

const fetched = (path: string, bytes = 5) =>
  session.fetchFile({ name: 'a.png', contentType: 'image/png', bytes, url: new URL(path, own.url).href }, 100);

test('reads a file of its own Zendesk with the token, redirects there too', async () => {
  paths['/a'] = '/b';
  expect(await fetched('/a')).toEqual({
    result: 'done',
    value: { bytes: Buffer.from('12345'), contentType: 'image/png', name: 'a.png' },
  });
  expect(own.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer the-token', 'Bearer the-token']);
});

test('goes to another host by the guarded download alone, without the token', async () => {
  paths['/a'] = `${elsewhere.url}/file?signed=1`;
  expect(await fetched('/a')).toMatchObject({ result: 'done', value: { name: 'a.png' } });
  expect(tools.downloaded).toEqual([`${elsewhere.url}/file?signed=1`]);
  expect(elsewhere.seen).toEqual([]);
});

test('a file that lies elsewhere from the start never sees the token', async () => {
  await fetched(`${elsewhere.url}/file`);
  expect(tools.downloaded).toEqual([`${elsewhere.url}/file`]);
  expect(own.seen).toEqual([]);
});

test('gives up after five redirects', async () => {
  paths['/round'] = '/round';
  expect(await fetched('/round')).toMatchObject({ result: 'never' });
  expect(own.seen).toHaveLength(6);
});

test.each([
  [404, { result: 'never' }],
  [401, { result: 'account-broken' }],
  [429, { result: 'later', after: 60_000 }],
  [500, { result: 'later' }],
])('%i', async (status, expected) => {
  paths['/a'] = status;
  expect(await fetched('/a')).toMatchObject(expected);
});

test('a file that turns out larger than told is refused', async () => {
  const file = { name: 'a.png', contentType: 'image/png', bytes: 1, url: `${own.url}/a` };
  expect(await session.fetchFile(file, 4)).toMatchObject({ result: 'never', why: expect.stringContaining('larger') });
});
