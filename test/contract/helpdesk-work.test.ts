import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CommentId, Marker, PersonId, TicketId } from '../../src/domain/ids.ts';
import type { CommentDraft, TicketDraft } from '../../src/helpdesks/helpdesk.ts';
import * as registry from '../../src/helpdesks/registry.ts';
import type { Fault } from '../../src/sandbox/simulator.ts';
import { type DeskBench, deskBenches } from '../support/desk-benches.ts';

test('every helpdesk is played here', () => {
  expect(Object.keys(deskBenches).sort()).toEqual(
    Object.values(registry)
      .map(({ kind }) => kind)
      .sort(),
  );
});

const file = { name: 'invoice.pdf', contentType: 'application/pdf', bytes: Buffer.from('%PDF-1.7 ÿ\u0000 bytes') };

/** Whether it happened, and whether the caller can know, differ from one to the next. */
const faults: Fault['kind'][] = ['timeout-before', 'timeout-after', 'reset-before', 'reset-after', '500-after', '503'];

const benches = Object.values(deskBenches).flatMap((each) => Object.entries(each));

describe.each(benches)('%s', (_, start) => {
  let bench: DeskBench;
  let ada: PersonId;
  beforeAll(async () => {
    bench = await start();
  });
  afterAll(() => bench.stop());
  beforeEach(async () => {
    bench.simulator.reset();
    ada = await gave(
      bench.session.ensurePerson({ externalId: 'messenger:p:1', profile: { name: 'Ada' }, fallbackName: 'Customer' }),
    );
  });

  const comment = (marker: string, also: Partial<CommentDraft> = {}): CommentDraft => ({
    marker: marker as Marker,
    author: ada,
    authorName: 'Ada',
    public: true,
    body: `said with ${marker}`,
    uploads: [],
    ...also,
  });
  const draft = (key: string, also: Partial<TicketDraft> = {}): TicketDraft => ({
    externalId: `messenger:p:1:${key}`,
    idempotencyKey: `key-${key}`,
    requester: ada,
    customer: { name: 'Ada' },
    subject: 'A chat',
    comment: comment(`first-${key}`),
    tags: ['chat'],
    fields: {},
    ...also,
  });
  const opened = async (key = 'a'): Promise<TicketId> => {
    await gave(bench.session.takeTurn('ticket'));
    return (await gave(bench.session.createTicket(draft(key)))).ticket!.id;
  };
  const misbehaves = (kind: Fault['kind'], path: string) => {
    bench.simulator.inject({ kind, path, times: 1, delayMs: 1_500, ...(kind === '503' && { retryAfter: 1 }) });
  };

  test.each(faults)('one ticket with one comment, whatever happens to the call that opens it: %s', async (kind) => {
    misbehaves(kind, bench.paths.create);
    const first = await bench.session.createTicket(draft('a'));
    expect(['done', 'later', 'unsure']).toContain(first.result);
    if (first.result !== 'done' && (await gave(bench.session.findTickets(draft('a').externalId))).length === 0)
      await gave(bench.session.createTicket(draft('a')));
    expect(bench.tickets().map(({ externalId }) => externalId)).toEqual(['messenger:p:1:a']);
    expect(bench.comments(bench.tickets()[0]!.id)).toHaveLength(1);
  });

  test('asked twice to open the same ticket it opens one', async () => {
    const first = await opened();
    const second = await bench.session.createTicket(draft('a'));
    expect(second).toMatchObject({ result: 'done', value: { ticket: { id: first } } });
    expect(bench.tickets()).toHaveLength(1);
    expect(bench.comments(first)).toHaveLength(1);
  });

  test.each(faults)('one comment, whatever happens to the call that adds it: %s', async (kind) => {
    const ticket = await opened();
    misbehaves(kind, bench.paths.comment(ticket));
    const first = await bench.session.addComment(ticket, comment('m'));
    expect(['done', 'later', 'unsure']).toContain(first.result);
    if (first.result !== 'done' && !(await gave(bench.session.findComment(ticket, 'm' as Marker))))
      await gave(bench.session.addComment(ticket, comment('m')));
    const there = bench.comments(ticket).filter(({ text }) => text.includes('said with m'));
    expect(there).toHaveLength(1);
    expect(await gave(bench.session.findComment(ticket, 'another' as Marker))).toBeUndefined();
  });

  test('what agents answer in public comes back in order, files and all; notes are notes; our own words are our own', async () => {
    const ticket = await opened();
    await bench.agentSays(ticket, { text: 'First answer', public: true });
    await bench.agentSays(ticket, { text: 'For colleagues only', public: false });
    await gave(bench.session.addComment(ticket, comment('m')));
    await bench.agentSays(ticket, { text: 'Second answer', public: true, files: [file] });
    const read = await gave(bench.session.readComments(ticket, undefined, new Set()));
    expect(read.filter(({ by }) => by === 'agent').map(({ text, public: isPublic }) => [text, isPublic])).toEqual([
      ['First answer', true],
      ['For colleagues only', false],
      ['Second answer', true],
    ]);
    const ours = read.filter(({ text }) => text.includes('said with'));
    expect(ours).toHaveLength(2);
    for (const each of ours) expect(each.by).not.toBe('agent');
    const [sent] = read.at(-1)!.files;
    expect(sent).toMatchObject({ name: file.name, bytes: file.bytes.length });
    const fetched = await gave(bench.session.fetchFile(sent!, 1_000_000));
    expect(fetched.bytes.equals(file.bytes)).toBe(true);
    expect(await bench.session.fetchFile(sent!, 5)).toMatchObject({ result: 'never' });
  });

  test('reading on from a comment misses nothing that came after it', async () => {
    const ticket = await opened();
    const known = (await bench.agentSays(ticket, { text: 'One', public: true })) as CommentId;
    await bench.agentSays(ticket, { text: 'Two', public: true });
    const read = await gave(bench.session.readComments(ticket, known, new Set()));
    expect(read.map(({ text }) => text)).toContain('Two');
  });

  test('files arrive as they are, on the ticket', async () => {
    const upload = await gave(bench.session.upload(file));
    await gave(bench.session.createTicket(draft('a', { comment: comment('m', { uploads: [upload] }) })));
    expect(bench.files(bench.tickets()[0]!.id)).toEqual([{ name: file.name, bytes: file.bytes.length }]);
  });

  test('a long text arrives whole, no letter torn', async () => {
    const ticket = await opened();
    const body = '👩‍👩‍👧 Привет, где мой заказ? '.repeat(400).trim();
    await gave(bench.session.addComment(ticket, comment('long', { body })));
    const said = bench.comments(ticket).slice(1);
    expect(said.map(({ text }) => text).join('')).toContain(body);
    for (const { text } of said) expect(text).not.toMatch(/^\u200d/);
  });

  test('what is taken out of a comment is gone from all of it, the rest stays, and asked again nothing more happens', async () => {
    const [before, secret, after] = ['Dear shop', 'my card is 4711 0815', 'that was all '.repeat(600).trim()];
    const body = [before, secret, after].join('\n\n');
    const [one, two] = [file, { ...file, name: 'other.pdf', bytes: Buffer.from('%PDF other') }];
    const uploads = [await gave(bench.session.upload(one)), await gave(bench.session.upload(two))];
    await gave(bench.session.createTicket(draft('a', { comment: comment('m', { body, uploads }) })));
    const ticket = bench.tickets()[0]!.id as TicketId;
    const id = (await gave(bench.session.findComment(ticket, 'm' as Marker)))!;
    const files = [one, two].map(({ name, bytes }) => ({ name, bytes: bytes.length }));
    const piece = { from: body.indexOf(secret!), to: body.indexOf(secret!) + secret!.length };
    const what = { body, pieces: [piece], files: files.slice(0, 1) };
    for (let times = 0; times < 2; times++) await gave(bench.session.redactComment!(ticket, id, what, { body, files }));
    const left = bench
      .comments(ticket)
      .map(({ text }) => text)
      .join('');
    expect(left).not.toContain('4711');
    expect(left).toContain(before);
    expect(left.replace(/\s/g, '')).toContain(after!.replace(/\s/g, ''));
    expect(bench.files(ticket).filter(({ name }) => files.some((each) => each.name === name))).toEqual(files.slice(1));
    for (let times = 0; times < 2; times++)
      await gave(
        bench.session.redactComment!(ticket, id, 'all', {
          body: body.replace(secret!, '▇'.repeat(secret!.length)),
          files,
        }),
      );
    expect(
      bench
        .comments(ticket)
        .map(({ text }) => text)
        .join(''),
    ).not.toMatch(/Dear|all/);
    expect(bench.files(ticket).filter(({ name }) => files.some((each) => each.name === name))).toEqual([]);
  });

  test('an agent’s comment that was removed keeps nothing, and is no new answer', async () => {
    const ticket = await opened();
    const id = (await bench.agentSays(ticket, { text: 'Your code is 999', public: true, files: [file] })) as CommentId;
    await gave(bench.session.redactComment!(ticket, id, 'all'));
    expect(JSON.stringify([bench.comments(ticket), bench.files(ticket)])).not.toMatch(/999|invoice/);
    const read = await gave(bench.session.readComments(ticket, undefined, new Set()));
    expect(read.filter(({ by }) => by === 'agent').map((each) => each.id)).toEqual([id]);
  });

  test('a note of the service is for colleagues, and tags come with it', async () => {
    const ticket = await opened();
    const note = comment('n', { author: 'service', public: false, body: 'It did not reach them' });
    const { authorName: _, ...unnamed } = note;
    await gave(bench.session.addComment(ticket, unnamed, { addTags: ['failed', 'chat'] }));
    expect(bench.comments(ticket).at(-1)).toEqual({ public: false, text: 'It did not reach them' });
  });

  test('changes are listed once, from where the last list ended', async () => {
    const ticket = await opened();
    const { cursor } = await gave(bench.session.changedTickets(undefined));
    const first = await gave(bench.session.changedTickets(cursor));
    await bench.agentSays(ticket, { text: 'An answer', public: true });
    const second = await gave(bench.session.changedTickets(first.cursor));
    expect(second.tickets).toEqual([ticket]);
    expect((await gave(bench.session.changedTickets(second.cursor))).tickets).toEqual([]);
  });

  test('a ticket is open, closed with its date and opened again, and gone', async () => {
    const ticket = await opened();
    expect(await gave(bench.session.showTicket(ticket))).toMatchObject({ id: ticket, status: 'open' });
    bench.close(ticket);
    const closed = await gave(bench.session.showTicket(ticket));
    expect(closed.status).toBe('solved');
    expect(Math.abs(closed.updatedAt!.getTime() - Date.now())).toBeLessThan(60_000);
    await gave(bench.session.addComment(ticket, comment('m'), { status: 'open' }));
    expect(bench.tickets()[0]!.closed).toBe(false);
    bench.remove(ticket);
    expect((await gave(bench.session.showTicket(ticket))).status).toBe('gone');
    expect((await bench.session.addComment(ticket, comment('n'))).result).toBe('gone');
  });
});

/** What a call must have given; fails with what it gave instead. */
async function gave<Value>(asked: Promise<{ result: 'done'; value: Value } | { result: string }>): Promise<Value> {
  const outcome = await asked;
  if (outcome.result !== 'done' || !('value' in outcome)) throw new Error(`not done: ${JSON.stringify(outcome)}`);
  return outcome.value;
}
