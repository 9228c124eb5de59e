import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OutgoingBody } from '../../src/channels/channel.ts';
import { line as channel } from '../../src/channels/line/channel.ts';
import { localTools } from '../../src/channels/shared/testing/platform.ts';
import type { Marker, PlatformUserId } from '../../src/domain/ids.ts';
import { line } from '../../src/sandbox/line/sandbox.ts';
import type { LineSimulator } from '../../src/sandbox/line/simulator.ts';
import { type ChannelProduct, startChannelProduct } from '../support/channel-product.ts';
import { until } from '../support/until.ts';

let product: ChannelProduct;
let platform: LineSimulator;
let people = 0;
beforeAll(async () => {
  product = await startChannelProduct(line);
  product.zendesk.setRateLimit(1_000_000);
  platform = product.platform as LineSimulator;
});
afterAll(() => product?.stop());

async function opened() {
  const user = line.user(1000 + ++people);
  platform.addCustomer({ user, name: `Customer ${people}` });
  await platform.customerSends(user, { type: 'text', text: 'Hello' });
  const ticketOf = () =>
    product.zendesk.tickets().find(({ requester }) => requester.externalId === `line:${product.id}:${user}`);
  const ticket = (await until('a ticket', ticketOf)).id;
  const answer = (text: string) => product.zendesk.agentComments(ticket, { text, public: true });
  return { user, ticket, answer };
}

const got = (user: string) =>
  platform
    .threads()
    .find((thread) => thread.user === user)!
    .bubbles.filter(({ from }) => from === 'page');
const ways = (user: string) => got(user).map(({ text, tag }) => [text, tag]);

test('an answer at once is free; the next, and one after a minute, is a push', async () => {
  const { user, answer } = await opened();
  await answer('At once');
  await until('it', () => got(user).length === 1);
  await answer('And then');
  await until('the next', () => got(user).length === 2);
  await platform.customerSends(user, { type: 'text', text: 'Thanks' });
  platform.ageLastContact(user, 61_000);
  await answer('Later');
  await until('the last', () => got(user).length === 3);
  await platform.customerSends(user, { type: 'postback', title: 'Track it', payload: 'TRACK' });
  await until('the tap is known', async () => {
    const waiting = await product.db.selectFrom('events').select('id').where('applied_at', 'is', null).execute();
    return waiting.length === 0;
  });
  await answer('On its way');
  await until('the answer to a tap', () => got(user).length === 4);
  expect(ways(user)).toEqual([
    ['At once', 'reply'],
    ['And then', 'push'],
    ['Later', 'push'],
    ['On its way', 'reply'],
  ]);
});

test('a push whose answer was lost is not said again, though the customer wrote meanwhile', async () => {
  const { user, answer } = await opened();
  await answer('First');
  await until('the first', () => got(user).length === 1);
  platform.inject({ kind: 'reset-after', path: '/message/push', times: 1 });
  await answer('Second');
  await until('the second', () => got(user).length === 2);
  await platform.customerSends(user, { type: 'text', text: 'Hello?' });
  const pushes = () => platform.requests.filter(({ path }) => path.endsWith('/message/push'));
  await until('it was asked for again', () => pushes().at(-1)?.status === 409);
  await answer('Third');
  await until('the third', () => got(user).some(({ text }) => text === 'Third'));
  expect(got(user).map(({ text }) => text)).toEqual(['First', 'Second', 'Third']);
});

test('an answer LINE had not taken is asked for once more with the same token', async () => {
  const { user, answer } = await opened();
  platform.inject({ kind: '500', path: '/message/reply', times: 1 });
  await answer('Only once');
  await until('it', () => got(user).length > 0);
  expect(ways(user)).toEqual([['Only once', 'reply']]);
});

test('an agent’s picture is fetched from the service by the phone', async () => {
  const { user, ticket } = await opened();
  const picture = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(500)]);
  const files = [{ name: 'map.png', contentType: 'image/png', bytes: picture }];
  await product.zendesk.agentComments(ticket, { text: 'Here', public: true, files });
  const shown = () => got(user).flatMap(({ attachments }) => attachments);
  await until('the picture', () => shown()[0]?.bytes === picture.length);
  expect(shown()).toMatchObject([{ type: 'image', contentType: 'image/png' }]);
});

test('when the month is used up the agent is told', async () => {
  const { user, ticket, answer } = await opened();
  platform.ageLastContact(user, 61_000);
  platform.setQuota({ limit: 10, used: 10 });
  await answer('Too much');
  const told = () => product.zendesk.tickets().find(({ id }) => id === ticket)!.comments;
  await until('a note', () => told().some((comment) => !comment.public && comment.body.includes('used up')));
  platform.setQuota({ used: 0 });
  expect(got(user)).toEqual([]);
});

test('a group is told once, free of charge, and left', async () => {
  const group = `C${'1'.repeat(32)}`;
  const before = platform.requests.length;
  await platform.joinsGroup(group);
  await until('it is left', () => !platform.groups().has(group));
  await platform.saysInGroup(group, 'Hello?');
  const asked = () => platform.requests.slice(before).map(({ path, status }) => [path.split('/').at(-1), status]);
  await until('both', () => asked().length >= 2);
  expect(asked()).toEqual([
    ['reply', 200],
    ['leave', 200],
  ]);
  expect(product.zendesk.tickets().every(({ requester }) => !requester.externalId?.includes(group))).toBe(true);
});

const file = (name: string, contentType: string, bytes = Buffer.from('bytes')): OutgoingBody => ({
  type: 'file',
  name,
  contentType,
  bytes,
});
const sound = Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0]), Buffer.alloc(16_000)]);
const many = Array.from({ length: 20 }, (_, n) => ({
  title: `Choice number ${n} 👩‍👩‍👧`,
  payload: 'p'.repeat(n * 20),
}));
const link = { title: 'The shop', url: 'https://shop.example/' };
const everything: [string, OutgoingBody, string | undefined][] = [
  ['a text of 5,000 letters', { type: 'text', text: 'x'.repeat(5000) }, undefined],
  ['more choices than fit', { type: 'text', text: 'Choose', choices: many }, undefined],
  ['a link and a choice', { type: 'text', text: 'Choose', choices: [link, many[1]!] }, undefined],
  ['a link under a long text', { type: 'text', text: 'x'.repeat(161), choices: [link] }, undefined],
  ['a picture', file('a b.png', 'image/png'), 'image'],
  ['a large picture', file('b.jpg', 'image/jpeg', Buffer.alloc(1_500_000)), 'image'],
  ['a video', file('c.mp4', 'video/mp4'), 'video'],
  ['a sound', file('d.mp3', 'audio/mpeg', sound), 'audio'],
  ['a document', file('e.pdf', 'application/pdf'), undefined],
];
test.each(everything)('LINE takes %s', async (_name, body, shownAs) => {
  const user = line.user(2000 + ++people);
  platform.addCustomer({ user, name: 'Receiver' });
  const publish = async () => `${platform.url}/pictures/${user}`;
  const tools = localTools({ publish });
  const account = channel.account.parse({ id: product.id, ...line.account(platform) });
  const outgoing = { marker: `m:${people}` as Marker, to: user as PlatformUserId, right: 'response', body } as const;
  expect(await channel.send(outgoing, account, tools)).toMatchObject({ result: 'sent' });
  expect(got(user)[0]!.attachments.map(({ type }) => type)).toEqual(shownAs ? [shownAs] : []);
  tools.close();
});
