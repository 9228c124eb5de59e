import { afterEach, expect, test } from 'vitest';
import { seconds } from '../../domain/duration.ts';
import type { Marker, PlatformUserId } from '../../domain/ids.ts';
import { silentLog } from '../../kit/log.ts';
import type { Tools } from '../../kit/tools.ts';
import type { Outgoing } from '../channel.ts';
import { type Answer, localTools, platformAnswering } from '../shared/testing/platform.ts';
import { accountAt } from './fixtures/support.ts';
import { send } from './send.ts';

const closing: { close(): unknown }[] = [];
afterEach(async () => {
  for (const open of closing.splice(0)) await open.close();
});

const ida = 'U1da00000000000000000000000000001';
const text: Outgoing = {
  marker: 'reply:8841:0' as Marker,
  to: ida as PlatformUserId,
  right: 'response',
  body: { type: 'text', text: 'Your parcel left today ✓' },
};
const quick: Outgoing = { ...text, answerToken: 'token-1' };
const accepted: Answer = { status: 200, body: { sentMessages: [{ id: '461230966842064897', quoteToken: 'q' }] } };
const refused = (status: number, message: string, headers?: Record<string, string>): Answer => ({
  status,
  body: { message },
  ...(headers ? { headers } : {}),
});
const ended = refused(400, 'Invalid reply token');

async function sending(outgoing: Outgoing, answers: Answer[], more: Partial<Tools> = {}) {
  const platform = await platformAnswering(...answers);
  const tools = localTools(more);
  closing.push(platform, tools);
  const result = await send(outgoing, accountAt(platform.url), tools);
  return { result, calls: platform.calls, paths: platform.calls.map(({ url }) => url.pathname.split('/').at(-1)) };
}

test('without a token a text is pushed, under a key that is the same each time', async () => {
  const { result, calls } = await sending(text, [accepted]);
  expect(result).toEqual({ result: 'sent', id: '461230966842064897' });
  expect(calls).toHaveLength(1);
  expect([calls[0]!.method, calls[0]!.url.pathname]).toEqual(['POST', '/v2/bot/message/push']);
  expect(calls[0]!.headers.authorization).toBe('Bearer LINE-TOKEN-1');
  expect(calls[0]!.headers['content-type']).toMatch(/^application\/json/);
  expect(JSON.parse(calls[0]!.body)).toEqual({
    to: ida,
    messages: [{ type: 'text', text: 'Your parcel left today ✓' }],
  });
  const key = calls[0]!.headers['x-line-retry-key'];
  expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const again = await sending(text, [accepted]);
  expect(again.calls[0]!.headers['x-line-retry-key']).toBe(key);
  const next = await sending({ ...text, marker: 'reply:8841:1' as Marker }, [accepted]);
  expect(next.calls[0]!.headers['x-line-retry-key']).not.toBe(key);
});

test('with a token it is a free answer, without a retry key, which LINE refuses there', async () => {
  const { result, calls } = await sending(quick, [accepted]);
  expect(result).toEqual({ result: 'sent', id: '461230966842064897' });
  expect(calls.map(({ url }) => url.pathname)).toEqual(['/v2/bot/message/reply']);
  expect(JSON.parse(calls[0]!.body)).toMatchObject({ replyToken: 'token-1', messages: [{ type: 'text' }] });
  expect(calls[0]!.headers).not.toHaveProperty('x-line-retry-key');
});

