import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Fault } from '../../src/sandbox/simulator.ts';
import { freshDatabase } from '../support/database.ts';
import { metric } from '../support/metric.ts';
import { until } from '../support/until.ts';
import { prepareService, type ServiceInAProcess } from './service-process.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let service: ServiceInAProcess;
beforeAll(async () => {
  database = await freshDatabase();
  service = await prepareService({ databaseUrl: database.url });
  await service.start();
}, 60_000);
afterAll(async () => {
  await service?.close();
  await database?.drop();
});

const ticketsOf = (psid: string) =>
  service.zendesk.tickets().filter(({ requester }) => requester.externalId === `messenger:acme-page:${psid}`);
const commentsOf = (psid: string) => ticketsOf(psid).flatMap(({ comments }) => comments);
const attached = (psid: string) => commentsOf(psid).flatMap(({ attachments }) => attachments.map(({ name }) => name));

/** A customer sends a text and a file, whose fetching meets the fault; resolves when the text is on a ticket without it. */
async function sends(psid: string, fault: Omit<Fault, 'method' | 'path'>): Promise<void> {
  service.messenger.addCustomer({ psid, name: `Customer ${psid}` });
  service.messenger.inject({ ...fault, method: 'GET', path: `/${psid}.txt` });
  const files = [{ name: `${psid}.txt`, contentType: 'text/plain', bytes: Buffer.from(`the file of ${psid}`) }];
  await service.messenger.customerSends(psid, { type: 'file', files, text: `«${psid}»` });
  await until(`the text of ${psid}`, () => commentsOf(psid).length > 0, 60_000);
  expect(attached(psid)).toEqual([]);
}

test('killed while files wait, are copied, and follow: each is on its ticket once', async () => {
  await sends('follows', { kind: '503', times: 2, retryAfter: 2 });
  const [ticket] = ticketsOf('follows');
  // The comment that brings the file is written, and nobody is told.
  service.zendesk.inject({
    kind: 'timeout-after',
    method: 'PUT',
    path: `/tickets/${ticket!.id}`,
    times: 1,
    delayMs: 20_000,
  });
  await Promise.all([
    sends('waits', { kind: '503', times: 1_000, retryAfter: 1 }),
    sends('is-copied', { kind: 'slow', times: 1_000, delayMs: 25_000 }),
  ]);
  await until('the file that follows', () => attached('follows').length > 0, 60_000);
  expect([attached('waits'), attached('is-copied')]).toEqual([[], []]);
  await service.end('SIGKILL');
  service.messenger.clearFaults();
  await service.start();

  const psids = ['follows', 'waits', 'is-copied'];
  await until('all files', () => psids.every((psid) => attached(psid).length > 0), 90_000);
  await until('no backlog', async () => (await metric(service.url, 'passerelle_backlog')) === 0, 60_000);
  expect(await metric(service.url, 'passerelle_media_waiting')).toBe(0);
  expect(await metric(service.url, 'passerelle_parked')).toBe(0);
  for (const psid of psids) {
    expect(ticketsOf(psid)).toHaveLength(1);
    expect(attached(psid)).toEqual([`${psid}.txt`]);
    expect(commentsOf(psid).map(({ body }) => body)).toEqual([
      expect.stringMatching(new RegExp(`^«${psid}»\n📎 File.*: follows$|^📎 File.*: follows\n«${psid}»$`)),
      expect.stringMatching(/^↪ Belongs to the message of [^\n]+:\n📎 File \([a-z-]+\.txt\)$/),
    ]);
  }
}, 300_000);
