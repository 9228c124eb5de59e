import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { contactRow } from '../crms/salesforce/contacts.ts';
import { salesforce } from '../crms/salesforce/crm.ts';
import { startTestOrg, type TestOrg } from '../sandbox/salesforce/org-for-tests.ts';
import { type Connection, openConnection, query } from './connection.ts';
import { troubleOf } from './outcome.ts';

let org: TestOrg;
let connection: Connection;
const closing: (() => void)[] = [];
beforeAll(async () => {
  org = await startTestOrg();
});
beforeEach(() => {
  org.simulator.reset();
  connection = openConnection(salesforce.account.parse(org.settings), org.tools);
});
afterEach(() => {
  for (const close of closing.splice(0)) close();
});
afterAll(() => org.close());

const limits = { method: 'GET' as const, path: '/limits' };
const logins = async () => (await org.calls()).filter((call) => call === 'POST /services/oauth2/token').length;
/** What a read would be told. */
const asked = async () => {
  const reply = await connection.ask(limits);
  return reply.result === 'done' ? reply : troubleOf(reply, true);
};

test('logs in once and asks nothing else before the first call', async () => {
  await asked();
  await asked();
  expect(await org.calls()).toEqual(['POST /services/oauth2/token', 'GET /limits', 'GET /limits']);
});

test('an expired session is renewed once for many callers', async () => {
  await asked();
  org.simulator.expireSession();
  const outcomes = await Promise.all(Array.from({ length: 20 }, asked));
  expect(outcomes.map(({ result }) => result)).toEqual(Array(20).fill('done'));
  expect(await logins()).toBe(2);
});

test('many first callers share one login', async () => {
  await Promise.all(Array.from({ length: 10 }, asked));
  expect(await logins()).toBe(1);
});

test('a 401 that survives a new login ends there', async () => {
  await asked();
  org.simulator.inject({ kind: 'expired-token', path: '/limits', times: 100 });
  expect(await asked()).toMatchObject({ result: 'account-broken', why: expect.stringContaining('INVALID_SESSION_ID') });
  expect((await org.calls()).slice(2)).toEqual(['GET /limits', 'POST /services/oauth2/token', 'GET /limits']);
});

test('a refused login breaks the account, whenever it comes, and is over when it is lifted', async () => {
  await asked();
  org.simulator.refuseLogin(true);
  org.simulator.expireSession();
  const broken = { result: 'account-broken', why: expect.stringMatching(/invalid_grant.*pre-authorize/) };
  expect(await asked()).toMatchObject(broken);
  expect(await asked()).toMatchObject(broken);
  org.simulator.refuseLogin(false);
  expect(await asked()).toMatchObject({ result: 'done' });
});

test.each(['429', '500', '503', 'timeout-before', 'reset-before', 'reset-after'] as const)(
  'later, with one call and nothing tried again by itself: %s',
  async (kind) => {
    await asked();
    org.simulator.inject({ kind, path: '/limits', times: 1, delayMs: 50 });
    expect(await asked()).toMatchObject({ result: 'later' });
    expect(await org.calls()).toHaveLength(3);
    expect(await asked()).toMatchObject({ result: 'done' });
  },
);

test('when the daily calls are used up it waits long', async () => {
  org.simulator.setApiLimit(0);
  const outcome = await asked();
  expect(outcome).toMatchObject({ result: 'later', why: expect.stringContaining('REQUEST_LIMIT_EXCEEDED') });
  expect(outcome.result === 'later' && outcome.after).toBeGreaterThanOrEqual(10 * 60_000);
});

test('gives up after its time when nothing comes', async () => {
  await asked();
  const hasty = openConnection(salesforce.account.parse(org.settings), org.tools, 100);
  org.simulator.inject({ kind: 'slow', path: '/limits', times: 1, delayMs: 1_000 });
  expect(await hasty.ask(limits)).toMatchObject({ result: 'unsure', why: expect.stringContaining('100 ms') });
});

/** A server that logs in and answers calls as it likes. */
async function strange(
  status: number,
  headers: Record<string, string>,
  body: string,
  ending: 'end' | 'break off' | 'hang' = 'end',
) {
  const server = createServer((request, response) => {
    const isLogin = request.url === '/services/oauth2/token';
    const token = JSON.stringify({ access_token: 'token', instance_url: address() });
    if (isLogin) return void response.writeHead(200, { 'content-type': 'application/json' }).end(token);
    response.writeHead(status, headers).write(body);
    if (ending === 'break off') setTimeout(() => response.destroy(), 20);
    if (ending === 'end') response.end();
  });
  const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => void server.close().closeAllConnections());
  return openConnection(salesforce.account.parse({ ...org.settings, loginUrl: address() }), org.tools, 500);
}

const json = { 'content-type': 'application/json' };

test.each(['break off', 'hang'] as const)(
  'half an answer (%s) is a lost answer, and the process lives',
  async (ending) => {
    const broken = await strange(200, { ...json, 'content-length': '1000' }, '{"half":', ending);
    expect(await broken.ask(limits)).toMatchObject({ result: 'unsure' });
  },
);

const answers: [string, number, Record<string, string>, string, string][] = [
  ['a page of a proxy', 502, { 'content-type': 'text/html' }, '<html>', 'later'],
  ['an address that is not Salesforce', 404, { 'content-type': 'text/html' }, '<html>', 'account-broken'],
  ['a redirect is not followed', 302, { location: 'http://127.0.0.1:9/' }, '', 'later'],
  ['another shape', 200, json, '{"records":"none"}', 'later'],
  ['no JSON at all', 200, json, '{"records":', 'later'],
  ['an error nobody knows', 400, json, '[{"errorCode":"SOMETHING_NEW","message":"private"}]', 'never'],
  ['several errors', 400, json, '[{"errorCode":"UNABLE_TO_LOCK_ROW","message":""},{"errorCode":"X"}]', 'later'],
  ['no error in the list', 400, json, '[]', 'never'],
];
test.each(answers)('%s', async (_, status, headers, body, result) => {
  const outcome = await query(await strange(status, headers, body), 'SELECT Id, Name FROM Contact', contactRow);
  expect(outcome.result).toBe(result);
  expect(JSON.stringify(outcome)).not.toContain('private');
});

test('a refused connection surely did nothing', async () => {
  const away = openConnection(
    salesforce.account.parse({ ...org.settings, instanceUrl: 'http://127.0.0.1:9' }),
    org.tools,
  );
  expect(await away.ask(limits)).toMatchObject({ result: 'later', why: expect.stringContaining('ECONNREFUSED') });
});
