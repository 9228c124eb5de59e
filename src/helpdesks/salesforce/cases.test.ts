import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CommentId, ContactId, Marker, PersonId, TicketId } from '../../domain/ids.ts';
import { startTestOrg, type TestOrg } from '../../sandbox/salesforce/org-for-tests.ts';
import type { CommentDraft, HelpdeskSession, TicketDraft } from '../helpdesk.ts';
import { salesforceDesk } from './account.ts';
import { connectSalesforceDesk } from './session.ts';

let org: TestOrg;
let session: HelpdeskSession;
beforeAll(async () => {
  org = await startTestOrg();
});
beforeEach(() => {
  org.simulator.reset();
  session = connect();
});
afterAll(() => org.close());

const connect = (settings: Record<string, unknown> = {}) =>
  connectSalesforceDesk(salesforceDesk.parse({ ...org.settings, id: 'acme-cases', ...settings }), org.tools);

const key = 'messenger:acme-page:42';
const comment = (marker: string, also: Partial<CommentDraft> = {}): CommentDraft => ({
  marker: marker as Marker,
  author: key as PersonId,
  authorName: 'Ann Lee',
  public: true,
  body: 'Where is my order?',
  uploads: [],
  ...also,
});
const draft = (also: Partial<TicketDraft> = {}): TicketDraft => ({
  externalId: `${key}:1`,
  idempotencyKey: 'k',
  requester: key as PersonId,
  customer: { name: 'Ann Lee', email: 'ann@customer.example', phone: '+33612345678' },
  subject: 'Messenger: Ann Lee',
  comment: comment('m1'),
  tags: ['passerelle', 'messenger'],
  fields: {},
  ...also,
});
const open = async (also: Partial<TicketDraft> = {}) => {
  const created = await session.createTicket(draft(also));
  if (created.result !== 'done') throw new Error(JSON.stringify(created));
  return created.value.ticket!.id;
};
const theCase = () => org.simulator.records('Case').at(-1)!;

test('a chat becomes a Case that says who wrote, whence, and what', async () => {
  await open({ fields: { Priority: 'High', Origin: 'Chat' } });
  expect(theCase()).toMatchObject({
    Subject: 'Messenger: Ann Lee',
    Origin: 'Chat',
    Status: 'New',
    Priority: 'High',
    SuppliedName: 'Ann Lee',
    SuppliedEmail: 'ann@customer.example',
    SuppliedPhone: '+33612345678',
    ContactId: null,
    Passerelle_Key__c: `${key}:1`,
    Passerelle_Tags__c: 'passerelle messenger',
  });
  expect(org.simulator.records('CaseComment')).toMatchObject([
    { ParentId: theCase().Id, CommentBody: 'Ann Lee:\nWhere is my order?', IsPublished: true },
  ]);
});

test('opening takes one call; what is refused leaves nothing behind', async () => {
  await session.ensurePerson({ externalId: key, profile: {}, fallbackName: 'x' });
  const before = (await org.calls()).length;
  await open();
  expect((await org.calls()).slice(before)).toEqual(['POST /composite']);
  const refused = await session.createTicket(draft({ externalId: 'other', fields: { Nothing__c: 'x' } }));
  expect(refused).toMatchObject({ result: 'never', code: 'INVALID_FIELD', why: expect.stringContaining('Nothing__c') });
  const tooLong = await session.addComment(theCase().Id as TicketId, comment('m', { uploads: ['069xx' as never] }));
  expect(tooLong.result).toBe('never');
  expect(org.simulator.records('Case')).toHaveLength(1);
  expect(org.simulator.records('CaseComment')).toHaveLength(1);
});

test('an e-mail that Salesforce does not take keeps nobody from having a Case', async () => {
  await open({ customer: { name: 'Ann', email: 'not an e-mail' } });
  expect(theCase()).toMatchObject({ SuppliedName: 'Ann', SuppliedEmail: null });
});

test('more comments, files and texts than 25 records go in one transaction', async () => {
  const ticket = await open();
  const body = 'Слово '.repeat(20_000);
  expect(await session.addComment(ticket, comment('m2', { body }))).toMatchObject({ result: 'done' });
  const said = org.simulator.records('CaseComment').slice(1);
  expect(said.length).toBeGreaterThan(25);
  expect(said.map(({ CommentBody: text }) => text).join('')).toBe(`Ann Lee:\n${body}`);
});

