import { afterEach, describe, expect, test } from 'vitest';
import type { PlatformUserId } from '../../domain/ids.ts';
import type { MediaPart } from '../../domain/part.ts';
import { makeDownload } from '../../kit/download.ts';
import type { Tools } from '../../kit/tools.ts';
import { type Answer, localTools, platformAnswering } from '../shared/testing/platform.ts';
import { declineGroup } from './decline-group.ts';
import { accountAt } from './fixtures/support.ts';
import { checkHealth, checkSubscription } from './health.ts';
import { fetchMedia } from './media.ts';
import { showTyping } from './presence.ts';
import { fetchProfile } from './profile.ts';
import { provision } from './setup.ts';

const closing: { close(): unknown }[] = [];
afterEach(async () => {
  for (const open of closing.splice(0)) await open.close();
});

const ida = 'U1da00000000000000000000000000001' as PlatformUserId;
const download = makeDownload({ allowedHosts: ['127.0.0.1'], maxBytes: 1_000_000, timeoutMs: 5_000 });

async function asking<T>(
  answers: Answer[],
  ask: (account: ReturnType<typeof accountAt>, tools: Tools) => Promise<T>,
  more: { tools?: Partial<Tools>; account?: Record<string, unknown> } = {},
) {
  const platform = await platformAnswering(...answers);
  const tools = localTools({ download, ...more.tools });
  closing.push(platform, tools);
  const result = await ask(accountAt(platform.url, more.account), tools);
  const asked = platform.calls.map(({ method, url }) => `${method} ${url.pathname}`);
  return { result, calls: platform.calls, asked };
}

const ok = (body: unknown, headers?: Record<string, string>): Answer => ({
  status: 200,
  body,
  ...(headers ? { headers } : {}),
});
const refused = (status: number, message = 'x'): Answer => ({ status, body: { message } });

describe('the profile', () => {
  const ask = (answer: Answer) => asking([answer], (account, tools) => fetchProfile(ida, account, tools));

  test('name, picture and language', async () => {
    const { result, asked, calls } = await ask(
      ok({ userId: ida, displayName: 'Ida', pictureUrl: 'https://p.example/a', language: 'de', statusMessage: 'hi' }),
    );
    expect(result).toEqual({
      result: 'done',
      value: { name: 'Ida', pictureUrl: 'https://p.example/a', locale: 'de' },
    });
    expect(asked).toEqual([`GET /v2/bot/profile/${ida}`]);
    expect(calls[0]!.headers.authorization).toBe('Bearer LINE-TOKEN-1');
  });

  const others: [string, Answer, object][] = [
    ['of no friend there is none', refused(404, 'Not found'), { result: 'done', value: {} }],
    ['a dead token', refused(401), { result: 'account-broken' }],
    ['too many', refused(429), { result: 'later' }],
    ['a failure', refused(500), { result: 'later' }],
    ['no answer', 'hang up', { result: 'later' }],
  ];
  test.each(others)('%s', async (_name, answer, expected) => {
    expect((await ask(answer)).result).toMatchObject(expected);
  });
});

