import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CommentId, PersonId, TicketId } from '../../domain/ids.ts';
import { startZendeskSimulator, type ZendeskSandbox } from '../../sandbox/zendesk/simulator.ts';
import type { HelpdeskSession } from '../helpdesk.ts';
import {
  accountAt,
  comment,
  connected,
  credentials,
  gave,
  startStub,
  type TestTools,
  testTools,
  ticketFrom,
} from './testing/harness.ts';

let zendesk: ZendeskSandbox;
let tools: TestTools;
let session: HelpdeskSession;
let ada: PersonId;
let ticket: TicketId;

beforeEach(async () => {
  tools = testTools();
  zendesk = await startZendeskSimulator(credentials);
  session = connected(accountAt(zendesk.url), tools);
  ada = gave(
    await session.ensurePerson({ externalId: 'messenger:p:1', profile: { name: 'Ada' }, fallbackName: 'Customer' }),
  );
  ticket = gave(await session.createTicket(ticketFrom(ada, '1'))).ticket!.id;
});
afterEach(async () => {
  tools.close();
  await zendesk.close();
});

const nothing = new Set<CommentId>();
const agentSays = async (text: string, isPublic = true) =>
  String(await zendesk.agentComments(Number(ticket), { text, public: isPublic })) as CommentId;
const texts = async (after?: CommentId) =>
  gave(await session.readComments(ticket, after, nothing)).map(({ text }) => text);

test('tells who wrote what, oldest first', async () => {
  gave(await session.addComment(ticket, comment('service', 'note', { public: false })));
  const note = await agentSays('only for us', false);
  await zendesk.agentComments(Number(ticket), { html: '<p>Your <b>order</b> left</p>', public: true, agent: 'bob' });
  expect(gave(await session.readComments(ticket, undefined, nothing))).toMatchObject([
    { by: 'customer', author: ada, public: true, text: 'said with marker-1' },
    { by: 'service', public: false },
    { id: note, by: 'agent', public: false, text: 'only for us' },
    { by: 'agent', public: true, text: 'Your order left', at: expect.any(Date), files: [] },
  ]);
});

test('calls its own what it is told that it wrote', async () => {
  const id = await agentSays('typed elsewhere, written by us');
  expect(gave(await session.readComments(ticket, undefined, new Set([id]))).at(-1)).toMatchObject({
    id,
    by: 'service',
  });
});

test('goes on after a comment', async () => {
  const first = await agentSays('one');
  await agentSays('two');
  const third = await agentSays('three');
  expect(await texts(first)).toEqual(['two', 'three']);
  expect(await texts(third)).toEqual([]);
  expect(await texts()).toHaveLength(4);
});

test('goes on over pages, also after a comment that is no longer there', async () => {
  const first = await agentSays('0');
  for (let n = 1; n <= 250; n++) await agentSays(`${n}`);
  const expected = Array.from({ length: 250 }, (_each, n) => `${n + 1}`);
  expect(await texts(first)).toEqual(expected);
  const between = String(Number(first) + 1) as CommentId;
  expect(await texts(between)).toEqual(expected);
});

test('gives the files of a comment, and their bytes', async () => {
  const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255]);
  await zendesk.agentComments(Number(ticket), {
    text: 'see',
    public: true,
    files: [
      { name: 'schéma.png', contentType: 'image/png', bytes },
      { name: 'a.pdf', contentType: 'application/pdf', bytes: Buffer.from('pdf') },
    ],
  });
  const [file, other] = gave(await session.readComments(ticket, undefined, nothing)).at(-1)!.files;
  expect(file).toMatchObject({ name: 'schéma.png', contentType: 'image/png', bytes: 6 });
  expect(other).toMatchObject({ name: 'a.pdf' });
  expect(gave(await session.fetchFile(file!, 100))).toEqual({ bytes, contentType: 'image/png', name: 'schéma.png' });
  expect(await session.fetchFile(file!, 5)).toMatchObject({ result: 'never', why: expect.stringContaining('larger') });
});

test('a deleted ticket has no comments', async () => {
  zendesk.setStatus(Number(ticket), 'deleted');
  expect(await texts()).toEqual([]);
});

test('when Zendesk does not say who we are, replies are read all the same', async () => {
  zendesk.inject({ kind: '500', path: '/users/me', times: 1 });
  await agentSays('hello');
  expect(gave(await session.readComments(ticket, undefined, nothing)).at(-1)).toMatchObject({ by: 'agent' });
  expect(tools.logged).toContainEqual(expect.objectContaining({ level: 'warn', event: 'zendesk.own-user-unknown' }));
});

test('asks who we are once', async () => {
  await texts();
  await texts();
  expect(zendesk.requests.filter(({ path }) => path.includes('/users/me'))).toHaveLength(1);
});