describe('the Contact', () => {
  const ensure = (contact?: string, known?: PersonId) =>
    session.ensurePerson(
      { externalId: key, profile: {}, fallbackName: 'x', ...(contact && { contact: contact as ContactId }) },
      known,
    );

  test('is the one with our key, or the one that the CRM found; two with the key are nobody', async () => {
    const mine = org.simulator.add('Contact', { LastName: 'Lee', Passerelle_Key__c: key });
    const other = org.simulator.add('Contact', { LastName: 'Other' });
    expect(await ensure()).toEqual({ result: 'done', value: mine });
    expect(await ensure(other)).toEqual({ result: 'done', value: other });
    org.simulator.changeField('Contact', 'Passerelle_Key__c', 'not-unique');
    org.simulator.add('Contact', { LastName: 'Twin', Passerelle_Key__c: key });
    expect(await ensure()).toEqual({ result: 'done', value: key });
  });

  test('stands on the Case; when it was deleted it is sought again and the Case opened without', async () => {
    const mine = org.simulator.add('Contact', { LastName: 'Lee', Passerelle_Key__c: key });
    await open({ requester: mine as PersonId });
    expect(theCase()['ContactId']).toBe(mine);
    org.simulator.remove('Contact', mine);
    const next = draft({ externalId: `${key}:2`, requester: mine as PersonId });
    expect(await session.createTicket(next)).toMatchObject({ result: 'later' });
    const person = await ensure(undefined, mine as PersonId);
    expect(person).toEqual({ result: 'done', value: key });
    expect((await session.createTicket({ ...next, requester: key as PersonId })).result).toBe('done');
  });

  test('that is found later is put on the Case, unless somebody put another there', async () => {
    const [one, two] = ['One', 'Two'].map((LastName) => org.simulator.add('Contact', { LastName }));
    const ticket = await open();
    expect(await session.nameRequester!(ticket, one as PersonId, [])).toMatchObject({ result: 'done' });
    expect(await session.nameRequester!(ticket, two as PersonId, [])).toMatchObject({ result: 'done' });
    expect(theCase()['ContactId']).toBe(one);
  });

  test('that was found to be wrong makes room for the right one, or for none; one that an agent chose stays', async () => {
    const [one, two, three] = ['One', 'Two', 'Three'].map(
      (LastName) => org.simulator.add('Contact', { LastName }) as PersonId,
    );
    const ticket = await open({ requester: one! });
    expect(await session.nameRequester!(ticket, two!, [one!])).toMatchObject({ result: 'done' });
    expect(theCase()['ContactId']).toBe(two);
    expect(await session.nameRequester!(ticket, two!, [one!, two!])).toMatchObject({ result: 'done' });
    expect(theCase()['ContactId']).toBe(two);
    expect(await session.nameRequester!(ticket, undefined, [two!])).toMatchObject({ result: 'done' });
    expect(theCase()['ContactId']).toBeNull();
    org.simulator.agentChanges('Case', ticket, { ContactId: three! });
    expect(await session.nameRequester!(ticket, undefined, [one!, two!])).toMatchObject({ result: 'done' });
    expect(theCase()['ContactId']).toBe(three);
  });

  test('is none where somebody said so, whatever was known and whoever has our key', async () => {
    const mine = org.simulator.add('Contact', { LastName: 'Lee', Passerelle_Key__c: key });
    const person = { externalId: key, profile: {}, fallbackName: 'x', contact: 'none' as const };
    expect(await session.ensurePerson(person, mine as PersonId)).toEqual({ result: 'done', value: key });
  });
});

