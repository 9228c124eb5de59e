import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../support/database.ts';
import { quietFor, until as within } from '../support/until.ts';
import { prepareService, type ServiceInAProcess } from './service-process.ts';

// What docs/operations/backup-and-restore.md says, done. On a busy machine starting takes its time.
const until: typeof within = (what, probe) => within(what, probe, 40_000);

const picture = { name: 'crack.png', contentType: 'image/png', bytes: Buffer.from('89504e470d0a1a0a', 'hex') };

/** What everybody sees of one customer's conversation. */
function seen({ zendesk, messenger, salesforce }: ServiceInAProcess, psid: string) {
  const tickets = zendesk.tickets().filter(({ requester }) => requester.externalId === `messenger:acme-page:${psid}`);
  const comments = tickets.flatMap((ticket) => ticket.comments);
  const thread = messenger.threads().find((each) => each.psid === psid);
  return {
    tickets,
    words: comments.filter(({ authorRole }) => authorRole === 'end-user').flatMap(({ body }) => body.split(/\n+/)),
    all: comments.map(({ body }) => body).join('\n'),
    files: comments.flatMap(({ attachments }) => attachments.map(({ name }) => name)),
    answers: thread?.bubbles.filter(({ from }) => from === 'page').map(({ text }) => text) ?? [],
    history: salesforce.records('Task').map((task) => String(task['Description'])),
  };
}

const times = (text: string, word: string) => text.split(word).length - 1;

const says = (service: ServiceInAProcess, psid: string, text: string, minutesAgo = 0) =>
  service.messenger.customerSends(psid, { type: 'text', text }, { at: new Date(Date.now() - minutesAgo * 60_000) });
const answers = (service: ServiceInAProcess, psid: string, text: string) =>
  service.zendesk.agentComments(seen(service, psid).tickets[0]!.id, { text, public: true });
const until200 = (service: ServiceInAProcess) =>
  until('all is at rest', async () => {
    const health = (await (await fetch(`${service.url}/health/ready`)).json()) as { backlog: { waiting: number }[] };
    return health.backlog.every(({ waiting }) => waiting === 0);
  });

test('the embedded database: stopped, data and configuration copied, started in a fresh place: nothing lost or doubled', async () => {
  const service = await prepareService({});
  const backup = await mkdtemp(join(tmpdir(), 'passerelle-backup-'));
  try {
    await service.start();
    service.messenger.addCustomer({ psid: '1', name: 'Ida' });
    service.messenger.addCustomer({ psid: '2', name: 'Ole' });
    await says(service, '1', 'first');
    await until('a ticket', () => seen(service, '1').tickets[0]);
    await answers(service, '1', 'the answer');
    await until('the answer', () => seen(service, '1').answers.length === 1);
    await until200(service);
    // This one is in the ledger, with its file, and nowhere else when the copy is made.
    service.zendesk.inject({ kind: '500', times: 1_000_000 });
    await service.messenger.customerSends('2', { type: 'image', files: [picture], text: 'waiting' });
    await until('its copy', async () => (await filesUnder(join(service.folder, 'media'))).length === 1);
    await service.end('SIGTERM');

    // Not Node's own copying: the files' owner has to stay.
    execFileSync('cp', ['-a', service.folder, backup]);
    await rm(service.folder, { recursive: true });
    execFileSync('cp', ['-a', join(backup, basename(service.folder)), service.folder]);
    service.zendesk.clearFaults();
    await service.start();

    await until('what waited', () => seen(service, '2').files.length === 1);
    await says(service, '1', 'second');
    await answers(service, '1', 'another answer');
    await until('the second', () => seen(service, '1').words.includes('second'));
    await until('another answer', () => seen(service, '1').answers.length === 2);
    await until200(service);
    expect(seen(service, '1')).toMatchObject({ words: ['first', 'second'], answers: ['the answer', 'another answer'] });
    expect(seen(service, '1').tickets).toHaveLength(1);
    expect(seen(service, '2').tickets).toHaveLength(1);
    expect(times(seen(service, '2').all, 'waiting')).toBe(1);
    expect(seen(service, '2').files).toEqual(['crack.png']);
    for (const word of ['first', 'second', 'waiting', 'the answer', 'another answer'])
      expect(times(seen(service, '1').history.join('\n'), word)).toBe(1);
  } finally {
    await service.close();
    await rm(backup, { recursive: true, force: true });
  }
});

