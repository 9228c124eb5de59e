import { afterEach, expect, test } from 'vitest';
import { hours, seconds } from '../../domain/duration.ts';
import type { Marker, PlatformUserId } from '../../domain/ids.ts';
import type { Outgoing, OutgoingBody } from '../channel.ts';
import { type Answer, localTools, platformAnswering } from '../shared/testing/platform.ts';
import { accountAt } from './fixtures/support.ts';
import { send } from './send.ts';

const openid = 'oLin6Tqb4X0aYvE2sWdR8uNfKj3c' as PlatformUserId;
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const json = (body: unknown): Answer => ({ status: 200, body });
const handsOut = (token: string): Answer => json({ access_token: token, expires_in: 7200 });
const ok = json({ errcode: 0, errmsg: 'ok' });
const refuses = (errcode: number, errmsg = 'no'): Answer => json({ errcode, errmsg });

const outgoing = (body: OutgoingBody): Outgoing => ({
  marker: 'passerelle:1' as Marker,
  to: openid,
  right: 'response',
  body,
});
const text = (words: string): OutgoingBody => ({ type: 'text', text: words });

/** Sends one bubble to a WeChat that hands out a token and then answers so. */
async function sent(body: OutgoingBody, answers: Answer[], more: Parameters<typeof localTools>[0] = {}) {
  const platform = await platformAnswering(handsOut('TOKEN-1'), ...answers);
  const tools = localTools(more);
  closers.push(platform.close, tools.close);
  const result = await send(outgoing(body), accountAt(platform.url), tools);
  return { result, calls: platform.calls };
}

const asked = (calls: Awaited<ReturnType<typeof sent>>['calls'], i: number) => ({
  path: calls[i]!.url.pathname,
  token: calls[i]!.url.searchParams.get('access_token'),
  body: JSON.parse(calls[i]!.body),
});

test('a text: a stable token, then one call', async () => {
  const { result, calls } = await sent(text('你好 👋\n\tzwei'), [ok]);
  expect(result).toEqual({ result: 'sent', id: 'passerelle:1' });
  expect(asked(calls, 0)).toEqual({
    path: '/cgi-bin/stable_token',
    token: null,
    body: { grant_type: 'client_credential', appid: 'wx0123456789abcdef', secret: 'secret-1', force_refresh: false },
  });
  expect(asked(calls, 1)).toEqual({
    path: '/cgi-bin/message/custom/send',
    token: 'TOKEN-1',
    body: { touser: openid, msgtype: 'text', text: { content: '你好 👋\n\tzwei' } },
  });
  expect(calls).toHaveLength(2);
});

test('nothing is written as a \\u escape, which WeChat refuses', async () => {
  const { calls } = await sent(text('a\u0000b\u0007c\ud800d\u001be é 语'), [ok]);
  expect(calls[1]!.body).not.toContain('\\u');
  expect(asked(calls, 1).body.text.content).toBe('abc\ufffdde é 语');
});

test('choices are a menu, links stand under the text, titles are cut between words', async () => {
  const choices = [
    { title: 'Yes', payload: 'YES-1' },
    { title: 'No, thank you, I would rather have it back', payload: 'NO-1' },
    { title: 'Terms', url: 'https://shop.example/terms' },
  ];
  const { calls } = await sent({ type: 'text', text: 'Keep it?', choices }, [ok]);
  expect(asked(calls, 1).body).toEqual({
    touser: openid,
    msgtype: 'msgmenu',
    msgmenu: {
      head_content: 'Keep it?\nTerms: https://shop.example/terms',
      list: [
        { id: 'YES-1', content: 'Yes' },
        { id: 'NO-1', content: 'No, thank you, I would rather' },
      ],
      tail_content: '',
    },
  });
});

test.each([
  ['too many', Array.from({ length: 11 }, (_, i) => ({ title: `T${i}`, payload: `P${i}` }))],
  [
    'two with one id',
    [
      { title: 'A', payload: 'P' },
      { title: 'B', payload: 'P' },
    ],
  ],
  ['an id too long', [{ title: 'A', payload: 'P'.repeat(65) }]],
])('choices for which there is no menu are numbered: %s', async (_name, choices) => {
  const { calls } = await sent({ type: 'text', text: 'Which?', choices }, [ok]);
  const lines = choices.map(({ title }, i) => `${i + 1}. ${title}`);
  expect(asked(calls, 1).body).toMatchObject({ msgtype: 'text', text: { content: ['Which?', ...lines].join('\n') } });
});

