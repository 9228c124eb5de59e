import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PersonId, TicketId } from '../../domain/ids.ts';
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

beforeEach(async () => {
  tools = testTools();
  zendesk = await startZendeskSimulator(credentials);
  session = connected(accountAt(zendesk.url), tools);
  ada = gave(
    await session.ensurePerson({ externalId: 'messenger:p:1', profile: { name: 'Ada' }, fallbackName: 'Customer' }),
  );
});
afterEach(async () => {
  tools.close();
  await zendesk.close();
});

test('opens a ticket whose first comment is the customer’s', async () => {
  const id = zendesk.addRule('ticket_fields', { title: 'Order', type: 'text' });
  const draft = ticketFrom(ada, '1', { fields: { priority: 'high', custom_fields: [{ id, value: 'x' }] } });
  const { ticket, comment: first } = gave(await session.createTicket(draft));
  expect(ticket).toEqual({ id: '1', status: 'open', requester: ada, updatedAt: expect.any(Date) });
  expect(zendesk.tickets()).toMatchObject([
    {
      subject: 'A chat',
      status: 'new',
      tags: ['chat'],
      externalId: 'conversation:1',
      requester: { name: 'Ada', externalId: 'messenger:p:1' },
      fields: { priority: 'high', custom_fields: [{ id, value: 'x' }] },
      comments: [
        { id: Number(first), authorName: 'Ada', authorRole: 'end-user', public: true, body: 'said with marker-1' },
      ],
    },
  ]);
});

test('the same draft twice is one ticket, with the same answer', async () => {
  const first = gave(await session.createTicket(ticketFrom(ada, '1')));
  expect(gave(await session.createTicket(ticketFrom(ada, '1')))).toEqual(first);
  expect(zendesk.tickets()).toHaveLength(1);
});

test('the same key with another draft is unsure: there is a ticket to be found', async () => {
  gave(await session.createTicket(ticketFrom(ada, '1')));
  expect(await session.createTicket(ticketFrom(ada, '1', { subject: 'Other' }))).toMatchObject({ result: 'unsure' });
  expect(gave(await session.findTickets('conversation:1'))).toHaveLength(1);
});

test.each(['500-after', 'timeout-after', 'reset-after', '500', 'timeout-before', 'reset-before'] as const)(
  'after %s the ticket is unsure, and asking again makes one',
  async (kind) => {
    zendesk.inject({ kind, method: 'POST', path: '/tickets', times: 1, delayMs: 2_000 });
    expect(await session.createTicket(ticketFrom(ada, '1'))).toMatchObject({ result: 'unsure' });
    expect(await session.findTickets('conversation:1')).toMatchObject({
      result: 'done',
      value: kind.endsWith('-after') ? [{ id: '1' }] : [],
    });
    expect(gave(await session.createTicket(ticketFrom(ada, '1'))).ticket!.id).toBe('1');
    expect(zendesk.tickets()).toHaveLength(1);
  },
);

test('waits as long as a rate limit says', async () => {
  zendesk.inject({ kind: '429', method: 'POST', times: 1, retryAfter: 9 });
  expect(await session.createTicket(ticketFrom(ada, '1'))).toMatchObject({ result: 'later', after: 9_000 });
  expect(zendesk.tickets()).toEqual([]);
});

test('takes an expired token in its stride', async () => {
  zendesk.expireToken(true);
  expect(await session.createTicket(ticketFrom(ada, '1'))).toMatchObject({ result: 'done' });
});

test('a draft Zendesk will not have is never sent again, and the reason is told', async () => {
  const draft = ticketFrom(ada, '1', { comment: comment(ada, 'm', { body: ' ' }) });
  expect(await session.createTicket(draft)).toEqual({
    result: 'never',
    why: expect.stringContaining('cannot be blank'),
    code: 'RecordInvalid',
  });
});

test('a follow-up goes on from a closed ticket', async () => {
  const { ticket } = gave(await session.createTicket(ticketFrom(ada, '1')));
  zendesk.setStatus(Number(ticket!.id), 'closed');
  const next = gave(await session.createTicket(ticketFrom(ada, '2', { followUpOf: ticket!.id })));
  expect(zendesk.tickets()[1]).toMatchObject({ id: Number(next.ticket!.id), followupSourceId: Number(ticket!.id) });
});