async function filesUnder(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return found.filter((entry) => entry.isFile()).map(({ name }) => name);
}

let database: Awaited<ReturnType<typeof freshDatabase>>;
let service: ServiceInAProcess;
beforeAll(async () => {
  database = await freshDatabase();
  service = await prepareService({ databaseUrl: database.url });
});
afterAll(async () => {
  await service?.close();
  await database?.drop();
});

const admin = async (...statements: string[]) => {
  const client = new pg.Client(database.url.replace(/\/[^/]*$/, '/postgres'));
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
};
const inLedger = async (statement: string, values: unknown[] = []) => {
  const client = new pg.Client(database.url);
  await client.connect();
  try {
    return await client.query(statement, values);
  } finally {
    await client.end();
  }
};
const name = () => new URL(database.url).pathname.slice(1);

test('a Postgres of one’s own: a backup of an hour ago, without the queue’s schema, catches up; nothing is lost, no chat is told twice', async () => {
  await service.start();
  service.messenger.addCustomer({ psid: '3', name: 'Eva' });
  await says(service, '3', 'before', 50);
  await until('a ticket', () => seen(service, '3').tickets[0]);
  await answers(service, '3', 'answered before');
  await until('the answer', () => seen(service, '3').answers.length === 1);
  await until200(service);
  await until(
    'a first comparison',
    async () => (await inLedger('select from reconciliations where ended_at is not null')).rowCount,
  );
  await service.end('SIGTERM');
  await admin(`create database ${name()}_backup template ${name()}`);

  // Life goes on after the backup.
  await service.start();
  await says(service, '3', 'after the backup', 30);
  await until('it is there', () => seen(service, '3').words.includes('after the backup'));
  await answers(service, '3', 'answered after');
  await until('the answer', () => seen(service, '3').answers.length === 2);
  await until200(service);
  await service.end('SIGKILL');

  // The database is lost, and what the backup holds is put back.
  await admin(`drop database ${name()} with (force)`, `alter database ${name()}_backup rename to ${name()}`);
  await inLedger('drop schema pgboss cascade');
  await inLedger(`update reconciliations set to_at = now() - interval '1 hour'`);
  const newest = seen(service, '3')
    .tickets[0]!.comments.map(({ id }) => BigInt(id))
    .reduce((a, b) => (a > b ? a : b));
  await inLedger('update tickets set last_comment_read = $1 where helpdesk = $2', [String(newest), 'acme-zendesk']);
  await service.start();

  await until(
    'the history was compared',
    async () => (await inLedger(`select from messages where detail->>'found' = 'history'`)).rowCount,
  );
  await answers(service, '3', 'answered again');
  await until('new answers go out', () => seen(service, '3').answers.includes('answered again'));
  await says(service, '3', 'and goes on');
  await until('it goes on', () => seen(service, '3').words.includes('and goes on'));
  await until200(service);
  await quietFor(500);
  expect(seen(service, '3').answers).toEqual(['answered before', 'answered after', 'answered again']);
  expect(seen(service, '3').tickets).toHaveLength(1);
  // The ledger cannot know that this was written already; the second one says that it arrived late.
  expect(seen(service, '3').words.filter((word) => word === 'after the backup')).toHaveLength(2);
  for (const word of ['before', 'and goes on'])
    expect(seen(service, '3').words.filter((each) => each === word)).toHaveLength(1);
  const history = seen(service, '3').history.join('\n');
  for (const word of ['answered before', 'after the backup', 'answered again', 'and goes on'])
    expect([word, times(history, word)]).toEqual([word, 1]);
});