describe('a file of the customer', () => {
  const ask = (part: MediaPart, ...answers: Answer[]) =>
    asking(answers, (account, tools) => fetchMedia(part, account, tools));
  const image: MediaPart = { type: 'image', mediaId: '46' };
  const video: MediaPart = { type: 'video', mediaId: '47' };
  const bytes = ok('bytes', { 'content-type': 'image/heic' });

  test('comes from the data host, with the token, without a name', async () => {
    const { result, calls, asked } = await ask(image, bytes);
    expect(result).toEqual({ result: 'done', value: { bytes: Buffer.from('bytes'), contentType: 'image/heic' } });
    expect(asked).toEqual(['GET /v2/bot/message/46/content']);
    expect(calls[0]!.headers.authorization).toBe('Bearer LINE-TOKEN-1');
  });

  test('a video is asked for once it is prepared', async () => {
    const { result, asked } = await ask(video, ok({ status: 'succeeded' }), bytes);
    expect(result).toMatchObject({ result: 'done' });
    expect(asked).toEqual(['GET /v2/bot/message/47/content/transcoding', 'GET /v2/bot/message/47/content']);
  });

  const others: [string, MediaPart, Answer[], object][] = [
    ['still being prepared', video, [ok({ status: 'processing' })], { result: 'later' }],
    ['cannot be prepared', video, [ok({ status: 'failed' })], { result: 'never', code: 'not-prepared' }],
    ['LINE does not say, but has it', video, [refused(404), bytes], { result: 'done' }],
    ['a 202 without content', image, [{ status: 202, body: '' }], { result: 'later' }],
    ['gone', image, [refused(404)], { result: 'never', why: expect.stringContaining('no longer has it') }],
    ['gone for good', image, [refused(410)], { result: 'never', why: expect.stringContaining('withdrawn') }],
    ['a dead token', image, [refused(401)], { result: 'account-broken' }],
    ['a failure', image, [refused(500)], { result: 'later' }],
    ['too many', image, [refused(429)], { result: 'later' }],
    ['neither id nor link', { type: 'file' }, [], { result: 'never' }],
    ['a sticker of no number', { type: 'sticker', stickerId: '../x' }, [], { result: 'never' }],
  ];
  test.each(others)('%s', async (_name, part, answers, expected) => {
    expect((await ask(part, ...answers)).result).toMatchObject(expected);
  });

  test('the token goes to no other host, be it by a link or a redirect', async () => {
    const elsewhere = await platformAnswering(bytes, bytes);
    closing.push(elsewhere);
    const redirect: Answer = { status: 302, body: '', headers: { location: `${elsewhere.url}/b` } };
    await ask(image, redirect);
    await ask({ type: 'image', url: `${elsewhere.url}/a` });
    expect(elsewhere.calls.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
  });

  test('a sticker’s picture comes from the shop, without the token', async () => {
    const { calls, asked } = await ask({ type: 'sticker', stickerId: '1988' }, bytes);
    expect(asked).toEqual(['GET /stickershop/v1/sticker/1988/android/sticker.png']);
    expect(calls[0]!.headers).not.toHaveProperty('authorization');
  });
});

test('typing shows for five seconds', async () => {
  const { calls, asked } = await asking([{ status: 202, body: {} }], (account, tools) =>
    showTyping(ida, account, tools),
  );
  expect(asked).toEqual(['POST /v2/bot/chat/loading/start']);
  expect(JSON.parse(calls[0]!.body)).toEqual({ chatId: ida, loadingSeconds: 5 });
});

describe('a group', () => {
  const group = 'Cafe0000000000000000000000000001';
  const ask = (chat: { chat: string; answerToken?: string }, ...answers: Answer[]) =>
    asking(answers, (account, tools) => declineGroup(chat, account, tools));

  test('is told, where that is free, and left', async () => {
    const { result, calls, asked } = await ask({ chat: group, answerToken: 't' }, ok({}), ok({}));
    expect(result).toEqual({ result: 'done', value: undefined });
    expect(asked).toEqual(['POST /v2/bot/message/reply', `POST /v2/bot/group/${group}/leave`]);
    expect(JSON.parse(calls[0]!.body)).toMatchObject({ replyToken: 't', messages: [{ type: 'text' }] });
  });

  test('a room is left too, without a word where that would cost', async () => {
    const { asked } = await ask({ chat: 'R00e0000000000000000000000000001' }, ok({}));
    expect(asked).toEqual(['POST /v2/bot/room/R00e0000000000000000000000000001/leave']);
  });

  const others: [string, Answer, object][] = [
    ['left already', refused(404), { result: 'done' }],
    ['not known', refused(400), { result: 'done' }],
    ['a dead token', refused(401), { result: 'account-broken' }],
    ['no answer', 'hang up', { result: 'later' }],
  ];
  test.each(others)('%s', async (_name, answer, expected) => {
    expect((await ask({ chat: group }, answer)).result).toMatchObject(expected);
  });
});

const hook = 'https://chat.acme.example/webhooks/line/acme-line';
const at = (endpoint: string, active = true): Answer => ok({ endpoint, active });

describe('setting up', () => {
  const ask = (wish: { remove?: boolean; apply?: boolean }, ...answers: Answer[]) =>
    asking(answers, (account, tools) =>
      provision({ webhookUrl: hook, remove: false, apply: true, ...wish }, account, tools),
    );
  const get = 'GET /v2/bot/channel/webhook/endpoint';
  const put = 'PUT /v2/bot/channel/webhook/endpoint';
  const wrong = { what: 'webhook address', now: 'https://old.example/', wanted: hook };

  const cases: [string, object, Answer[], object, string[]][] = [
    ['all is as wanted', {}, [at(hook)], { value: [] }, [get]],
    ['another address', {}, [at('https://old.example/'), ok({})], { value: [wrong] }, [get, put]],
    ['another address, compared only', { apply: false }, [at('https://old.example/')], { value: [wrong] }, [get]],
    ['none yet', {}, [refused(404), ok({})], { value: [{ now: 'none' }, { what: 'use of the webhook' }] }, [get, put]],
    ['turned off, which only a person can change', {}, [at(hook, false)], { value: [{ now: 'off' }] }, [get]],
    ['the address is refused', {}, [at('https://old.example/'), refused(400)], { result: 'never' }, [get, put]],
    ['a dead token', {}, [refused(401)], { result: 'account-broken' }, [get]],
    ['taking it away is done by hand', { remove: true }, [at(hook)], { result: 'never', code: 'by-hand' }, [get]],
    ['taken away already', { remove: true }, [at(hook, false)], { result: 'done', value: [] }, [get]],
  ];
  test.each(cases)('%s', async (_name, wish, answers, expected, asks) => {
    const { result, asked, calls } = await ask(wish, ...answers);
    expect(result).toMatchObject(expected);
    expect(asked).toEqual(asks);
    if (asks[1] === put) expect(JSON.parse(calls[1]!.body)).toEqual({ endpoint: hook });
  });
});

describe('whether LINE calls the webhook', () => {
  const cases: [string, Answer, object][] = [
    ['it does', at(hook), { result: 'done', value: { ok: true } }],
    ['another one', at('https://old.example/'), { value: { ok: false, why: expect.stringContaining('old.example') } }],
    ['turned off', at(hook, false), { value: { ok: false, fix: expect.stringContaining('Use webhook') } }],
    ['none', refused(404), { value: { ok: false, why: expect.stringContaining('nowhere') } }],
    ['a failure', refused(500), { result: 'later' }],
    ['a dead token', refused(401), { result: 'account-broken' }],
  ];
  test.each(cases)('%s', async (_name, answer, expected) => {
    const tools = { publicUrl: 'https://chat.acme.example' };
    expect((await asking([answer], checkSubscription, { tools })).result).toMatchObject(expected);
  });
});

describe('health', () => {
  const bot = ok({ userId: 'U00000000000000000000000000000b07', chatMode: 'bot' });
  const tried = ok({ success: true, statusCode: 200, reason: 'OK', detail: '200' });
  const quota = (type: string, value?: number) => ok({ type, value });
  const used = (totalUsage: number) => ok({ totalUsage });
  const fine = [bot, at(hook), tried, quota('limited', 200), used(12)];
  const ask = (answers: Answer[], account: Record<string, unknown> = {}) =>
    asking(answers, checkHealth, { tools: { publicUrl: 'https://chat.acme.example' }, account });

  test('all is well', async () => {
    const { result, calls } = await ask(fine);
    expect(result.filter(({ ok }) => !ok)).toEqual([]);
    expect(result.map(({ what }) => what)).toEqual([
      'channel access token',
      'webhook address',
      'webhook as LINE reaches it',
      "this month's messages",
      'chat mode',
    ]);
    expect(JSON.parse(calls[2]!.body)).toEqual({});
  });

  const away = ok({ success: false, statusCode: 401, reason: 'ERROR_STATUS_CODE', detail: '401' });
  const others: [string, Answer[], Record<string, unknown>, object][] = [
    ['a dead token', [refused(401)], {}, { ok: false, what: 'channel access token' }],
    ['another bot’s token', [bot], { botUserId: `U${'0'.repeat(32)}` }, { ok: false, why: /U0{32}/ }],
    ['no webhook', [bot, refused(404), ...fine.slice(3)], {}, { ok: false, why: /nowhere/, fix: /provision/ }],
    ['another webhook', [bot, at('https://old.example/'), ...fine.slice(3)], {}, { ok: false, why: /old\.example/ }],
    ['the webhook off', [bot, at(hook, false), ...fine.slice(3)], {}, { ok: false, fix: /Use webhook/ }],
    ['not reached', [bot, at(hook), away, ...fine.slice(3)], {}, { ok: false, why: /401/, fix: /channelSecret/ }],
    ['nearly used up', [...fine.slice(0, 4), used(180)], {}, { ok: false, why: /180 of 200/, fix: /plan/ }],
    [
      'no quota told',
      [...fine.slice(0, 3), refused(500), refused(500)],
      {},
      { ok: false, what: "this month's messages" },
    ],
    ['no word of the webhook', [bot, refused(500), ...fine.slice(3)], {}, { ok: false, what: 'webhook address' }],
    [
      'no trial',
      [bot, at(hook), refused(500), ...fine.slice(3)],
      {},
      { ok: false, what: 'webhook as LINE reaches it' },
    ],
    ['no limit', [...fine.slice(0, 3), quota('none'), used(180)], {}, { ok: true, why: /180 sent/ }],
    [
      'colleagues may answer elsewhere',
      [ok({ userId: 'U', chatMode: 'chat' }), ...fine.slice(1)],
      {},
      { ok: true, why: /Manager/ },
    ],
  ];
  test.each(others)('%s', async (_name, answers, account, { ok, ...words }: { ok?: boolean } & object) => {
    const { result } = await ask(answers, account);
    const patterns = Object.entries(words).map(([key, value]) => [
      key,
      value instanceof RegExp ? expect.stringMatching(value) : value,
    ]);
    expect(result).toContainEqual(expect.objectContaining({ ok, ...Object.fromEntries(patterns) }));
    for (const { why, fix } of result.filter((each) => !each.ok))
      expect([why, fix]).toEqual([expect.any(String), expect.any(String)]);
    expect(JSON.stringify(result)).not.toContain('LINE-TOKEN-1');
  });
});
