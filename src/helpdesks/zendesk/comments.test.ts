import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CommentId, Marker, PersonId, TicketId } from '../../domain/ids.ts';
import { startZendeskSimulator, type ZendeskSandbox } from '../../sandbox/zendesk/simulator.ts';
import type { HelpdeskSession, UploadToken } from '../helpdesk.ts';
import {
  accountAt,
  comment,
  connected,
  credentials,
  gave,
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

const seen = () => zendesk.tickets()[0]!;
const marker = (value: string) => value as Marker;

test('writes what the customer said, as the customer', async () => {
  const { comment: id } = gave(
    await session.addComment(ticket, comment(ada, 'm', { body: 'Où est-ce ? 👋\nשלום <b>' })),
  );
  expect(seen().comments[1]).toMatchObject({
    id: Number(id),
    authorName: 'Ada',
    public: true,
    body: 'Où est-ce ? 👋\nשלום <b>',
  });
});

test('writes a private note of its own, and a tag', async () => {
  gave(
    await session.addComment(ticket, comment('service', 'm', { public: false }), { addTags: ['send_failed', 'chat'] }),
  );
  expect(seen().comments[1]).toMatchObject({ authorName: 'Passerelle', authorRole: 'admin', public: false });
  expect(seen().tags).toEqual(['chat', 'send_failed']);
});

test('reopens a solved ticket when told to', async () => {
  zendesk.setStatus(Number(ticket), 'solved');
  gave(await session.addComment(ticket, comment('service', 'm', { public: false })));
  expect(seen().status).toBe('solved');
  gave(await session.addComment(ticket, comment(ada, 'm2'), { status: 'open' }));
  expect(seen().status).toBe('open');
});

test.each([
  ['closed', 'closed', undefined],
  ['closed', 'closed', ['tag']],
  ['deleted', 'gone', undefined],
  ['deleted', 'gone', ['tag']],
] as const)('tells that a ticket is %s', async (status, result, addTags) => {
  zendesk.setStatus(Number(ticket), status);
  const also = addTags ? { addTags: [...addTags] } : {};
  expect(await session.addComment(ticket, comment(ada, 'm'), also)).toEqual({ result });
});

test('a comment that is refused for itself is never, with the reason', async () => {
  expect(await session.addComment(ticket, comment(ada, 'm', { body: '€'.repeat(30_000) }))).toMatchObject({
    result: 'never',
    why: expect.stringContaining('too long'),
    code: 'RecordInvalid',
  });
});

test('a comment whose author was deleted comes later, and the author is sought again', async () => {
  zendesk.removeUser(Number(ada));
  expect(await session.addComment(ticket, comment(ada, 'm'))).toMatchObject({ result: 'later' });
  const sought = { externalId: 'messenger:p:1', profile: {}, fallbackName: 'Customer' };
  expect(gave(await session.ensurePerson(sought, ada))).not.toBe(ada);
});

test.each(['500-after', 'timeout-after', 'reset-after'] as const)(
  'after %s the comment is unsure, and its marker finds it',
  async (kind) => {
    zendesk.inject({ kind, method: 'PUT', path: '/tickets/', times: 1, delayMs: 2_000 });
    expect(await session.addComment(ticket, comment(ada, 'm'))).toMatchObject({ result: 'unsure' });
    const found = gave(await session.findComment(ticket, marker('m')));
    expect(found).toBe(String(seen().comments[1]!.id));
  },
);

test.each(['500', 'timeout-before', 'reset-before'] as const)(
  'after %s the comment is unsure, and its marker is surely not there',
  async (kind) => {
    zendesk.inject({ kind, method: 'PUT', path: '/tickets/', times: 1, delayMs: 2_000 });
    expect(await session.addComment(ticket, comment(ada, 'm'))).toMatchObject({ result: 'unsure' });
    expect(await session.findComment(ticket, marker('m'))).toEqual({ result: 'done', value: undefined });
  },
);

test('a tag that may or may not have been set comes later, before any comment', async () => {
  zendesk.inject({ kind: 'reset-after', path: '/tags', times: 1 });
  const write = () => session.addComment(ticket, comment('service', 'm'), { addTags: ['tag'] });
  expect(await write()).toMatchObject({ result: 'later' });
  expect(seen().comments).toHaveLength(1);
  gave(await write());
  expect(seen()).toMatchObject({ tags: ['chat', 'tag'], comments: [{}, {}] });
});

test('finds markers of the first comment and of one many pages back', async () => {
  const first = await session.findComment(ticket, marker('marker-1'));
  expect(first).toEqual({ result: 'done', value: String(seen().comments[0]!.id) });
  for (let n = 0; n < 120; n++) await zendesk.agentComments(Number(ticket), { text: `note ${n}`, public: false });
  expect(await session.findComment(ticket, marker('marker-1'))).toEqual(first);
  expect(await session.findComment(ticket, marker('never'))).toEqual({ result: 'done', value: undefined });
});

test('on a deleted ticket no marker is found', async () => {
  zendesk.setStatus(Number(ticket), 'deleted');
  expect(await session.findComment(ticket, marker('marker-1'))).toEqual({ result: 'done', value: undefined });
});

test('the limit of updates of one ticket is waited for', async () => {
  for (let n = 0; n < 30; n++) gave(await session.addComment(ticket, comment(ada, `m${n}`)));
  const refused = await session.addComment(ticket, comment(ada, 'm30'));
  expect(refused).toMatchObject({ result: 'later', after: expect.any(Number) });
  zendesk.passTime(10 * 60_000);
  gave(await session.addComment(ticket, comment(ada, 'm30')));
  expect(seen().comments).toHaveLength(32);
});

test('attaches uploads, each once', async () => {
  const file = { name: 'photo', contentType: 'image/png', bytes: Buffer.from('a picture') };
  const uploads = [
    gave(await session.upload(file)),
    gave(
      await session.upload({
        ...file,
        name: 'données.json',
        contentType: 'application/json',
        bytes: Buffer.from('{"a": 1 }'),
      }),
    ),
  ];
  gave(await session.addComment(ticket, comment(ada, 'm', { uploads })));
  expect(seen().comments[1]!.attachments).toMatchObject([
    { name: 'photo.png', contentType: 'image/png', bytes: 9 },
    { name: 'données.json', contentType: 'application/json', bytes: 9 },
  ]);
  const again = await session.addComment(ticket, comment(ada, 'm2', { uploads }));
  expect(again).toMatchObject({ result: 'never', why: expect.stringContaining('upload token') });
});

test('an upload that waited too long is refused', async () => {
  const upload = gave(
    await session.upload({ name: 'a.txt', contentType: 'text/plain; charset=utf-8', bytes: Buffer.from('a') }),
  );
  zendesk.passTime(61 * 60_000);
  expect(await session.addComment(ticket, comment(ada, 'm', { uploads: [upload] }))).toMatchObject({ result: 'never' });
  const made = await session.addComment(ticket, comment(ada, 'm', { uploads: ['unknown' as UploadToken] }));
  expect(made).toMatchObject({ result: 'never' });
});

test.each(['500', '500-after', 'reset-after', '429', 'timeout-before'] as const)(
  'an upload met by %s may be repeated: nobody sees one that is not attached',
  async (kind) => {
    zendesk.inject({ kind, path: '/uploads', times: 1, delayMs: 3_000 });
    const file = { name: 'a.png', contentType: 'image/png', bytes: Buffer.from('a') };
    expect(await session.upload(file)).toMatchObject({ result: 'later' });
    expect(await session.upload(file)).toMatchObject({ result: 'done' });
  },
);

test('an empty file is refused by Zendesk, for good', async () => {
  const file = { name: 'a.png', contentType: 'image/png', bytes: Buffer.alloc(0) };
  expect(await session.upload(file)).toMatchObject({ result: 'never', code: 'AttachmentUnprocessable' });
});

test('a file without a content type goes as bytes', async () => {
  const upload = gave(await session.upload({ name: 'a.bin', contentType: '', bytes: Buffer.from([0, 255]) }));
  gave(await session.addComment(ticket, comment(ada, 'm', { uploads: [upload] })));
  expect(seen().comments[1]!.attachments).toMatchObject([{ contentType: 'application/octet-stream', bytes: 2 }]);
});

test('comment ids are those that reading gives', async () => {
  const { comment: id } = gave(await session.addComment(ticket, comment(ada, 'm')));
  const read = gave(await session.readComments(ticket, undefined, new Set<CommentId>()));
  expect(read.map((each) => each.id)).toContain(id);
});

test('takes one piece out of a comment of several, and its file; asked again it asks nothing more', async () => {
  const upload = async (name: string) =>
    gave(await session.upload({ name, contentType: 'text/plain', bytes: Buffer.from(`in ${name}`) }));
  const uploads = [await upload('a.txt'), await upload('b.txt')];
  const body = 'Keep this\n\nNot this: 4711\n\nAnd this';
  const id = gave(await session.addComment(ticket, comment(ada, 'm', { body, uploads }))).comment!;
  const from = body.indexOf('Not');
  const what = { body, pieces: [{ from, to: from + 14 }], files: [{ name: 'b.txt', bytes: 8 }] };
  zendesk.setStatus(Number(ticket), 'closed');
  for (let time = 0; time < 2; time++) expect(await session.redactComment!(ticket, id, what)).toMatchObject(done);
  expect(seen().comments[1]).toMatchObject({
    body: 'Keep this\n\n▇▇▇▇\n\nAnd this',
    attachments: [{ name: 'a.txt' }, { name: 'redacted.txt' }],
  });
  expect(zendesk.requests.filter(({ path }) => path.includes('comment_redactions'))).toHaveLength(1);
});

test('takes out all of what an agent wrote', async () => {
  const id = await zendesk.agentComments(Number(ticket), { html: '<p>Your <b>code</b> is 4711</p>', public: true });
  expect(await session.redactComment!(ticket, String(id) as CommentId, 'all')).toMatchObject(done);
  expect(seen().comments[1]?.body.replace(/[▇\s]/g, '')).toBe('');
});

test('of a comment or a ticket that is gone nothing is left to take out', async () => {
  expect(await session.redactComment!(ticket, '1' as CommentId, 'all')).toMatchObject(done);
  zendesk.setStatus(Number(ticket), 'deleted');
  expect(await session.redactComment!(ticket, '1' as CommentId, 'all')).toMatchObject(done);
});

test.each([
  [
    'no permission',
    () => zendesk.permitRedacting(false),
    { result: 'never', why: expect.stringContaining('Agent Workspace') },
  ],
  ['a limit', () => zendesk.inject({ kind: '429', path: '/comment_redactions', times: 1 }), { result: 'later' }],
  [
    'an answer that got lost',
    () => zendesk.inject({ kind: 'reset-after', path: '/comment_redactions', times: 1 }),
    { result: 'later' },
  ],
  [
    'a token that died',
    () => zendesk.inject({ kind: 'expired-token', path: '/comment_redactions', times: 2 }),
    { result: 'account-broken' },
  ],
])('a redaction that meets %s', async (_, trouble, outcome) => {
  const [first] = seen().comments;
  trouble();
  expect(await session.redactComment!(ticket, String(first!.id) as CommentId, 'all')).toMatchObject(outcome);
});

const done = { result: 'done' };
