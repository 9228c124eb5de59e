import { afterEach, expect, test } from 'vitest';
import type { Marker, PlatformUserId } from '../../domain/ids.ts';
import { type Answer, localTools, platformAnswering } from '../shared/testing/platform.ts';
import { accountAt } from './fixtures/support.ts';
import { checkHealth } from './health.ts';
import { lookUpSent } from './look-up-sent.ts';
import { fetchMedia } from './media.ts';
import { fetchProfile } from './profile.ts';
import { webhookFields } from './subscription.ts';

const closing: { close(): unknown }[] = [];
afterEach(async () => {
  for (const open of closing.splice(0)) await open.close();
});

const now = new Date('2026-11-21T10:00:30.000Z');
async function asking(...answers: Answer[]) {
  const platform = await platformAnswering(...answers);
  const tools = localTools({ clock: { now: () => now, sleep: async () => undefined } });
  closing.push(platform, tools);
  return { account: accountAt(platform.url), tools, calls: platform.calls };
}
const ok = (body: unknown): Answer => ({ status: 200, body });
const refused = (code: number, subcode?: number): Answer => ({
  status: 400,
  body: { error: { message: 'm', code, error_subcode: subcode } },
});
const ida = '7712' as PlatformUserId;

// ---- profile

const full = {
  name: 'Ida Berg',
  first_name: 'Ida',
  last_name: 'Berg',
  profile_pic: 'https://p.example/1',
  locale: 'nb_NO',
};
const profiles: [string, Answer[], object][] = [
  [
    'all of it',
    [ok({ ...full, id: '7712' })],
    {
      result: 'done',
      value: {
        name: 'Ida Berg',
        firstName: 'Ida',
        lastName: 'Berg',
        pictureUrl: 'https://p.example/1',
        locale: 'nb_NO',
      },
    },
  ],
  [
    'no name but its parts',
    [ok({ first_name: 'Ida', last_name: 'Berg' })],
    { result: 'done', value: { name: 'Ida Berg', firstName: 'Ida', lastName: 'Berg' } },
  ],
  ['nothing allowed', [ok({ id: '7712' })], { result: 'done', value: {} }],
  [
    'no permission for the locale alone',
    [refused(10), ok({ name: 'Ida' })],
    { result: 'done', value: { name: 'Ida' } },
  ],
  ['no permission at all', [refused(200), refused(200)], { result: 'done', value: {} }],
  ['a phone-only account', [refused(100, 2018218), refused(100, 2018218)], { result: 'done', value: {} }],
  ['a dead token', [refused(190)], { result: 'account-broken', why: expect.any(String) }],
  ['a lost connection', ['hang up'], { result: 'later', why: expect.any(String) }],
];
test.each(profiles)('profile: %s', async (_name, answers, expected) => {
  const { account, tools } = await asking(...answers);
  expect(await fetchProfile(ida, account, tools)).toEqual(expected);
});

// ---- media

test('a file comes from its link', async () => {
  const { account, tools } = await asking({ status: 200, body: 'bytes', headers: { 'content-type': 'text/plain' } });
  const fetched = await fetchMedia({ type: 'file', url: `${account.apiUrl}/f.txt` }, account, tools);
  expect(fetched).toEqual({ result: 'done', value: { bytes: Buffer.from('bytes'), contentType: 'text/plain' } });
});

test.each([403, 404, 410])('a link that answers %d is said to have expired', async (status) => {
  const { account, tools } = await asking({ status, body: '' });
  const fetched = await fetchMedia({ type: 'file', url: `${account.apiUrl}/f.txt` }, account, tools);
  expect(fetched).toMatchObject({ result: 'never', why: expect.stringContaining('hours or days') });
});

test('a file without a link cannot be fetched', async () => {
  const { account, tools } = await asking();
  expect(await fetchMedia({ type: 'file', mediaId: '1' }, account, tools)).toMatchObject({ result: 'never' });
});

// ---- look up

const since = new Date('2026-11-21T10:00:00.700Z');
const said = (id: string, second: number, message: string, from = '555') => ({
  id,
  created_time: new Date(Date.UTC(2026, 10, 21, 10, 0, second)).toISOString().replace('.000Z', '+0000'),
  from: { id: from },
  message,
});
const thread = (...messages: object[]): Answer => ok({ data: [{ id: 't', messages: { data: messages } }] });
const many = (count: number, second: number) =>
  Array.from({ length: count }, (_, i) => said(`m_${i}`, second, `other ${i}`));