test.each(['429', '500', 'timeout-before', 'reset-before'] as const)('%s when reading is tried later', async (kind) => {
  zendesk.inject({ kind, path: '/comments', times: 1, delayMs: 2_000 });
  expect(await session.readComments(ticket, undefined, nothing)).toMatchObject({ result: 'later' });
});

interface Told {
  comments: object[];
  users?: object[];
  /** Answers of /users/{id}. */
  shown?: Record<string, object>;
  requester?: number;
}

/** A Zendesk that tells exactly this. */
async function telling({ comments, users, shown = {}, requester = 1 }: Told) {
  const stub = await startStub((request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    const user = shown[/users\/(.+)\.json/.exec(path)?.[1] ?? ''];
    const body = path.endsWith('/comments.json')
      ? { comments, ...(users && { users }), meta: { has_more: false } }
      : path.includes('/tickets/')
        ? { ticket: { id: 1, status: 'open', requester_id: requester } }
        : user && { user };
    response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? { error: 'RecordNotFound' }));
  });
  return { stub, session: connected(accountAt(stub.url, { accessToken: 't' }), tools) };
}

const said = (author: number, id = 10, at = '2026-01-01T10:00:00Z') => ({
  id,
  author_id: author,
  public: true,
  html_body: `<p>${id}</p>`,
  attachments: [],
  created_at: at,
});

test.each<[string, Told, string]>([
  ['staff told beside the comments', { comments: [said(2)], users: [{ id: 2, role: 'agent' }] }, 'agent'],
  ['an admin', { comments: [said(2)], users: [{ id: 2, role: 'admin' }] }, 'agent'],
  ['staff that must be asked for', { comments: [said(2)], shown: { '2': { id: 2, role: 'agent' } } }, 'agent'],
  ['an end user', { comments: [said(2)], shown: { '2': { id: 2, role: 'end-user' } } }, 'customer'],
  ['somebody deleted', { comments: [said(2)] }, 'customer'],
  ["Zendesk's own system", { comments: [said(-1)] }, 'customer'],
  [
    'staff who asked as a customer',
    { comments: [said(2)], users: [{ id: 2, role: 'agent' }], requester: 2 },
    'customer',
  ],
  [
    'ourselves',
    { comments: [said(2)], users: [{ id: 2, role: 'admin' }], shown: { me: { id: 2, role: 'admin' } } },
    'service',
  ],
  ['nobody in particular', { comments: [said(2)], shown: { me: { id: null, role: 'end-user' } } }, 'customer'],
])('knows %s', async (_it, told, by) => {
  const { stub, session: one } = await telling(told);
  expect(gave(await one.readComments(ticket, undefined, nothing))).toMatchObject([{ by }]);
  stub.close();
});

test('asks for a user once an hour', async () => {
  const { stub, session: one } = await telling({ comments: [said(2)], shown: { '2': { id: 2, role: 'agent' } } });
  const asked = () => stub.seen.filter(({ url }) => url.includes('/users/2.json')).length;
  await one.readComments(ticket, undefined, nothing);
  await one.readComments(ticket, undefined, nothing);
  expect(asked()).toBe(1);
  tools.pass(61 * 60_000);
  await one.readComments(ticket, undefined, nothing);
  expect(asked()).toBe(2);
  stub.close();
});

test('comments of the same second are not skipped, whatever their order', async () => {
  const { stub, session: one } = await telling({
    comments: [said(2, 11), said(2, 13), said(2, 12), said(2, 10), said(2, 9, '2026-01-01T09:59:59Z')],
    users: [{ id: 2, role: 'agent' }],
  });
  const read = gave(await one.readComments(ticket, '11' as CommentId, nothing));
  expect(read.map(({ id }) => id)).toEqual(['12', '13']);
  stub.close();
});

test('comments of the same second are not skipped on the next page either', async () => {
  const pages = [
    { comments: [said(2, 13), said(2, 11)], meta: { has_more: true, after_cursor: 'next' } },
    { comments: [said(2, 12), said(2, 9, '2026-01-01T09:59:59Z')], meta: { has_more: false } },
  ];
  const stub = await startStub((request, response) => {
    const page = pages[request.url?.includes('next') ? 1 : 0];
    const isList = request.url?.includes('/comments.json');
    response.writeHead(isList ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isList ? page : {}));
  });
  const one = connected(accountAt(stub.url, { accessToken: 't' }), tools);
  const read = gave(await one.readComments(ticket, '11' as CommentId, nothing));
  expect(read.map(({ id }) => id)).toEqual(['12', '13']);
  stub.close();
});

test('asks for images inside the text too', async () => {
  const { stub, session: one } = await telling({ comments: [] });
  await one.readComments(ticket, undefined, nothing);
  expect(stub.seen[0]?.url).toContain('include_inline_images=true');
  stub.close();
});