const file = (contentType: string, size = 4, name = 'a b.bin'): OutgoingBody => ({
  type: 'file',
  name,
  contentType,
  bytes: Buffer.alloc(size, 1),
});
const left = json({ type: 'image', media_id: 'M-1', created_at: 1790000000 });

test.each([
  ['image/png', 'image', 'image.png', { media_id: 'M-1' }],
  ['image/jpeg; q=1', 'image', 'image.jpg', { media_id: 'M-1' }],
  ['audio/mpeg', 'voice', 'voice.mp3', { media_id: 'M-1' }],
  ['video/mp4', 'video', 'video.mp4', { media_id: 'M-1', title: 'a b.bin', description: '' }],
])('%s is left with WeChat and shown as %s', async (contentType, kind, name, content) => {
  const { result, calls } = await sent(file(contentType), [left, ok]);
  expect(result.result).toBe('sent');
  expect(calls[1]!.url.pathname).toBe('/cgi-bin/media/upload');
  expect(calls[1]!.url.searchParams.get('type')).toBe(kind);
  expect(calls[1]!.body).toContain(`name="media"; filename="${name}"`);
  expect(asked(calls, 2).body).toEqual({ touser: openid, msgtype: kind, [kind]: content });
});

const publish = async ({ name, bytes }: { name: string; bytes: Buffer }) =>
  `https://chat.acme.example/media/${bytes.length}/${name}`;

test('what WeChat has no form for goes as a link, also where it finds that out itself', async () => {
  const link = '📎 a b.bin\nhttps://chat.acme.example/media/';
  const pdf = await sent(file('application/pdf'), [ok], { publish });
  expect(asked(pdf.calls, 1).body.text.content).toBe(`${link}4/a b.bin`);
  const large = await sent(file('audio/amr', 2_000_001), [ok], { publish });
  expect(asked(large.calls, 1).body.text.content).toBe(`${link}2000001/a b.bin`);
  const long = await sent(file('audio/amr'), [refuses(45007), ok], { publish });
  expect(asked(long.calls, 2).body.text.content).toBe(`${link}4/a b.bin`);
});

test('without a public address such a file is refused, and the reason says what to do', async () => {
  const { result, calls } = await sent(file('application/pdf'), []);
  expect(result).toEqual({ result: 'never', why: expect.stringContaining('server.publicUrl'), code: 'no-public-url' });
  expect(calls).toEqual([]);
  expect((await sent(file('image/png', 0), [])).result).toMatchObject({ result: 'never', code: 'empty' });
  const failing = { publish: () => Promise.reject(new Error('the vault is away')) };
  expect((await sent(file('application/pdf'), [], failing)).result).toMatchObject({ result: 'later' });
});

test('an upload whose answer is lost is simply made again: nobody has seen anything', async () => {
  expect((await sent(file('image/png'), ['hang up'])).result).toMatchObject({ result: 'later' });
  expect((await sent(file('image/png'), [json({})])).result).toMatchObject({ result: 'later' });
});

const outcomes: [string, Answer, object][] = [
  ['busy', refuses(-1), { result: 'later' }],
  ['too fast', refuses(45011), { result: 'later' }],
  ['used up for the day', refuses(45009), { result: 'later', after: hours(1) }],
  ['window closed', refuses(45015), { result: 'never', code: '45015' }],
  ['too many', refuses(45047), { result: 'never', code: '45047' }],
  ['nobody', refuses(40003), { result: 'never', code: '40003' }],
  ['not following', refuses(43004), { result: 'never', code: '43004' }],
  ['too long', refuses(45002), { result: 'never', code: '45002' }],
  ['not permitted', refuses(48001), { result: 'account-broken', why: expect.stringContaining('48001') }],
  ['not known', refuses(99999), { result: 'never', code: '99999' }],
  ['HTTP 429', { status: 429, body: '', headers: { 'retry-after': '7' } }, { result: 'later', after: seconds(7) }],
  ['HTTP 502', { status: 502, body: '<html>' }, { result: 'unsure' }],
  ['HTTP 404', { status: 404, body: '' }, { result: 'never', code: 'http 404' }],
  ['no JSON', { status: 200, body: 'what' }, { result: 'unsure' }],
  ['a lost answer', 'hang up', { result: 'unsure' }],
];
test.each(outcomes)('%s', async (_name, answer, expected) => {
  const { result, calls } = await sent(text('Hi'), [answer]);
  expect(result).toMatchObject(expected);
  expect(calls).toHaveLength(2);
});

