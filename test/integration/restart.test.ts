import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../support/database.ts';
import { metric } from '../support/metric.ts';
import { quietFor, until } from '../support/until.ts';
import { prepareService, type ServiceInAProcess } from './service-process.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let service: ServiceInAProcess;
beforeAll(async () => {
  database = await freshDatabase();
  service = await prepareService({ databaseUrl: database.url });
  service.zendesk.setRateLimit(1_000_000);
  await service.start();
}, 60_000);
afterAll(async () => {
  await service?.close();
  await database?.drop();
});

const ticketsOf = (psid: string) =>
  service.zendesk.tickets().filter(({ requester }) => requester.externalId === `messenger:acme-page:${psid}`);
const onTickets = (psid: string) =>
  ticketsOf(psid).flatMap(({ comments }) =>
    comments.filter(({ authorRole }) => authorRole === 'end-user').flatMap(({ body }) => body.match(/«[^»]*»/g) ?? []),
  );

/** Where a Postgres of this folder keeps its data when it runs as another user, who may not enter the folder. */
const elsewhere = (folder: string): string =>
  join(
    '/var/lib/passerelle',
    createHash('sha256')
      .update(join(folder, 'data', 'postgres'))
      .digest('hex')
      .slice(0, 16),
  );

/** The postmasters whose data belongs to this folder. */
function postgresOf(folder: string): number[] {
  const homes = [join(folder, 'data', 'postgres'), elsewhere(folder)];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => homes.some((home) => commandLine(pid).includes(`\0-D\0${home}/`)))
    .map(Number);
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

const onLinux = existsSync('/proc/self/cmdline') ? test : test.skip;

onLinux(
  'an embedded Postgres that a killed service left is taken over, its data is there, and SIGTERM ends all of it',
  async () => {
    const embedded = await prepareService({});
    try {
      await embedded.start();
      embedded.messenger.addCustomer({ psid: '77', name: 'Ida' });
      await embedded.messenger.customerSends('77', { type: 'text', text: 'before' });
      await until('a ticket', () => embedded.zendesk.tickets()[0]);
      const before = postgresOf(embedded.folder);
      expect(before).toHaveLength(1);

      await embedded.end('SIGKILL');
      expect(postgresOf(embedded.folder)).toEqual(before);
      await embedded.start();
      expect(postgresOf(embedded.folder)).toEqual(before);
      await embedded.messenger.customerSends('77', { type: 'text', text: 'after' });
      await until(
        'the second message',
        () => embedded.zendesk.tickets()[0]!.comments.some(({ body }) => body === 'after'),
        40_000,
      );
      expect(embedded.zendesk.tickets().map(({ comments }) => comments.map(({ body }) => body))).toEqual([
        ['before', 'after'],
      ]);

      // A command beside the running service uses its Postgres and leaves it running.
      const compared = await embedded.run('reconcile', 'acme-page', '--since', '1h');
      expect(compared).toEqual({ code: 0, out: expect.stringMatching(/of \d+ messages (are|were) in the ledger/) });
      expect(postgresOf(embedded.folder)).toEqual(before);
      expect((await fetch(`${embedded.url}/health/ready`)).status).toBe(200);

      const ended = await embedded.end('SIGTERM');
      expect(ended.code).toBe(0);
      expect(ended.ms).toBeLessThan(10_000);
      expect(postgresOf(embedded.folder)).toEqual([]);
      expect(embedded.log()).toContain('"service.stopped"');
    } finally {
      await embedded.close();
      await rm(elsewhere(embedded.folder), { recursive: true, force: true });
    }
  },
  120_000,
);

test('SIGTERM while work is under way: it finishes that, ends within 10 s with code 0, and the next start goes on', async () => {
  service.messenger.addCustomer({ psid: '999', name: 'Customer 999' });
  service.zendesk.inject({ kind: 'slow', method: 'POST', path: '/tickets', times: 1, delayMs: 3_000 });
  await service.messenger.customerSends('999', { type: 'text', text: '«999 says 0»' });
  await quietFor(400);
  const ended = await service.end('SIGTERM');
  expect(ended.code).toBe(0);
  expect(ended.ms).toBeLessThan(10_000);
  // The call under way was not cut: it was answered, and its ticket is known.
  const creations = () =>
    service.zendesk.requests.filter(({ method, path }) => method === 'POST' && /tickets/.test(path));
  expect(creations().at(-1)?.status).toBe(201);
  const before = creations().length;
  await service.start();
  await until('the ticket', () => onTickets('999').length > 0, 60_000);
  await until('no backlog', async () => (await metric(service.url, 'passerelle_backlog')) === 0, 60_000);
  expect(creations()).toHaveLength(before);
  expect(ticketsOf('999')).toHaveLength(1);
  expect(onTickets('999')).toEqual(['«999 says 0»']);
}, 150_000);

test('SIGTERM while a call does not end: the process is gone within 10 s all the same, and the next finds out', async () => {
  service.messenger.addCustomer({ psid: '998', name: 'Customer 998' });
  service.zendesk.inject({ kind: 'slow', method: 'POST', path: '/tickets', times: 1, delayMs: 20_000 });
  await service.messenger.customerSends('998', { type: 'text', text: '«998 says 0»' });
  await until('the call is under way', () => service.zendesk.faults().length === 0);
  const ended = await service.end('SIGTERM');
  expect(ended.code).toBe(0);
  expect(ended.ms).toBeLessThan(11_000);
  await service.start();
  await until('the ticket', () => onTickets('998').length > 0, 60_000);
  await until('no backlog', async () => (await metric(service.url, 'passerelle_backlog')) === 0, 60_000);
  expect(ticketsOf('998')).toHaveLength(1);
  expect(onTickets('998')).toEqual(['«998 says 0»']);
}, 150_000);

test('SIGTERM while the database does not let go: the process is gone within 10 s all the same', async () => {
  service.messenger.addCustomer({ psid: '997', name: 'Customer 997' });
  const client = new pg.Client(database.url);
  await client.connect();
  await client.query('begin');
  await client.query('lock table webhooks in access exclusive mode');
  const sent = service.messenger.customerSends('997', { type: 'text', text: '«997 says 0»' });
  await until('the door waits', async () => {
    const waiting = await client.query('select from pg_locks where not granted');
    return waiting.rowCount;
  });
  const ended = await service.end('SIGTERM');
  await client.end();
  await sent;
  expect(ended.code).toBe(0);
  expect(ended.ms).toBeLessThan(11_000);
  await service.start();
  await until('the message', () => onTickets('997').length > 0, 60_000);
  expect(onTickets('997')).toEqual(['«997 says 0»']);
}, 150_000);