const outcomes: [string, Outgoing, Answer[], object, string[]][] = [
  ['the token has ended: pushed at once', quick, [ended, accepted], { result: 'sent' }, ['reply', 'push']],
  [
    'the answer is refused as written',
    quick,
    [refused(400, 'The request body has 1 error(s)')],
    { result: 'never' },
    ['reply'],
  ],
  ['too many answers', quick, [refused(429, 'The API rate limit has been exceeded.')], { result: 'later' }, ['reply']],
  [
    'the token is dead at the answer',
    quick,
    [refused(401, 'Authentication failed')],
    { result: 'account-broken' },
    ['reply'],
  ],
  ['lost, and not taken: asked again', quick, ['hang up', accepted], { result: 'sent' }, ['reply', 'reply']],
  ['a 500, and not taken: asked again', quick, [refused(500, 'x'), accepted], { result: 'sent' }, ['reply', 'reply']],
  ['lost, and the token is used', quick, ['hang up', ended], { result: 'unsure' }, ['reply', 'reply']],
  ['lost, and lost again', quick, ['hang up', 'hang up'], { result: 'unsure' }, ['reply', 'reply']],
  ['lost, and then too many', quick, ['hang up', refused(429, 'rate')], { result: 'unsure' }, ['reply', 'reply']],
  ['the push is lost: again under its key', text, ['hang up'], { result: 'later' }, ['push']],
  ['the push meets a 500', text, [refused(500, 'An error occurred')], { result: 'later' }, ['push']],
  ['the push meets a 502 of something else', text, [{ status: 502, body: '<html>' }], { result: 'later' }, ['push']],
  [
    'the push was accepted before',
    text,
    [{ status: 409, body: { message: 'The retry key is already accepted', sentMessages: [{ id: '46' }] } }],
    { result: 'sent', id: '46' },
    ['push'],
  ],
  [
    'accepted before, told by the request alone',
    text,
    [refused(409, 'The retry key is already accepted', { 'x-line-accepted-request-id': 'req-1' })],
    { result: 'sent', id: 'request:req-1' },
    ['push'],
  ],
  [
    'success without an id',
    text,
    [{ status: 200, body: {}, headers: { 'x-line-request-id': 'req-2' } }],
    { result: 'sent', id: 'request:req-2' },
    ['push'],
  ],
  ['success that tells nothing at all', text, [{ status: 200, body: '' }], { result: 'unsure' }, ['push']],
  [
    'nobody of that id',
    text,
    [refused(400, 'Failed to send messages')],
    { result: 'never', code: 'http 400' },
    ['push'],
  ],
  [
    'the month is used up',
    text,
    [refused(429, 'You have reached your monthly limit.')],
    { result: 'never', code: 'monthly-limit' },
    ['push'],
  ],
  ['too many pushes', text, [refused(429, 'The API rate limit has been exceeded.')], { result: 'later' }, ['push']],
  [
    'too many, with a wait',
    text,
    [refused(429, 'x', { 'retry-after': '7' })],
    { result: 'later', after: seconds(7) },
    ['push'],
  ],
  ['the token is dead', text, [refused(401, 'Authentication failed')], { result: 'account-broken' }, ['push']],
  [
    'the plan does not allow it',
    text,
    [refused(403, 'Access to this API is not available')],
    { result: 'account-broken' },
    ['push'],
  ],
  ['too large', text, [refused(413, 'Payload Too Large')], { result: 'never' }, ['push']],
  ['a status never seen', text, [refused(418, 'teapot')], { result: 'never', code: 'http 418' }, ['push']],
];
test.each(outcomes)('%s', async (_name, outgoing, answers, expected, asked) => {
  const { result, paths } = await sending(outgoing, answers);
  expect(result).toMatchObject(expected);
  expect(paths).toEqual(asked);
  if ('why' in result) expect(result.why).toMatch(/^[A-Z].*[.)]$/);
});

test('a connection that is refused is surely not sent', async () => {
  const tools = localTools();
  closing.push(tools);
  for (const outgoing of [text, quick])
    expect(await send(outgoing, accountAt('http://127.0.0.1:1'), tools)).toMatchObject({ result: 'later' });
});

test('there are no templates', async () => {
  const template: Outgoing = { ...text, body: { type: 'template', name: 'a', language: 'en', parameters: [] } };
  expect((await sending(template, [])).result).toMatchObject({ result: 'never', code: 'no-templates' });
});

test('a refusal names the fields that LINE names, and the log the call but nobody', async () => {
  const details = [{ message: 'May not be empty', property: 'messages[0].text' }, { property: 'a secret of Ida' }];
  const log: unknown[] = [];
  const keep = (event: string, fields?: object) => void log.push([event, fields]);
  const { result } = await sending(text, [{ status: 400, body: { message: 'The request body', details } }], {
    log: { ...silentLog, info: keep },
  });
  expect(result).toMatchObject({ why: 'LINE refused the message as it was written. (LINE names messages[0].text.)' });
  expect(log).toEqual([['line.refused', { call: '/v2/bot/message/push', status: 400, request: undefined }]]);
});

test('no reason holds the token or what was said', async () => {
  const { result } = await sending(text, [refused(400, 'LINE-TOKEN-1 Your parcel left today')]);
  expect(JSON.stringify(result)).not.toMatch(/LINE-TOKEN-1|parcel left/);
});