describe('routing', () => {
  const queue = (name: string) => org.simulator.records('Group').find(({ Name }) => Name === name)!.Id;
  const alice = () => org.simulator.records('User').find(({ Email }) => Email === 'alice@acme.example')!.Id;
  const placed = async (...wished: Parameters<NonNullable<HelpdeskSession['place']>>) => {
    const found = await session.place!(...wished);
    if (found.result !== 'done') throw new Error(JSON.stringify(found));
    return found.value;
  };

  test.each([
    [{ group: 'support' }, () => ({ group: queue('Support') })],
    [{ group: 'Returns_and_Refunds' }, () => ({ group: queue('Returns and Refunds') })],
    [{ assignee: 'Alice@acme.example' }, () => ({ assignee: alice() })],
    [{ priority: 'normal' }, () => ({ priority: 'Medium' })],
    [{ priority: 'urgent', type: 'problem' }, () => ({ priority: 'High', type: 'Problem' })],
  ] as const)('%j is found by its name or its value', async (wished, found) => {
    expect(await placed(wished)).toEqual({ placement: found(), missing: [] });
  });

  test('what is not there, takes no Cases or is several is told, and the rest is found', async () => {
    org.simulator.add('User', { Username: 'second@acme.example', LastName: 'Twin', Email: 'twin@acme.example' });
    org.simulator.add('User', { Username: 'third@acme.example', LastName: 'Twin', Email: 'twin@acme.example' });
    const wished = { group: 'New Leads', assignee: 'twin@acme.example', type: 'incident', brand: 'X', priority: 'low' };
    expect(await placed(wished as never)).toEqual({
      placement: { priority: 'Low' },
      missing: [
        'queue for Cases “New Leads”',
        'single active user “twin@acme.example”',
        'value of Case.Type for “incident”',
        'brand “X”',
      ],
    });
  });

  test('the Case is its queue’s or its agent’s, whatever the org’s assignment rule says, which decides where nobody is named', async () => {
    org.simulator.assignCases(queue('Support'));
    const { placement } = await placed({ group: 'Returns and Refunds', priority: 'high' });
    await open({ placement });
    expect(theCase()).toMatchObject({ OwnerId: queue('Returns and Refunds'), Priority: 'High' });
    const agent = await placed({ group: 'Returns and Refunds', assignee: 'alice@acme.example' });
    await open({ externalId: `${key}:2`, placement: agent.placement });
    expect(theCase()['OwnerId']).toBe(alice());
    await open({ externalId: `${key}:3` });
    expect(theCase()['OwnerId']).toBe(queue('Support'));
  });

  test('a queue that was deleted since is refused for good, and looked up anew', async () => {
    const { placement } = await placed({ group: 'Support' });
    org.simulator.remove('Group', queue('Support'));
    expect(await session.createTicket(draft({ placement }))).toMatchObject({ result: 'never' });
    expect((await placed({ group: 'Support' })).missing).toEqual(['queue for Cases “Support”']);
  });
});

