import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { milliseconds } from '../../src/domain/duration.ts';
import { makeMediaLinks } from '../../src/flows/media-links.ts';
import { sweepVault } from '../../src/flows/sweep-vault.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { silentLog } from '../../src/kit/log.ts';
import { openVault, type Vault } from '../../src/store/vault.ts';
import { type Product, startProduct } from '../support/product.ts';

// Most of it is waiting, which on a busy machine takes its time.
const hour = 3_600_000;
const publicUrl = 'https://chat.acme.example';
const bytes = randomBytes(200_000);

let product: Product;
let vault: Vault;
beforeAll(async () => {
  product = await startProduct({ settings: { server: { port: 0, host: '127.0.0.1', publicUrl } } });
  vault = await openVault({ dir: join(product.folder, 'media') });
});
afterAll(() => product?.stop());

const linksAt = (linkForMs = hour, now = () => new Date()) =>
  makeMediaLinks(product.db, vault, { publicUrl, linkForMs, now });

async function published(name = 'photo.png', contentType = 'image/png', linkForMs = hour, now?: () => Date) {
  const { publish } = await linksAt(linkForMs, now);
  const link = await publish({ name, contentType, bytes });
  expect(link).toMatch(/^https:\/\/chat\.acme\.example\/media\/[\w.-]+$/);
  return link.replace(publicUrl, product.url);
}

const get = (link: string, headers: Record<string, string> = {}, method = 'GET') => fetch(link, { method, headers });
const bodyOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());

test('a platform fetches the file, several times, with headers that let nothing in it run', async () => {
  const link = await published('Bjørn "x".png');
  for (let n = 0; n < 3; n++) {
    const answer = await get(link);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': '200000',
      'content-disposition': `inline; filename="Bj_rn _x_.png"; filename*=UTF-8''Bj%C3%B8rn%20%22x%22.png`,
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-store',
    });
    expect((await bodyOf(answer)).equals(bytes)).toBe(true);
  }
});

test.each([
  ['image/svg+xml', 'attachment'],
  ['text/html', 'attachment'],
  ['application/pdf', 'attachment'],
  ['video/mp4', 'inline'],
  ['audio/ogg', 'inline'],
])('%s is given as %s', async (contentType, shown) => {
  const answer = await get(await published('file', contentType), {}, 'HEAD');
  expect(answer.headers.get('content-type')).toBe(contentType);
  expect(answer.headers.get('content-disposition')).toMatch(new RegExp(`^${shown};`));
});

test('a file may be lent for longer than others, never for less', async () => {
  const { publish, fileOf } = await linksAt(hour);
  const later = (await linksAt(hour, () => new Date(Date.now() + 2 * hour))).fileOf;
  const tokenOf = async (forMs: number) =>
    (await publish({ name: 'a.png', contentType: 'image/png', bytes, forMs })).split('/').at(-1)!;
  const [long, short] = [await tokenOf(3 * hour), await tokenOf(1)];
  expect([later(long), later(short)]).toEqual([expect.any(String), undefined]);
  expect(fileOf(short)).toEqual(expect.any(String));
});

test('HEAD tells the size and sends nothing', async () => {
  const answer = await get(await published(), {}, 'HEAD');
  expect([answer.status, answer.headers.get('content-length'), (await bodyOf(answer)).length]).toEqual([
    200,
    '200000',
    0,
  ]);
});

test.each<[string, number, string | null, number, number]>([
  ['bytes=0-0', 206, 'bytes 0-0/200000', 0, 1],
  ['bytes=100-70000', 206, 'bytes 100-70000/200000', 100, 70_001],
  ['bytes=199990-', 206, 'bytes 199990-199999/200000', 199_990, 200_000],
  ['bytes=-10', 206, 'bytes 199990-199999/200000', 199_990, 200_000],
  ['bytes=0-999999', 206, 'bytes 0-199999/200000', 0, 200_000],
  ['bytes=0-1,5-6', 200, null, 0, 200_000],
  ['lines=1-2', 200, null, 0, 200_000],
  ['bytes=x', 200, null, 0, 200_000],
])('range %s', async (range, status, contentRange, start, end) => {
  const answer = await get(await published(), { range });
  expect([answer.status, answer.headers.get('content-range')]).toEqual([status, contentRange]);
  expect((await bodyOf(answer)).equals(bytes.subarray(start, end))).toBe(true);
});

test('a range past the end is refused with the size', async () => {
  const answer = await get(await published(), { range: 'bytes=200000-' });
  expect([answer.status, answer.headers.get('content-range')]).toEqual([416, 'bytes */200000']);
});

const tokenIn = (link: string) => new URL(link).pathname.replace('/media/', '');
const flipped = (text: string) => (text.endsWith('A') ? 'Q' : 'A');

test.each<[string, (token: string) => string]>([
  ['nothing', () => ''],
  ['something else', () => 'hello'],
  ['another signature', (token) => token.replace(/.{2}$/, (last) => `${flipped(last[0]!)}A`)],
  [
    'a later end',
    (token) => token.replace(/\.(\w+)\./, (_, end) => `.${(Number.parseInt(end, 36) + 9).toString(36)}.`),
  ],
  ['another file', (token) => token.replace(/^./, (first) => (first === '0' ? '1' : '0'))],
  ['no signature', (token) => token.replace(/\.[^.]+$/, '')],
  ['a path', (token) => `..%2f${token}`],
  ['too much', (token) => `${token}A`],
])('a token with %s is answered 404', async (_, changed) => {
  const link = await published();
  const answer = await get(link.replace(tokenIn(link), changed(tokenIn(link))));
  expect(answer.status).toBe(404);
  expect(await answer.text()).not.toContain('image');
});

test('a link whose time is over is answered 404, be the file still there or not', async () => {
  const longAgo = new Date(Date.now() - 2 * hour);
  const expired = await published('photo.png', 'image/png', hour, () => longAgo);
  expect((await get(expired)).status).toBe(404);
  const deleted = await published();
  await vault.delete(`published/${tokenIn(deleted).split('.')[0]}`);
  expect((await get(deleted)).status).toBe(404);
});

test('lent files are deleted when their time is over, and those that are not stay', async () => {
  const [old, fresh] = [await published(), await published()];
  const idOf = (link: string) => tokenIn(link).split('.')[0]!;
  await product.db
    .updateTable('published_files')
    .set({ expires_at: new Date(Date.now() - hour) })
    .where('id', '=', idOf(old))
    .execute();
  const tools = { log: silentLog, clock: systemClock } as never;
  expect(await sweepVault({ db: product.db, vault, tools }, milliseconds(0))).toEqual({ left: false });
  expect(await vault.stream(`published/${idOf(old)}`)).toBeUndefined();
  expect((await get(old)).status).toBe(404);
  expect((await get(fresh)).status).toBe(200);
});

test('whoever hangs up in the middle harms nobody', async () => {
  const link = await published();
  await new Promise<void>((hungUp) => {
    const asked = request(link, (answer) => {
      answer.once('data', () => {
        asked.destroy();
        hungUp();
      });
    });
    asked.on('error', () => {});
    asked.end();
  });
  expect((await get(link)).status).toBe(200);
});
