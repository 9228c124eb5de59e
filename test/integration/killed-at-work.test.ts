import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { freshDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';
import { prepareService, type ServiceInAProcess } from './service-process.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let service: ServiceInAProcess;
let db: Database;
const psids = Array.from({ length: 60 }, (_, n) => String(910_000 + n));
beforeAll(async () => {
  database = await freshDatabase();
  service = await prepareService({ databaseUrl: database.url });
  await mkdir(join(service.folder, 'notices', 'autumn'), { recursive: true });
  await writeFile(join(service.folder, 'notices', 'autumn', 'en.liquid'), 'Autumn is here');
  await service.start();
  db = openDatabase(database.url, 2);
}, 60_000);
afterAll(async () => {
  await service?.close();
  await db?.destroy();
  await database?.drop();
});

const told = () =>
  psids.map(
    (psid) =>
      service.messenger
        .threads()
        .find((each) => each.psid === psid)
        ?.bubbles.filter(({ from }) => from === 'page').length ?? 0,
  );
const allTold = () => told().reduce((sum, n) => sum + n, 0);
const state = async (id: string) =>
  (await db.selectFrom('campaigns').select('state').where('id', '=', Number(id)).executeTakeFirstOrThrow()).state;

test('killed again and again while a campaign runs, it goes on, and tells everybody once', async () => {
  for (const psid of psids) service.messenger.addCustomer({ psid, name: `Member ${psid}` });
  for (const psid of psids) await service.messenger.customerSends(psid, { type: 'text', text: 'Hello' });
  await until(
    'all are known',
    async () => (await db.selectFrom('conversations').select('id').execute()).length === psids.length,
  );
  await addConsents(db);
  const file = join(service.folder, 'autumn.json');
  await writeFile(file, JSON.stringify({ name: 'Autumn', purpose: 'marketing', texts: 'autumn', perMinute: 600 }));
  const { out } = await service.run('campaigns', 'plan', file);
  expect(out).toContain('It would tell 60 customers');
  const id = /Campaign (\d+)/.exec(out)![1]!;
  await service.run('campaigns', 'start', id);
  for (const killedAfter of [1, 20, 40]) {
    await until('so many are told', () => allTold() >= killedAfter);
    await service.end('SIGKILL');
    await service.start();
  }
  await until('it is done', async () => (await state(id)) === 'done', 60_000);
  expect(told()).toEqual(psids.map(() => 1));
}, 120_000);

test('killed while somebody is being forgotten, it goes on, and nothing is left of them', async () => {
  const [psid] = psids as [string];
  const mine = () => service.zendesk.tickets().filter(({ requester }) => requester.externalId?.endsWith(`:${psid}`));
  await until('the ticket', () => mine().length === 1);
  const before = service.zendesk.requests.length;
  service.zendesk.inject({ kind: '503', times: 1_000 });
  const { out } = await service.run('erase-customer', '--account', 'acme-page', '--user', psid, '--yes', '--json');
  const { code } = JSON.parse(out) as { code: string };
  const state = async () =>
    (await db.selectFrom('erasures').select('state').where('code', '=', code).executeTakeFirstOrThrow()).state;
  await until('it is asked for there', () =>
    service.zendesk.requests.slice(before).some(({ method }) => method === 'DELETE'),
  );
  await service.end('SIGKILL');
  expect(await state()).toBe('working');
  expect(mine()).toHaveLength(1);
  service.zendesk.clearFaults();
  await service.start();
  await until('it is done', async () => (await state()) === 'done', 60_000);
  expect(mine()).toEqual([]);
  const left = await db.selectFrom('conversations').select('id').where('platform_user', '=', psid).execute();
  expect(left).toEqual([]);
}, 120_000);

async function addConsents(on: Database): Promise<void> {
  const rows = await on.selectFrom('customers').select('id').execute();
  for (const { id } of rows)
    await on
      .insertInto('consents')
      .values({ ...consent, customer: id } as never)
      .returning('id')
      .executeTakeFirstOrThrow()
      .then(({ id: act }) =>
        on
          .insertInto('consent_states')
          .values({
            customer: id,
            channel: '*',
            purpose: 'marketing',
            state: 'granted',
            since: new Date(),
            act,
          } as never)
          .execute(),
      );
}

const consent = {
  channel: '*',
  purpose: 'marketing',
  act: 'granted',
  source: 'api',
  at: new Date(),
  by_whom: 'shop:shop',
};
