import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openOperations } from '../../src/flows/open-operations.ts';
import { openDatabase } from '../../src/store/database.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import { listParked } from '../../src/store/parked.ts';

const folder = mkdtempSync(join(tmpdir(), 'passerelle-ledger-'));
chmodSync(folder, 0o755);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const place = { url: undefined, dataDir: folder };

const answers = async (url: string): Promise<boolean> => {
  const db = openDatabase(url, 1);
  return db
    .selectFrom('audit')
    .select('id')
    .execute()
    .then(
      () => true,
      () => false,
    )
    .finally(() => db.destroy());
};

test('the embedded Postgres is started for a command and stopped after it, but not under the service', async () => {
  const alone = await openOperations(place, new Map());
  expect(await listParked(alone.db, {}, 10)).toEqual({ items: [], next: undefined });
  await alone.close();
  const service = await startEmbeddedPostgres(folder);
  expect(service.wasRunning).toBe(false);
  const beside = await openOperations(place, new Map());
  expect((await listParked(beside.db, {}, 10)).items).toEqual([]);
  await beside.close();
  expect(await answers(service.url)).toBe(true);
  await service.stop();
  expect(await answers(service.url)).toBe(false);
}, 90_000);

test('a service that came to use what a command started keeps it', async () => {
  const command = await openOperations(place, new Map());
  const service = await startEmbeddedPostgres(folder);
  expect(service.wasRunning).toBe(true);
  const db = openDatabase(service.url, 1);
  await db.selectFrom('audit').select('id').execute();
  await command.close();
  expect(await answers(service.url)).toBe(true);
  await db.destroy();
  await service.stop();
}, 90_000);
