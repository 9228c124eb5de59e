import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Outgoing } from '../../channels/channel.ts';
import { localTools } from '../../channels/shared/testing/platform.ts';
import { wechatAccount } from '../../channels/wechat/account.ts';
import { wechat } from '../../channels/wechat/channel.ts';
import { hours, minutes } from '../../domain/duration.ts';
import type { InboundEvent } from '../../domain/event.ts';
import type { Marker, PlatformUserId } from '../../domain/ids.ts';
import { wechat as sandbox } from './sandbox.ts';
import { startWeChatSimulator, type WeChatSimulator } from './simulator.ts';
import type { WeChatOptions } from './state.ts';

// The channel and the simulator against each other over real HTTP: what one writes, the other must understand.

const lin = 'oLin6Tqb4X0aYvE2sWdR8uNfKj3c' as PlatformUserId;
const options: WeChatOptions = {
  appId: 'wx5a4db07acc0ffee5',
  appSecret: 'wechat-secret-1',
  token: 'wechatToken1',
  encodingAesKey: 'kWxqT3mYv8Zr0JbNc5LdPf7GhS2aEu9oViXyRtQw1Bz',
  originalId: 'gh_5a4db07acc0f',
  mode: 'safe',
};
let simulator: WeChatSimulator;
let account: ReturnType<typeof accountOf>;
let tools: ReturnType<typeof localTools>;
let door: Awaited<ReturnType<typeof openDoor>>;

const accountOf = (more: object = {}) =>
  wechatAccount.parse({ id: 'acme-wechat', ...sandbox.account(simulator), ...more });