const lookUps: [string, Answer, string | undefined, object][] = [
  [
    'a text that is there',
    thread(said('m_2', 1, 'Sent today'), said('m_1', -90, 'Sent today')),
    'Sent today',
    { result: 'done', value: 'm_2' },
  ],
  ['a text of the same second', thread(said('m_2', 0, 'Sent today')), 'Sent today', { result: 'done', value: 'm_2' }],
  [
    'a text whose spaces the platform trimmed',
    thread(said('m_2', 1, 'Sent today')),
    ' Sent\r\ntoday ',
    { result: 'done', value: 'm_2' },
  ],
  ['a text that is not there', thread(said('m_1', 1, 'Another')), 'Sent today', { result: 'done', value: undefined }],
  [
    'a text only the customer said',
    thread(said('m_1', 1, 'Sent today', '7712')),
    'Sent today',
    { result: 'done', value: undefined },
  ],
  [
    'a text said long before',
    thread(said('m_1', -90, 'Sent today')),
    'Sent today',
    { result: 'done', value: undefined },
  ],
  ['a text said just before', thread(said('m_1', -5, 'Sent today')), 'Sent today', { result: 'unsure' }],
  ['a text said twice', thread(said('m_2', 2, 'Ok'), said('m_1', 1, 'Ok')), 'Ok', { result: 'unsure' }],
  ['a text, in a thread that has moved on', thread(...many(25, 20)), 'Sent today', { result: 'unsure' }],
  ['a text, in a long thread of old', thread(...many(25, -90)), 'Sent today', { result: 'done', value: undefined }],
  ['a file, where a file was sent', thread(said('m_2', 1, '')), undefined, { result: 'unsure' }],
  [
    'a file, where only texts were sent',
    thread(said('m_2', 1, 'Hello')),
    undefined,
    { result: 'done', value: undefined },
  ],
  ['a text in a conversation that is not shown', ok({ data: [] }), 'Sent today', { result: 'unsure' }],
  ['a text, without permission', refused(10), 'Sent today', { result: 'account-broken' }],
  ['a text, while the platform is down', 'hang up', 'Sent today', { result: 'later' }],
];
test.each(lookUps)('looks up %s', async (_name, answer, text, expected) => {
  const { account, tools, calls } = await asking(answer);
  const sought = { marker: 'reply:1' as Marker, to: ida, since, ...(text === undefined ? {} : { text }) };
  const found = await lookUpSent(sought, account, tools);
  expect(found).toMatchObject(expected);
  if (found.result === 'done') expect(found).toEqual(expected);
  expect(calls[0]!.url.pathname).toBe('/v26.0/555/conversations');
  expect(calls[0]!.url.searchParams.get('user_id')).toBe('7712');
});

// ---- health

const me = ok({ id: '555', name: 'Acme' });
const subscribed = (fields: readonly string[], id = '9911') => ok({ data: [{ id, subscribed_fields: fields }] });
const history = ok({ data: [] });
const checks: [string, Answer[], object[]][] = [
  ['all well', [me, subscribed(webhookFields), history], [{ ok: true }, { ok: true }, { ok: true }]],
  [
    'an expired token',
    [refused(190, 463)],
    [{ ok: false, why: expect.stringContaining('expired'), fix: expect.any(String) }],
  ],
  ["another page's token", [ok({ id: '556' })], [{ ok: false, why: expect.stringContaining('555') }]],
  [
    'no subscription',
    [me, ok({ data: [] }), history],
    [{ ok: true }, { ok: false, fix: expect.stringContaining('subscribed_apps') }, { ok: true }],
  ],
  [
    "another app's subscription",
    [me, subscribed(webhookFields, '1'), history],
    [{ ok: true }, { ok: false }, { ok: true }],
  ],
  [
    'no echoes',
    [me, subscribed(webhookFields.filter((field) => field !== 'message_echoes')), history],
    [{ ok: true }, { ok: false, why: 'The page does not send: message_echoes.' }, { ok: true }],
  ],
  [
    'no permission to read conversations',
    [me, subscribed(webhookFields), refused(10)],
    [{ ok: true }, { ok: true }, { ok: false, fix: expect.stringContaining('pages_messaging') }],
  ],
  ['nobody answers', ['hang up'], [{ ok: false }]],
];
const scopes = ['pages_messaging', 'pages_manage_metadata', 'pages_read_engagement'];
const details = (data: object) => ok({ data: { app_id: '9911', is_valid: true, scopes, expires_at: 0, ...data } });
const good = [{ ok: true }, { ok: true }, { ok: true }];

test.each(checks)('health: %s', async (_name, answers, expected) => {
  // After the token itself come its details, of which there is nothing to say.
  const [first, ...rest] = answers;
  const goesOn = rest.length > 0;
  const { account, tools } = await asking(first!, ...(goesOn ? [details({}), ...rest] : []));
  const findings = await checkHealth(account, tools);
  expect(findings).toMatchObject(goesOn ? [expected[0], ...good, ...expected.slice(1)] : expected);
});

const seconds = (days: number) => Math.floor((now.getTime() + days * 86_400_000) / 1_000);
test.each([
  ['of another app', { app_id: '1' }, 1, { ok: false, why: expect.stringContaining('the app 1') }],
  [
    'without a permission',
    { scopes: scopes.slice(1) },
    2,
    { ok: false, why: 'missing: pages_messaging', matters: expect.any(String), fix: expect.any(String) },
  ],
  ['that ends tomorrow', { expires_at: seconds(1) }, 3, { ok: false, why: expect.stringContaining('it ends on') }],
  ['that ends in a month', { expires_at: seconds(30) }, 3, { ok: true, warning: true, fix: expect.any(String) }],
])('health: a token %s', async (_name, data, at, expected) => {
  const { account, tools } = await asking(me, details(data), subscribed(webhookFields), history);
  const findings = await checkHealth(account, tools);
  expect(findings).toHaveLength(6);
  expect(findings[at]).toMatchObject(expected);
  expect(findings.filter(({ ok: well, warning }) => !well || warning)).toHaveLength(1);
});