test.each([40001, 40014, 42001])('a token that is refused (%d) is renewed, and the message sent once', async (code) => {
  const { result, calls } = await sent(text('Hi'), [refuses(code), handsOut('TOKEN-2'), ok]);
  expect(result).toMatchObject({ result: 'sent' });
  expect(asked(calls, 2).body).toMatchObject({ force_refresh: false });
  expect(asked(calls, 3)).toMatchObject({ path: '/cgi-bin/message/custom/send', token: 'TOKEN-2' });
});

test('the same token handed out again is forced to change', async () => {
  const { result, calls } = await sent(text('Hi'), [refuses(40001), handsOut('TOKEN-1'), handsOut('TOKEN-2'), ok]);
  expect(result).toMatchObject({ result: 'sent' });
  expect(calls.slice(2, 4).map((_, i) => asked(calls, i + 2).body.force_refresh)).toEqual([false, true]);
});

test('a token that is refused again breaks the account; it is renewed only once', async () => {
  const { result, calls } = await sent(text('Hi'), [refuses(40001), handsOut('TOKEN-2'), refuses(40001)]);
  expect(result).toMatchObject({ result: 'account-broken' });
  expect(calls).toHaveLength(4);
});

const withoutToken: [string, Answer, object][] = [
  ['a wrong secret', refuses(40001), { result: 'account-broken', why: expect.stringContaining('appSecret') }],
  ['a reset secret', refuses(40125), { result: 'account-broken', why: expect.stringContaining('appSecret') }],
  [
    'an address that is not let in',
    refuses(40164, 'invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist rid: 1-2'),
    { result: 'account-broken', why: expect.stringMatching(/IP whitelist.*203\.0\.113\.9\. \(error 40164\)/) },
  ],
  ['a lost answer', 'hang up', { result: 'later' }],
  ['no token in it', json({}), { result: 'later' }],
];
test.each(withoutToken)('no token is handed out: %s', async (_name, answer, expected) => {
  const platform = await platformAnswering(answer);
  const tools = localTools();
  closers.push(platform.close, tools.close);
  expect(await send(outgoing(text('Hi')), accountAt(platform.url), tools)).toMatchObject(expected);
  expect(platform.calls).toHaveLength(1);
});

const list = json({
  template_list: [
    { template_id: 'T-1', title: 'Shipped', content: '{{first.DATA}}\nOrder: {{keyword1.DATA}}\n{{ first.DATA }}' },
    { template_id: 'T-2', title: 'Twin', content: '{{a.DATA}}' },
    { template_id: 'T-3', title: 'Twin', content: '{{b.DATA}}' },
  ],
});
const template = (name: string, ...parameters: string[]): OutgoingBody => ({
  type: 'template',
  name,
  language: 'en',
  parameters,
});

test.each(['T-1', 'Shipped'])('a template by id or title (%s), filled in by the names of its blanks', async (name) => {
  const done: Answer = { status: 200, body: '{"errcode":0,"errmsg":"ok","msgid":2001638360000000001}' };
  const { result, calls } = await sent(template(name, 'Hello', '10077'), [list, done]);
  expect(result).toEqual({ result: 'sent', id: '2001638360000000001' });
  expect(asked(calls, 2)).toMatchObject({
    path: '/cgi-bin/message/template/send',
    body: { touser: openid, template_id: 'T-1', data: { first: { value: 'Hello' }, keyword1: { value: '10077' } } },
  });
  expect(asked(calls, 2).body.client_msg_id).toMatch(/^[0-9a-f]{32}$/);
});

test.each([
  ['none of that name', template('T-9'), /no template/],
  ['two of that title', template('Twin', 'x'), /Several/],
  ['too few parameters', template('T-1', 'Hello'), /takes 2 parameters, and 1/],
])('a template is refused: %s', async (_name, body, why) => {
  const { result, calls } = await sent(body, [list]);
  expect(result).toMatchObject({ result: 'never', why: expect.stringMatching(why) });
  expect(calls).toHaveLength(2);
});