/** Where webhooks arrive: verifies, reads and keeps them, like the service's door; fails as often as told. */
async function openDoor() {
  const events: InboundEvent[] = [];
  const state = { failures: 0, calls: 0 };
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const query = Object.fromEntries(new URL(incoming.url ?? '', 'http://127.0.0.1').searchParams);
    const asked = { method: incoming.method ?? '', url: '', headers: {}, query, body: Buffer.concat(chunks) };
    state.calls++;
    const greeting = wechat.greet!(asked, [account]);
    if (greeting) return void response.writeHead(greeting.status).end(greeting.body);
    if (state.failures-- > 0) return void response.writeHead(503).end('later');
    const verified = wechat.verify(asked, account);
    const received = verified === 'forged' ? undefined : wechat.receive(verified, account);
    if (!received || 'malformed' in received) return void response.writeHead(400).end();
    events.push(...received.events);
    response.writeHead(received.answer!.status).end(received.answer!.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { events, state, url, close: () => server.close() };
}

async function begin(more: Partial<WeChatOptions> = {}, accountMore: object = {}) {
  simulator = await startWeChatSimulator({ ...options, ...more });
  account = accountOf(accountMore);
  simulator.setWebhookUrl(door.url);
  simulator.addCustomer({ user: lin, name: '林' });
}

beforeEach(async () => {
  tools = localTools();
  door = await openDoor();
  await begin();
});
afterEach(async () => {
  tools.close();
  door.close();
  await simulator.close();
});

const says = (text = 'Hi') => simulator.customerSends(lin, { type: 'text', text });
const reply = (more: Partial<Outgoing> = {}) =>
  wechat.send(
    { marker: 'passerelle:1' as Marker, to: lin, right: 'response', body: { type: 'text', text: 'Hello' }, ...more },
    account,
    tools,
  );
const shown = () => simulator.threads()[0]!.bubbles.filter(({ from }) => from === 'page');
const file = { name: '图 1.png', contentType: 'image/png', bytes: Buffer.from('89504e470d0a1a0a', 'hex') };

test('what the customer says arrives as it was said, sealed', async () => {
  const id = await says('你好 👋 ]]> <b> & "x"');
  await simulator.customerSends(lin, { type: 'text', text: 'Yes', quickReply: 'YES' });
  await simulator.customerSends(lin, { type: 'location', latitude: 31.2, longitude: 121.5, title: 'Harbour' });
  await simulator.customerSends(lin, { type: 'link', url: 'https://shop.example/c?a=1&b=2', title: 'Coat' });
  await simulator.tapsMenu(lin, 'TRACK');
  expect(door.events).toMatchObject([
    { type: 'message', id, from: lin, to: 'acme-wechat', parts: [{ type: 'text', text: '你好 👋 ]]> <b> & "x"' }] },
    { parts: [{ text: 'Yes' }, { type: 'button', payload: 'YES' }] },
    { parts: [{ type: 'location', latitude: 31.2, longitude: 121.5, title: 'Harbour' }] },
    { parts: [{ type: 'link', url: 'https://shop.example/c?a=1&b=2', title: 'Coat' }] },
    { type: 'postback', payload: 'TRACK' },
  ]);
});

test.each([
  ['plain', undefined],
  ['compatible', undefined],
  ['compatible', options.encodingAesKey],
] as const)('in %s mode too (key: %s)', async (mode, encodingAesKey) => {
  await simulator.close();
  await begin({ mode }, { encodingAesKey });
  await says('Hi');
  expect(door.events).toMatchObject([{ parts: [{ text: 'Hi' }] }]);
});

test('files can be fetched: pictures and sounds as bytes, videos by the link that is told', async () => {
  for (const type of ['image', 'audio', 'video'] as const) await simulator.customerSends(lin, { type, files: [file] });
  const parts = door.events.flatMap((event) => (event.type === 'message' ? event.parts : []));
  const media = parts.flatMap((part) => ('mediaId' in part ? [part] : []));
  const fetched = await Promise.all(media.map((part) => wechat.fetchMedia!(part, account, tools)));
  expect(fetched.map((each) => each.result === 'done' && each.value.bytes.equals(file.bytes))).toEqual([
    true,
    true,
    true,
  ]);
});

test('a file is kept for three days; of a picture there is a link besides', async () => {
  await simulator.customerSends(lin, { type: 'audio', files: [file] });
  await simulator.customerSends(lin, { type: 'image', files: [file] });
  simulator.expireMedia();
  const [voice, picture] = door.events.flatMap((event) => (event.type === 'message' ? event.parts : []));
  expect(await wechat.fetchMedia!(voice as never, account, tools)).toMatchObject({
    result: 'never',
    why: expect.stringContaining('3 days'),
  });
  expect(await wechat.fetchMedia!(picture as never, account, tools)).toMatchObject({ result: 'done' });
  const document = { type: 'file', name: 'invoice.pdf' } as const;
  expect(await wechat.fetchMedia!(document, account, tools)).toMatchObject({ result: 'never', code: 'no-media-id' });
});

test('a token that another program ended is renewed, for files too', async () => {
  await simulator.customerSends(lin, { type: 'audio', files: [file] });
  await reply();
  simulator.renewTokenElsewhere();
  const part = door.events.flatMap((event) => (event.type === 'message' ? event.parts : []))[0];
  expect(await wechat.fetchMedia!(part as never, account, tools)).toMatchObject({ result: 'done' });
  simulator.renewTokenElsewhere();
  expect(await reply()).toMatchObject({ result: 'sent' });
  expect(simulator.requests.filter(({ path }) => path.endsWith('/stable_token'))).toHaveLength(3);
});

test('answers appear once: text, menu, picture, voice, video', async () => {
  await says();
  const bodies: Outgoing['body'][] = [
    { type: 'text', text: 'Hello 林 👋' },
    { type: 'text', text: 'Keep it?', choices: [{ title: 'Yes', payload: 'Y' }] },
    { type: 'file', ...file },
    { type: 'file', name: 'a.amr', contentType: 'audio/amr', bytes: Buffer.from('#!AMR') },
    { type: 'file', name: 'v.mp4', contentType: 'video/mp4', bytes: Buffer.from('ftyp') },
  ];
  for (const body of bodies) expect(await reply({ body })).toMatchObject({ result: 'sent' });
  expect(shown().map(({ text, attachments }) => text ?? attachments[0]?.type)).toEqual([
    'Hello 林 👋',
    'Keep it?\n[Yes](Y)',
    'image',
    'voice',
    'video',
  ]);
});

test('five messages within 48 hours; three within a minute of a tap', async () => {
  await says();
  for (let i = 0; i < 5; i++) expect(await reply()).toMatchObject({ result: 'sent' });
  expect(await reply()).toMatchObject({ result: 'never', code: '45047' });
  await says();
  simulator.ageLastContact(lin, hours(49));
  expect(await reply()).toMatchObject({ result: 'never', code: '45015' });
  await simulator.tapsMenu(lin, 'TRACK');
  for (let i = 0; i < 3; i++) expect(await reply()).toMatchObject({ result: 'sent' });
  expect(await reply()).toMatchObject({ result: 'never', code: '45047' });
  simulator.ageLastContact(lin, minutes(2));
  expect(await reply()).toMatchObject({ result: 'never', code: '45015' });
  expect(shown()).toHaveLength(8);
});

const refusals: [string, () => unknown, Partial<Outgoing>, object][] = [
  ['an unknown customer', () => {}, { to: 'oNobody' as PlatformUserId }, { result: 'never', code: '40003' }],
  ['a text too long', () => {}, { body: { type: 'text', text: '语'.repeat(683) } }, { result: 'never', code: '45002' }],
  ['an empty text', () => {}, { body: { type: 'text', text: '' } }, { result: 'never', code: '44004' }],
  ['whoever left', () => simulator.follows(lin, false), {}, { result: 'never', code: '45015' }],
  ['a reset secret', () => simulator.expireToken(true), {}, { result: 'account-broken' }],
  ['an address not let in', () => simulator.letIn(false), {}, { result: 'account-broken' }],
  ['no permission', () => simulator.permit('/custom/send', false), {}, { result: 'account-broken' }],
  ['too fast', () => simulator.inject({ kind: '429', times: 1, path: '/custom/send' }), {}, { result: 'later' }],
  ['busy', () => simulator.inject({ kind: '503', times: 1, path: '/custom/send' }), {}, { result: 'later' }],
  ['an error', () => simulator.inject({ kind: '500', times: 1, path: '/custom/send' }), {}, { result: 'unsure' }],
  [
    'a lost connection',
    () => simulator.inject({ kind: 'reset-before', times: 1, path: '/custom/send' }),
    {},
    { result: 'unsure' },
  ],
];
test.each(refusals)('%s: nothing is shown', async (_name, arrange, more, expected) => {
  await says();
  await arrange();
  expect(await reply(more)).toMatchObject(expected);
  expect(shown()).toEqual([]);
});

test('a lost answer is unsure, for nobody can look', async () => {
  await says();
  simulator.inject({ kind: 'reset-after', times: 1, path: '/custom/send' });
  expect(await reply()).toMatchObject({ result: 'unsure' });
  expect(shown()).toHaveLength(1);
  expect(wechat.lookUpSent).toBeUndefined();
});

test('a template reaches a follower at any time, and an event says so', async () => {
  const templates = await wechat.listTemplates!(account, tools);
  expect(templates).toMatchObject({ result: 'done', value: [{ parameters: 2, usable: true }] });
  const name = templates.result === 'done' ? templates.value[0]!.name : '';
  const body: Outgoing['body'] = { type: 'template', name, language: 'zh_CN', parameters: ['10077', 'Post'] };
  const sent = await reply({ right: 'template', body });
  expect(shown()).toMatchObject([{ text: 'Order shipped\nOrder: 10077\nCarrier: Post' }]);
  simulator.refuses(lin, true);
  const refused = await reply({ right: 'template', body });
  await until(() => door.events.length === 2);
  const ids = [sent, refused].map((each) => each.result === 'sent' && each.id);
  expect(door.events).toMatchObject([
    { type: 'receipt', state: 'delivered', of: [ids[0]] },
    { type: 'receipt', state: 'failed', of: [ids[1]] },
  ]);
});

test('who follows, by which code, and who leaves', async () => {
  await simulator.follows(lin, true, 'order-778');
  await simulator.follows(lin, false);
  expect(door.events).toMatchObject([
    { type: 'opt-in', from: lin, ref: 'order-778' },
    { type: 'opt-out', from: lin },
  ]);
  expect(await wechat.fetchProfile!(lin, account, tools)).toEqual({
    result: 'done',
    value: { aliases: { unionid: `u${lin}` } },
  });
});

test('the profile: what colleagues noted, and the unionid', async () => {
  const value = { name: '林', aliases: { unionid: `u${lin}` } };
  expect(await wechat.fetchProfile!(lin, account, tools)).toEqual({ result: 'done', value });
  expect(await wechat.fetchProfile!('oNobody' as PlatformUserId, account, tools)).toEqual({
    result: 'done',
    value: {},
  });
});

test('typing is shown, and fails in silence', async () => {
  await says();
  await wechat.showTyping!(lin, account, tools);
  expect(simulator.threads()[0]).toMatchObject({ typing: true });
  simulator.expireToken(true);
  await expect(wechat.showTyping!(lin, account, tools)).resolves.toBeUndefined();
});

test('three attempts, each signed anew; then the customer reads that the account is out of order', async () => {
  door.state.failures = 2;
  await says('second try');
  await until(() => door.events.length === 1 && simulator.webhooks.owed() === 0);
  expect([door.state.calls, simulator.notices(lin), simulator.webhooks.owed()]).toEqual([3, 0, 0]);
  door.state.failures = 3;
  await says('lost');
  await until(() => simulator.notices(lin) === 1);
  expect([door.state.calls, door.events.length]).toEqual([6, 1]);
});

test('copies and reversed order, as networks do', async () => {
  simulator.webhooks.copies = 2;
  simulator.webhooks.holdAndReverse = true;
  await says('one');
  await says('two');
  await simulator.webhooks.release();
  expect(door.events).toMatchObject(['two', 'two', 'one', 'one'].map((text) => ({ parts: [{ text }] })));
  expect(new Set(door.events.map(({ id }) => id)).size).toBe(2);
});

test('the admin page tries the address; another token does not answer it', async () => {
  expect(await simulator.tryUrl(door.url)).toBe(true);
  account = accountOf({ token: 'another1' });
  expect(await simulator.tryUrl(door.url)).toBe(false);
});

test('health: all well, or what is wrong and what to do', async () => {
  expect((await wechat.checkHealth!(account, tools)).map(({ ok }) => ok)).toEqual([true, true, true, true, true]);
  simulator.permit('/get_all_private_template', false);
  expect(await wechat.checkHealth!(account, tools)).toMatchObject([
    { ok: true },
    { ok: true },
    { ok: false, what: 'template messages', fix: expect.stringContaining('API permissions') },
    { ok: true },
    { ok: true, why: expect.stringContaining('/webhooks/wechat/acme-wechat') },
  ]);
  simulator.letIn(false);
  expect(await wechat.checkHealth!(account, tools)).toMatchObject([
    { ok: false, why: expect.stringContaining('203.0.113.9'), fix: expect.stringContaining('whitelist') },
  ]);
});

test('nothing can be provisioned: the operator is told what to enter', async () => {
  const wish = { webhookUrl: 'https://chat.acme.example/webhooks/wechat/acme-wechat', apply: true };
  const set = await wechat.provision!({ ...wish, remove: false }, account, tools);
  expect(set).toMatchObject({ result: 'never', code: 'by-hand', why: expect.stringContaining(wish.webhookUrl) });
  expect(await wechat.provision!({ ...wish, remove: true }, account, tools)).toMatchObject({
    result: 'never',
    code: 'by-hand',
  });
});

const post = async (path: string, body: string, token = '') => {
  const answer = await fetch(`${simulator.url}/cgi-bin${path}?access_token=${token}`, { method: 'POST', body });
  return ((await answer.json()) as { errcode?: number }).errcode;
};

test('the simulator refuses what WeChat refuses', async () => {
  const login = { grant_type: 'client_credential', appid: options.appId, secret: options.appSecret };
  expect(await post('/stable_token', JSON.stringify({ ...login, grant_type: 'x' }))).toBe(40002);
  expect(await post('/stable_token', JSON.stringify({ ...login, appid: 'wxother' }))).toBe(40013);
  expect(await post('/stable_token', JSON.stringify({ ...login, secret: 'other' }))).toBe(40125);
  const answer = await fetch(`${simulator.url}/cgi-bin/stable_token`, { method: 'POST', body: JSON.stringify(login) });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  await says();
  const send = (more: object) => post('/message/custom/send', JSON.stringify({ touser: lin, ...more }), token);
  expect(await post('/message/custom/send', '{}')).toBe(41001);
  expect(await post('/message/custom/send', '{}', 'other')).toBe(40001);
  expect(await post('/message/custom/send', '{', token)).toBe(47001);
  expect(await post('/message/custom/send', `{"touser":"${lin}","x":"\\u4f60"}`, token)).toBe(40033);
  expect(await send({ msgtype: 'file' })).toBe(40008);
  expect(await send({ msgtype: 'image', image: { media_id: 'none' } })).toBe(40007);
  expect(await send({ msgtype: 'msgmenu', msgmenu: { head_content: 'x', list: [] } })).toBe(40035);
  expect(await post('/message/custom/typing', JSON.stringify({ touser: lin, command: 'Dance' }), token)).toBe(45072);
  expect(await post('/media/upload', 'no form', token)).toBe(40004);
  expect(shown()).toEqual([]);
});

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 8_000;
  while (!condition() && Date.now() < end) await tools.clock.sleep(10);
  expect(condition()).toBe(true);
}
