import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freshDatabase } from '../support/database.ts';
import { metric } from '../support/metric.ts';
import { until } from '../support/until.ts';
import { prepareService, type ServiceInAProcess } from './service-process.ts';

const kills = 4;
const customers = ['901', '902', '903', '904', '905', '906'];

let database: Awaited<ReturnType<typeof freshDatabase>>;
let service: ServiceInAProcess;
beforeAll(async () => {
  database = await freshDatabase();
  service = await prepareService({ databaseUrl: database.url });
  service.zendesk.setRateLimit(1_000_000);
  for (const psid of customers) service.messenger.addCustomer({ psid, name: `Customer ${psid}` });
  await service.start();
}, 60_000);
afterAll(async () => {
  await service?.close();
  await database?.drop();
});

const wait = (ms: number) => new Promise((next) => setTimeout(next, ms));
const ticketsOf = (psid: string) =>
  service.zendesk.tickets().filter(({ requester }) => requester.externalId === `messenger:acme-page:${psid}`);
const onTickets = (psid: string) =>
  ticketsOf(psid).flatMap(({ comments }) =>
    comments.filter(({ authorRole }) => authorRole === 'end-user').flatMap(({ body }) => body.match(/«[^»]*»/g) ?? []),
  );
/** Without what says of itself that it arrived late: its webhook had to come again. */
const onTime = (psid: string) => {
  const late = ticketsOf(psid).flatMap(({ comments }) =>
    comments.flatMap(({ body }) => body.match(/«[^»]*»(?=[^«»]*arrived late\))/g) ?? []),
  );
  return (words: string[]) => words.filter((each) => !late.includes(each));
};
const inChat = (psid: string) =>
  service.messenger
    .threads()
    .find((thread) => thread.psid === psid)!
    .bubbles.filter(({ from }) => from === 'page')
    .map(({ text }) => text);
const inHistory = (psid: string) =>
  service.salesforce
    .records('Task')
    .map((task) => String(task['Description']))
    .filter((text) => text.includes(`«${psid}`))
    .flatMap((text) => text.match(/«[^»]*»/g) ?? []);

test('killed at any moment and started again: every message, answer and line of history is there once', async () => {
  const said = new Map(customers.map((psid) => [psid, [] as string[]]));
  const answered = new Map(customers.map((psid) => [psid, [] as string[]]));
  const files = new Map(customers.map((psid) => [psid, 0]));
  let playing = true;
  const picture = { name: 'p.txt', contentType: 'text/plain', bytes: Buffer.from('picture') };

  const customerWrites = async (psid: string) => {
    for (let n = 0; playing; n++) {
      const text = `«${psid} says ${n}»`;
      said.get(psid)!.push(text);
      const withFile = n % 4 === 3;
      if (withFile) files.set(psid, files.get(psid)! + 1);
      await service.messenger.customerSends(
        psid,
        withFile ? { type: 'file', files: [picture], text } : { type: 'text', text },
      );
      await wait(200 + Math.random() * 500);
    }
  };
  const agentAnswers = async (psid: string) => {
    for (let n = 0; playing; ) {
      const [ticket] = ticketsOf(psid);
      if (ticket) {
        const text = `«${psid} is answered ${n++}»`;
        answered.get(psid)!.push(text);
        await service.zendesk.agentComments(ticket.id, { text, public: true });
        await service.zendesk.agentComments(ticket.id, { text: `note ${n}`, public: false });
      }
      await wait(500 + Math.random() * 900);
    }
  };
  const play = Promise.all([...customers.map(customerWrites), ...customers.map(agentAnswers)]);

  for (let kill = 0; kill < kills; kill++) {
    await wait(400 + Math.random() * 1_800);
    await service.end('SIGKILL');
    await wait(Math.random() * 400);
    await service.start();
  }
  const backAt = performance.now();
  await wait(1_000);
  playing = false;
  await play;

  await until('nothing is owed to the service', () => service.messenger.webhooks.owed() === 0, 60_000);
  const complete = () =>
    customers.every(
      (psid) =>
        said.get(psid)!.every((text) => onTickets(psid).includes(text) && inHistory(psid).includes(text)) &&
        answered.get(psid)!.every((text) => inChat(psid).includes(text) && inHistory(psid).includes(text)),
    );
  await until('all is where it belongs', complete, 120_000);
  const seconds = (performance.now() - backAt) / 1_000;
  // Text does not wait for files: one whose copying was cut short follows.
  await until('no file to copy', async () => (await metric(service.url, 'passerelle_media_waiting')) === 0, 60_000);
  await until('no backlog', async () => (await metric(service.url, 'passerelle_backlog')) === 0, 60_000);

  for (const psid of customers) {
    expect(ticketsOf(psid)).toHaveLength(1);
    expect(onTime(psid)(onTickets(psid))).toEqual(onTime(psid)(said.get(psid)!));
    expect(onTickets(psid).sort()).toEqual([...said.get(psid)!].sort());
    expect(ticketsOf(psid)[0]!.comments.flatMap(({ attachments }) => attachments)).toHaveLength(files.get(psid)!);
    expect(inChat(psid)).toEqual(answered.get(psid));
    expect([...inHistory(psid)].sort()).toEqual([...said.get(psid)!, ...answered.get(psid)!].sort());
  }
  expect(service.salesforce.records('Contact')).toHaveLength(customers.length);
  expect(await metric(service.url, 'passerelle_parked')).toBe(0);
  // Jobs of a process that was killed are taken up when its heartbeat has lapsed.
  expect(seconds).toBeLessThan(60);
  if (process.env['TEST_LOG']) process.stderr.write(`after ${kills} kills all was made up for in ${seconds} s\n`);
}, 240_000);

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
  await wait(400);
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
