import { hkdfSync, randomBytes } from 'node:crypto';
import type { Queryable } from './database.ts';

/**
 * A key of 32 bytes for one purpose, derived (HKDF-SHA-256) from random bytes that were made when they were first asked for.
 * All replicas get the same.
 */
export async function serviceKey(db: Queryable, purpose: string): Promise<Buffer> {
  await db
    .insertInto('service_keys')
    .values({ purpose, key: randomBytes(32) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { key } = await db
    .selectFrom('service_keys')
    .select('key')
    .where('purpose', '=', purpose)
    .executeTakeFirstOrThrow();
  return Buffer.from(hkdfSync('sha256', key, '', `passerelle ${purpose}`, 32));
}