describe('a closed Case', () => {
  test('is followed by a child where the account says so', async () => {
    session = connect({ closedCases: 'follow-up' });
    const first = await open();
    org.simulator.agentChanges('Case', first, { Status: 'Closed' });
    expect(await session.showTicket(first)).toMatchObject({ value: { status: 'closed' } });
    await open({ externalId: `${key}:2`, followUpOf: first });
    expect(theCase()['ParentId']).toBe(first);
  });

  test('whose parent was deleted does without', async () => {
    const first = await open();
    org.simulator.remove('Case', first);
    await open({ externalId: `${key}:2`, followUpOf: first });
    expect(theCase()['ParentId']).toBeNull();
  });

  test('that a rule of the org keeps closed is not reopened: a new one is wanted', async () => {
    const ticket = await open();
    org.simulator.agentChanges('Case', ticket, { Status: 'Closed' });
    org.simulator.refuseNext({ status: 400, errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', times: 1 });
    expect(await session.addComment(ticket, comment('m2'), { status: 'open' })).toEqual({ result: 'closed' });
  });
});

describe('what comes back', () => {
  const read = async (ticket: TicketId, after?: CommentId) => {
    const comments = await session.readComments(ticket, after, new Set());
    if (comments.result !== 'done') throw new Error(JSON.stringify(comments));
    return comments.value;
  };

  test('users of a portal, guests and automations are no agents', async () => {
    const ticket = await open();
    for (const UserType of ['CspLitePortal', 'Guest', 'AutomatedProcess']) {
      const id = org.simulator.agentWrites(ticket, { text: `by ${UserType}`, public: true });
      const row = org.simulator.records('CaseComment').find(({ Id }) => Id === id)!;
      org.simulator.agentChanges('User', String(row['CreatedById']), { UserType });
      session = connect();
      expect((await read(ticket)).find((each) => each.id === id)?.by).toBe('customer');
    }
  });

  test('an old note that an agent makes public is found, also after later ones were read', async () => {
    const ticket = await open();
    const note = org.simulator.agentWrites(ticket, { text: 'At first a note', public: false });
    const later = org.simulator.agentWrites(ticket, { text: 'An answer', public: true });
    const cursor = await session.changedTickets(undefined);
    org.simulator.agentChanges('CaseComment', note, { IsPublished: true });
    const found = (await read(ticket, later as CommentId)).find(({ id }) => id === note);
    expect(found).toMatchObject({ public: true, by: 'agent' });
    expect(cursor.result).toBe('done');
  });

  test('a file that is asked for and is not on the Case is told, not passed over', async () => {
    const ticket = await open();
    org.simulator.agentWrites(ticket, { text: 'See this:\n/file nothing.pdf', public: true });
    const [answer] = (await read(ticket)).filter(({ by }) => by === 'agent');
    expect(answer).toMatchObject({ text: 'See this:', files: [{ name: 'nothing.pdf' }] });
    expect(await session.fetchFile(answer!.files[0]!, 1_000)).toMatchObject({
      result: 'never',
      why: expect.stringContaining('no file called “nothing.pdf”'),
    });
  });

  test('a post in rich text comes as readable text', async () => {
    session = connect({ comments: 'feed-item' });
    const ticket = await open();
    const id = org.simulator.agentWrites(ticket, { text: 'x', public: true, as: 'feed-item' });
    org.simulator.agentChanges('FeedItem', id, {
      Body: '<p>Hello <b>Ann</b> &amp; co</p><ul><li>one</li><li>two</li></ul>',
      IsRichText: true,
    });
    const text = (await read(ticket)).find((each) => each.id === id)?.text;
    expect(text).toMatch(/^Hello Ann & co\s+• one\n\s*• two$/);
  });

  test('a long conversation is read whole, page after page', async () => {
    const ticket = await open();
    for (let n = 0; n < 450; n++) org.simulator.agentWrites(ticket, { text: `answer ${n}`, public: true });
    const texts = (await read(ticket)).filter(({ by }) => by === 'agent').map(({ text }) => text);
    expect(texts).toEqual(Array.from({ length: 450 }, (_, n) => `answer ${n}`));
  });

  test('a long list of changes is read page after page, none left out', async () => {
    const tickets: string[] = [];
    let cursor: string | undefined;
    const first = await session.changedTickets(undefined);
    if (first.result === 'done') cursor = first.value.cursor;
    for (let n = 0; n < 6; n++) tickets.push(await open({ externalId: `${key}:${n}` }));
    for (let n = 0; n < 1_100; n++)
      org.simulator.agentWrites(tickets[Math.floor(n / 200)]!, { text: 'x', public: false });
    const seen = new Set<string>();
    for (let pages = 0; pages < 10; pages++) {
      const page = await session.changedTickets(cursor);
      if (page.result !== 'done') throw new Error(page.why);
      for (const id of page.value.tickets) seen.add(id);
      cursor = page.value.cursor;
      if (!page.value.more) break;
    }
    expect([...seen].sort()).toEqual([...tickets].sort());
  });
});

test('health names what is missing in the org', async () => {
  expect((await session.checkHealth()).filter(({ ok }) => !ok)).toEqual([]);
  org.simulator.changeField('Case', 'Passerelle_Key__c', 'not-unique');
  org.simulator.changeField('Case', 'Passerelle_Marker__c', 'remove');
  const found = (await connect().checkHealth()).filter(({ ok }) => !ok);
  expect(found.map(({ what, fix }) => [what, fix])).toEqual([
    ['Salesforce field Case.Passerelle_Key__c', 'run passerelle provision salesforce acme-cases'],
    ['Salesforce field Case.Passerelle_Marker__c', 'run passerelle provision salesforce acme-cases'],
  ]);
});
