import { afterEach, expect, test } from 'vitest';
import { seconds } from '../../domain/duration.ts';
import type { MessageId } from '../../domain/ids.ts';
import type { Tools } from '../../kit/tools.ts';
import type { Outgoing, OutgoingBody } from '../channel.ts';
import { type Answer, localTools, platformAnswering } from '../shared/testing/platform.ts';
import { telegram } from './channel.ts';
import { accountAt, botToken, ida, reply } from './fixtures/support.ts';
import { send } from './send.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function sending(outgoing: Outgoing, answers: Answer[], more: Partial<Tools> = {}) {
  const platform = await platformAnswering(...answers);
  const tools = localTools(more);
  closing.push(platform.close, tools.close);
  const result = await send(outgoing, accountAt(platform.url), tools);
  const methods = platform.calls.map(({ url }) => url.pathname.replace(`/bot${botToken}/`, ''));
  return { result, calls: platform.calls, methods };
}

const text = reply({ type: 'text', text: 'Grüße 👋' });
const taken: Answer = { status: 200, body: { ok: true, result: { message_id: 60, chat: { id: 99112233 } } } };
const refusal = (code: number, description = 'No', parameters = {}): Answer => ({
  status: code,
  body: { ok: false, error_code: code, description, parameters },
});
const jsonOf = (body: string | undefined): unknown => JSON.parse(body ?? '');

test('a text', async () => {
  const { result, calls, methods } = await sending(text, [taken]);
  expect(result).toEqual({ result: 'sent', id: '99112233:60' });
  expect(methods).toEqual(['sendMessage']);
  expect(jsonOf(calls[0]!.body)).toEqual({ chat_id: ida, text: 'Grüße 👋' });
});

test('quoting a message of the same chat, and of no other', async () => {
  const quoted = await sending({ ...text, replyTo: '99112233:51' as MessageId }, [taken]);
  expect(jsonOf(quoted.calls[0]!.body)).toMatchObject({
    reply_parameters: { message_id: 51, allow_sending_without_reply: true },
  });
  const other = await sending({ ...text, replyTo: '1:51' as MessageId }, [taken]);
  expect(jsonOf(other.calls[0]!.body)).not.toHaveProperty('reply_parameters');
});

test('choices are buttons, cut where Telegram takes no more, and never within a letter', async () => {
  const family = '👩‍👩‍👧';
  const choices = [
    { title: 'Blue', payload: 'BLUE' },
    { title: 'Shop', url: 'https://shop.example' },
    { title: family.repeat(9), payload: 'ä'.repeat(40) },
  ];
  const { calls } = await sending(reply({ type: 'text', text: 'Which?', choices }), [taken]);
  expect(jsonOf(calls[0]!.body)).toMatchObject({
    reply_markup: {
      inline_keyboard: [
        [{ text: 'Blue', callback_data: 'BLUE' }],
        [{ text: 'Shop', url: 'https://shop.example' }],
        [{ text: family.repeat(8), callback_data: 'ä'.repeat(32) }],
      ],
    },
  });
});

const file = (contentType: string, bytes = 3): OutgoingBody => ({
  type: 'file',
  name: 'a.bin',
  contentType,
  bytes: Buffer.alloc(bytes, 'x'),
});
test.each([
  ['image/png', 3, 'sendPhoto', 'photo'],
  ['image/png', 10_000_001, 'sendDocument', 'document'],
  ['image/gif', 3, 'sendAnimation', 'animation'],
  ['image/tiff', 3, 'sendDocument', 'document'],
  ['video/mp4', 3, 'sendVideo', 'video'],
  ['audio/ogg; codecs=opus', 3, 'sendVoice', 'voice'],
  ['audio/mpeg', 3, 'sendAudio', 'audio'],
  ['application/pdf', 3, 'sendDocument', 'document'],
])('%s of %d bytes goes by %s', async (contentType, size, method, field) => {
  const { result, calls, methods } = await sending(reply(file(contentType, size)), [taken]);
  expect(result.result).toBe('sent');
  expect(methods).toEqual([method]);
  expect(calls[0]!.headers['content-type']).toMatch(/^multipart\/form-data/);
  expect(calls[0]!.body).toContain(`name="${field}"; filename="a.bin"`);
  expect(calls[0]!.body).toContain(`name="chat_id"\r\n\r\n${ida}`);
});

test('a picture of a shape that Telegram does not take goes as a document', async () => {
  const answers = [refusal(400, 'Bad Request: PHOTO_INVALID_DIMENSIONS'), taken];
  const { result, methods } = await sending(reply(file('image/png')), answers);
  expect(result.result).toBe('sent');
  expect(methods).toEqual(['sendPhoto', 'sendDocument']);
});

