import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { milliseconds } from '../../src/domain/duration.ts';
import { sweepVault } from '../../src/flows/sweep-vault.ts';
import { silentLog } from '../../src/kit/log.ts';
import { Secret } from '../../src/kit/secret.ts';
import { checkVault, openVault } from '../../src/store/vault.ts';
import { type Product, startProduct } from '../support/product.ts';
import { startS3Server } from '../support/s3-server.ts';
import { until } from '../support/until.ts';

// Most of it is waiting, which on a busy machine takes its time.
const account = { bucket: 'acme', region: 'eu-central-1', accessKeyId: 'AKIATEST', secretAccessKey: 'very-secret' };
const file = { name: 'a.txt', contentType: 'text/plain', bytes: Buffer.from('a file') };

let s3: Awaited<ReturnType<typeof startS3Server>>;
let onDisk: Product;
let inS3: Product;
beforeAll(async () => {
  s3 = await startS3Server(account);
  [onDisk, inS3] = await Promise.all([
    startProduct(),
    startProduct({ media: { s3: { ...account, endpoint: s3.url, pathStyle: true } } }),
  ]);
});
afterAll(async () => {
  await Promise.all([onDisk?.stop(), inS3?.stop()]);
  await s3?.close();
});

const attachedAt = (product: Product, psid: string) =>
  product.zendesk
    .tickets()
    .filter(({ requester }) => requester.externalId?.endsWith(`:${psid}`))
    .flatMap(({ comments }) => comments.flatMap(({ attachments }) => attachments.map(({ name }) => name)));
async function sends(product: Product, psid: string): Promise<void> {
  product.messenger.addCustomer({ psid, name: `Customer ${psid}` });
  await product.messenger.customerSends(psid, { type: 'file', files: [file], text: 'look' });
}

test('copies go to S3 where it is configured, signed and without an ACL, and from there to the ticket', async () => {
  await sends(inS3, '1');
  await until('the file', () => attachedAt(inS3, '1').length > 0, 40_000);
  expect([...s3.objects.values()]).toEqual([{ bytes: file.bytes, contentType: 'text/plain' }]);
  expect(s3.seen.map(({ method, status }) => `${method} ${status}`)).toEqual(['PUT 200', 'GET 200']);
});

test('while S3 is out of order the text goes, and the file follows', async () => {
  s3.fail(6);
  await sends(inS3, '2');
  const bodies = () =>
    inS3.zendesk
      .tickets()
      .filter(({ requester }) => requester.externalId?.endsWith(':2'))
      .flatMap(({ comments }) => comments.map(({ body }) => body));
  await until('the text', () => bodies().length > 0, 40_000);
  await until('the file', () => attachedAt(inS3, '2').length > 0, 60_000);
  expect(attachedAt(inS3, '2')).toEqual(['a.txt']);
});

test('in S3: what is not there is gone, deleting twice is well, and streams are whole', async () => {
  const { secretAccessKey, ...rest } = account;
  const place = { ...rest, endpoint: s3.url, pathStyle: true, secretAccessKey: new Secret(secretAccessKey) };
  const vault = await openVault({ dir: '/nowhere', s3: place });
  await vault.put('x/1', { bytes: Buffer.from('one'), contentType: 'text/plain' });
  expect(await vault.lend('x/1', 3, async (bytes) => bytes.toString())).toBe('one');
  expect(Buffer.concat(await (await vault.stream('x/1'))!.toArray()).toString()).toBe('one');
  await vault.delete('x/1');
  await vault.delete('x/1');
  expect(await vault.lend('x/1', 3, async () => 'there')).toBe('gone');
  expect(await vault.stream('x/1')).toBeUndefined();
  expect((await checkVault(vault)).ok).toBe(true);
  const stranger = await openVault({ dir: '/nowhere', s3: { ...place, secretAccessKey: new Secret('wrong') } });
  await expect(stranger.put('x/2', { bytes: Buffer.from('two'), contentType: 'text/plain' })).rejects.toThrow();
  expect(await checkVault(stranger)).toMatchObject({ ok: false, why: expect.stringContaining('Signature') });
  await expect(stranger.lend('x/1', 3, async () => 'there')).rejects.toThrow();
});

test('on the disk: what is not there is gone, and deleting twice is well', async () => {
  const vault = await openVault({ dir: join(onDisk.folder, 'media') });
  await vault.put('x/1', { bytes: Buffer.from('one'), contentType: 'text/plain' });
  expect(await vault.lend('x/1', 3, async (bytes) => bytes.toString())).toBe('one');
  await vault.delete('x/1');
  await vault.delete('x/1');
  expect(await vault.lend('x/1', 3, async () => 'there')).toBe('gone');
  expect(await vault.stream('x/1')).toBeUndefined();
});

test('a package that is installed on demand is asked for by name', async () => {
  await expect(openVault({ dir: '/nowhere', gcs: { bucket: 'acme' } })).rejects.toThrow(
    'media.gcs needs packages that are not installed; run: npm install @google-cloud/storage@7',
  );
});

test('old copies are deleted and marked, but none that may still have to go to a ticket', async () => {
  const { db } = onDisk;
  for (const psid of ['11', '12', '13', '14']) {
    await sends(onDisk, psid);
    await until('the file', () => attachedAt(onDisk, psid).length > 0, 40_000);
  }
  const rows = await db.selectFrom('media').selectAll().orderBy('message').execute();
  const [, parked, followed, fresh] = rows.map(({ message }) => message);
  const tooOld = new Date(Date.now() - 100 * 24 * 3_600_000);
  await db.updateTable('media').set({ ended_at: tooOld }).where('message', '!=', fresh!).execute();
  await db.updateTable('deliveries').set({ state: 'parked' }).where('message', '=', parked!).execute();
  // The third file's own message, which carries it because it was late, still waits.
  const { conversation } = await db
    .selectFrom('messages')
    .select('conversation')
    .where('id', '=', followed!)
    .executeTakeFirstOrThrow();
  const late = await db
    .insertInto('messages')
    .values({
      conversation,
      kind: 'file',
      author: 'customer',
      platform_id: `file:${followed}:1`,
      parts: '[]',
      detail: JSON.stringify({ fileOf: { message: followed, position: 1 } }),
      occurred_at: new Date(),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db.insertInto('deliveries').values({ message: late.id, target: 'helpdesk:elsewhere', conversation }).execute();

  const vault = await openVault({ dir: join(onDisk.folder, 'media') });
  const tools = { log: silentLog } as never;
  const sweep = (days: number) => sweepVault({ db, vault, tools }, milliseconds(days * 24 * 3_600_000));
  await sweep(0);
  expect(await statesOf()).toEqual(['stored', 'stored', 'stored', 'stored']);
  await sweep(90);
  expect(await statesOf()).toEqual(['expired', 'stored', 'stored', 'stored']);
  const left = await readdir(join(onDisk.folder, 'media'), { recursive: true, withFileTypes: true });
  expect(
    left
      .filter((each) => each.isFile())
      .map(({ name }) => name)
      .sort(),
  ).toEqual([parked, followed, fresh].map((id) => `${id}-1`).sort());

  async function statesOf() {
    const found = await db.selectFrom('media').select('state').orderBy('message').execute();
    return found.map(({ state }) => state);
  }
});
