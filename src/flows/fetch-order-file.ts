import { minutes, seconds } from '../domain/duration.ts';
import { type Notice, noticeLookedAt } from '../store/notices.ts';
import { type OrderFile, orderFileFailed, orderFileStored } from '../store/order-files.ts';
import { reasonOf } from '../store/vault.ts';
import type { World } from './world.ts';

/** The largest a shop may send along, in bytes: what every channel that shows files takes. */
export const largestInvoice = 15_000_000;
const mostTries = 8;

type Fetched = { bytes: Buffer } | { later: string; after?: number } | { never: string };

/**
 * Brings the file of an event into the vault: the bytes the shop sent, or what its link leads to, by the guarded download. False: it
 * is tried again later.
 */
export async function fetchOrderFile(world: World, notice: Notice, file: OrderFile): Promise<boolean> {
  const fetched = await bytesOf(world, file);
  const checked = 'bytes' in fetched ? await stored(world, file, fetched.bytes) : fetched;
  if (checked === true) return true;
  const why = 'never' in checked ? checked.never : checked.later;
  const forGood = 'never' in checked || file.attempts + 1 >= mostTries;
  await orderFileFailed(world.db, file.event, why, forGood);
  world.tools.log.warn('order-file.attempted', { event: file.event, result: forGood ? 'never' : 'later', why });
  if (forGood) return true;
  const after =
    'after' in checked && checked.after ? checked.after : Math.min(seconds(2) * 2 ** file.attempts, minutes(10));
  await noticeLookedAt(world.db, notice.id, new Date(world.tools.clock.now().getTime() + after));
  return false;
}

async function bytesOf({ tools }: World, { content, url }: OrderFile): Promise<Fetched> {
  if (content) return { bytes: content };
  if (url === undefined) return { never: 'neither its bytes nor its address are known' };
  const fetched = await tools.download(url, { maxBytes: largestInvoice });
  if (fetched.result === 'done') return { bytes: fetched.value.bytes };
  if (fetched.result === 'never') return { never: fetched.why };
  return { later: fetched.why, ...(fetched.after ? { after: fetched.after } : {}) };
}

async function stored(
  { vault, db }: World,
  { event, contentType }: OrderFile,
  bytes: Buffer,
): Promise<true | Exclude<Fetched, { bytes: Buffer }>> {
  if (!isPdf(bytes)) return { never: 'what its link leads to is no PDF' };
  const key = `orders/${event}`;
  try {
    await vault.put(key, { bytes, contentType });
  } catch (error) {
    return { later: reasonOf(error) };
  }
  await orderFileStored(db, event, key, bytes.length);
  return true;
}

export const isPdf = (bytes: Buffer): boolean => bytes.subarray(0, 1024).includes('%PDF-');
