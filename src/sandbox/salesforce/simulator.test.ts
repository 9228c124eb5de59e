import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestOrg, type TestOrg } from './org-for-tests.ts';

let org: TestOrg;
beforeAll(async () => {
  org = await startTestOrg();
});
beforeEach(() => org.simulator.reset());
afterAll(() => org.close());

const { stringify } = JSON;

async function logIn(form: Record<string, string> = {}): Promise<{ status: number; body: Record<string, string> }> {
  const { clientId: client_id, clientSecret: client_secret } = org.settings;
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret, ...form });
  const answer = await fetch(`${org.simulator.url}/services/oauth2/token`, { method: 'POST', body });
  return { status: answer.status, body: (await answer.json()) as Record<string, string> };
}

async function ask(method: string, path: string, options: { token?: string; body?: string; type?: string } = {}) {
  const token = options.token ?? (await logIn()).body['access_token'];
  const answer = await fetch(`${org.simulator.url}/services/data/v62.0${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': options.type ?? 'application/json' },
    ...(options.body === undefined ? {} : { body: options.body }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text ? (JSON.parse(text) as unknown) : undefined };
}

test('a login gives a token, where the API is and who one is', async () => {
  expect(await logIn()).toMatchObject({
    status: 200,
    body: {
      access_token: expect.stringMatching(/^00D\w{12}!/),
      instance_url: org.simulator.url,
      id: expect.stringMatching(/\/id\/00D\w{15}\/005\w{15}$/),
      token_type: 'Bearer',
    },
  });
});

const refused: [string, Record<string, string>, string][] = [
  ['another secret', { client_secret: 'x' }, 'invalid_client'],
  ['another client', { client_id: 'x' }, 'invalid_client_id'],
  ['a password', { grant_type: 'password' }, 'unsupported_grant_type'],
  ['no assertion', { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer' }, 'invalid_grant'],
];
test.each(refused)('refuses a login with %s', async (_, form, error) => {
  expect(await logIn(form)).toMatchObject({ status: 400, body: { error, error_description: expect.any(String) } });
});

test('refuses every token that is not good, and none asks for the list of versions', async () => {
  const { body } = await logIn();
  expect((await ask('GET', '/limits', { token: body['access_token'] ?? '' })).status).toBe(200);
  org.simulator.expireSession();
  for (const token of [body['access_token'] ?? '', 'guessed'])
    expect(await ask('GET', '/limits', { token })).toMatchObject({
      status: 401,
      body: [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }],
    });
  expect((await fetch(`${org.simulator.url}/services/data/v62.0/limits`)).status).toBe(401);
  expect(await (await fetch(`${org.simulator.url}/services/data`)).json()).toContainEqual(
    expect.objectContaining({ version: '62.0' }),
  );
});

const bodies: [string, string, string, number, string][] = [
  ['no JSON', '{', 'application/json', 400, 'JSON_PARSER_ERROR'],
  ['a form', 'a=1', 'application/x-www-form-urlencoded', 415, 'UNSUPPORTED_MEDIA_TYPE'],
];
test.each(bodies)('refuses a body that is %s', async (_, body, type, status, errorCode) => {
  expect(await ask('POST', '/sobjects/Contact', { body, type })).toMatchObject({ status, body: [{ errorCode }] });
});

test('knows no version before its time nor after', async () => {
  const { body } = await logIn();
  const headers = { authorization: `Bearer ${body['access_token']}` };
  for (const version of ['v20.0', 'v99.0', 'v62'])
    expect((await fetch(`${org.simulator.url}/services/data/${version}/limits`, { headers })).status).toBe(404);
});

test('says what it holds, tells when that changes, and forgets all on reset', async () => {
  let changes = 0;
  const stop = org.simulator.onChange(() => {
    changes++;
  });
  org.simulator.add('Contact', { LastName: 'Ann' });
  await ask('POST', '/sobjects/Contact', { body: stringify({ LastName: 'Bob' }) });
  await ask('POST', '/sobjects/Contact', { body: stringify({}) });
  stop();
  expect(changes).toBe(2);
  expect(org.simulator.records('Contact').map(({ Name }) => Name)).toEqual(['Ann', 'Bob']);
  expect(() => org.simulator.add('Contact', {})).toThrow('REQUIRED_FIELD_MISSING');
  org.simulator.reset();
  expect(org.simulator.records('Contact')).toEqual([]);
});

test('every answer says how many calls are used', async () => {
  expect((await ask('GET', '/limits')).headers.get('sforce-limit-info')).toBe('api-usage=1/15000');
});