test('finds all tickets of a conversation, over more than one page', async () => {
  for (let n = 0; n < 103; n++) {
    gave(await session.createTicket(ticketFrom(ada, '1', { idempotencyKey: `k${n}` })));
  }
  gave(await session.createTicket(ticketFrom(ada, 'other')));
  expect(gave(await session.findTickets('conversation:1'))).toHaveLength(103);
});

test.each([
  ['new', 'open'],
  ['open', 'open'],
  ['pending', 'open'],
  ['hold', 'open'],
  ['solved', 'solved'],
  ['closed', 'closed'],
  ['deleted', 'gone'],
] as const)('shows a %s ticket as %s', async (status, shown) => {
  const { ticket } = gave(await session.createTicket(ticketFrom(ada, '1')));
  zendesk.setStatus(Number(ticket!.id), status);
  expect(gave(await session.showTicket(ticket!.id))).toMatchObject({ id: ticket!.id, status: shown });
});

test('a ticket that never was is gone', async () => {
  expect(gave(await session.showTicket('404' as TicketId))).toEqual({ id: '404', status: 'gone' });
});

test('tells where agents see a ticket', () => {
  expect(session.ticketUrl('12' as TicketId)).toBe(`${zendesk.url}/agent/tickets/12`);
});

test('reads changed tickets on from where it was', async () => {
  const start = gave(await session.changedTickets(undefined));
  expect(start).toMatchObject({ tickets: [], more: false });
  const { ticket } = gave(await session.createTicket(ticketFrom(ada, '1')));
  const changes = gave(await session.changedTickets(start.cursor));
  expect(changes).toMatchObject({ tickets: [ticket!.id], more: false });
  expect(gave(await session.changedTickets(changes.cursor))).toMatchObject({ tickets: [] });
  await session.addComment(ticket!.id, comment(ada, 'm2'));
  expect(gave(await session.changedTickets(changes.cursor))).toMatchObject({ tickets: [ticket!.id] });
});

test.each([
  [
    'more',
    { tickets: [{ id: 1 }, { id: 2 }, { id: 1 }], after_cursor: 'c2', end_of_stream: false },
    ['1', '2'],
    'c2',
    true,
  ],
  ['no more', { tickets: [], after_cursor: 'c2', end_of_stream: true }, [], 'c2', false],
  ['nothing at all', { tickets: [], after_cursor: null, end_of_stream: true }, [], 'c1', false],
  ['a cursor that stands still', { tickets: [], after_cursor: 'c1', end_of_stream: false }, [], 'c1', false],
])('when the export says %s', async (_it, body, tickets, cursor, more) => {
  const stub = await startStub((_request, response) => response.end(JSON.stringify(body)));
  const told = connected(accountAt(stub.url, { accessToken: 't' }), tools);
  expect(gave(await told.changedTickets('c1'))).toEqual({ tickets, cursor, more });
  expect(stub.seen[0]?.url).toContain('cursor=c1');
  stub.close();
});

test('is healthy when all is well, but for what nobody answers at that address', async () => {
  zendesk.setWebhookUrl('https://chat.acme.example/webhooks/zendesk/acme-zendesk');
  expect(await session.checkHealth()).toEqual([
    { ok: true, what: 'Zendesk login' },
    { ok: true, what: 'Zendesk role' },
    { ok: true, what: 'Zendesk tickets can be read' },
    { ok: true, what: 'Zendesk webhook and trigger' },
    { ok: true, what: 'Zendesk webhook secret' },
    {
      ok: false,
      what: 'Zendesk webhook as Zendesk reaches it',
      why: 'it was answered 504',
      fix: expect.stringContaining('must run'),
    },
  ]);
  zendesk.setWebhookUrl(undefined);
});

test('says what is wrong and what to do', async () => {
  const wrong = connected(accountAt(zendesk.url, { accessToken: 'wrong' }), tools);
  expect(await wrong.checkHealth()).toEqual([
    { ok: false, what: 'Zendesk login', why: expect.stringContaining('token'), fix: expect.any(String) },
  ]);
  zendesk.inject({ kind: '500', path: '/tickets', times: 1 });
  expect(await session.checkHealth()).toContainEqual(
    expect.objectContaining({ ok: false, what: 'Zendesk tickets can be read' }),
  );
});