test('but not where something else was wrong', async () => {
  const { result, methods } = await sending(reply(file('image/png')), [
    refusal(403, 'Forbidden: bot was blocked by the user'),
  ]);
  expect(result).toMatchObject({ result: 'never', why: expect.stringMatching(/blocked/) });
  expect(methods).toEqual(['sendPhoto']);
});

const never: [string, OutgoingBody, RegExp][] = [
  ['a file that is too large', file('video/mp4', 50_000_001), /50 MB/],
  ['an empty file', file('video/mp4', 0), /empty/],
  ['a template', { type: 'template', name: 'a', language: 'en', parameters: [] }, /template/],
];
test.each(never)('never: %s, and Telegram is not asked', async (_name, body, why) => {
  const { result, calls } = await sending(reply(body), [taken]);
  expect(result).toMatchObject({ result: 'never', why: expect.stringMatching(why) });
  expect(calls).toEqual([]);
});

const endings: [string, Answer, Record<string, unknown>][] = [
  [
    'blocked',
    refusal(403, 'Forbidden: bot was blocked by the user'),
    { result: 'never', code: '403', why: /blocked the bot/ },
  ],
  ['a deleted account', refusal(403, 'Forbidden: user is deactivated'), { result: 'never', why: /deleted/ }],
  [
    'somebody who never wrote',
    refusal(403, "Forbidden: bot can't initiate conversation with a user"),
    { result: 'never', why: /never wrote/ },
  ],
  ['another reason', refusal(403, 'Forbidden: because'), { result: 'never', why: /does not let/ }],
  ['no such chat', refusal(400, 'Bad Request: chat not found'), { result: 'never', why: /no chat/ }],
  ['another mistake', refusal(400, 'Bad Request: no'), { result: 'never', code: '400' }],
  ['a revoked token', refusal(401, 'Unauthorized'), { result: 'account-broken', why: /revoked/ }],
  ['no such bot', refusal(404, 'Not Found'), { result: 'account-broken', why: /botToken/ }],
  [
    'too fast',
    refusal(429, 'Too Many Requests: retry after 7', { retry_after: 7 }),
    { result: 'later', after: seconds(7) },
  ],
  ['a conflict', refusal(409, 'Conflict'), { result: 'later' }],
  ['too large', refusal(413, 'Request Entity Too Large'), { result: 'never' }],
  ['an internal error', refusal(500, 'Internal Server Error'), { result: 'unsure' }],
  ['a front end', { status: 502, body: 'Bad gateway' }, { result: 'unsure' }],
  [
    '429 of a front end',
    { status: 429, body: '', headers: { 'retry-after': '3' } },
    { result: 'later', after: seconds(3) },
  ],
  ['a connection that breaks', 'hang up', { result: 'unsure' }],
  ['an answer that is no JSON', { status: 200, body: 'ok' }, { result: 'unsure' }],
  ['an answer without an id', { status: 200, body: { ok: true, result: {} } }, { result: 'unsure' }],
];
test.each(endings)('%s', async (_name, answer, { why, ...ending }) => {
  const { result } = await sending(text, [answer]);
  expect(result).toMatchObject({ ...ending, ...(why instanceof RegExp ? { why: expect.stringMatching(why) } : {}) });
});

test('nobody there: it surely was not sent', async () => {
  const platform = await platformAnswering();
  await platform.close();
  const tools = localTools();
  closing.push(tools.close);
  expect(await send(text, accountAt(platform.url), tools)).toMatchObject({ result: 'later' });
});

test('neither the token nor a word shows in a log line or an outcome, whatever happens', async () => {
  const shown: unknown[] = [];
  const note = (event: string, fields?: object) => void shown.push({ event, ...fields });
  const log = { debug: note, info: note, warn: note, error: note };
  for (const [, answer] of endings) shown.push((await sending(text, [answer], { log })).result);
  const platform = await platformAnswering(
    { status: 200, body: { ok: true, result: { file_path: 'photos/a.jpg' } } },
    { status: 404, body: 'Not Found' },
    'hang up',
    refusal(500),
  );
  const tools = localTools({ log });
  closing.push(platform.close, tools.close);
  const part = { type: 'image', mediaId: 'F' } as const;
  shown.push(await telegram.fetchMedia!(part, accountAt(platform.url), tools));
  shown.push(await telegram.fetchMedia!(part, accountAt(platform.url), tools));
  shown.push(await telegram.checkHealth!(accountAt(platform.url), tools), accountAt(platform.url));
  expect(shown.length).toBeGreaterThan(endings.length + 4);
  expect(JSON.stringify(shown)).not.toMatch(/SECRET|Grüße|99112233/);
});
