import { createHash } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import type { Tx } from './database.ts';

/**
 * One lock for each conversation, until the transaction ends. Held shared by whoever writes an event and wakes the
 * conversation, and alone by whoever applies its events: so a job that is about to start cannot miss an event whose
 * transaction found that job waiting (and so did not enqueue another) but has not committed yet. `sharing` is the statement
 * that takes it shared.
 */
export function sharing(conversations: Iterable<string>): RawBuilder<unknown> {
  const keys = [...new Set([...conversations].map(lockKey))].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).map(String);
  return sql`select pg_advisory_xact_lock_shared(k) from unnest(${keys}::bigint[]) k`;
}

export async function lockConversation(tx: Tx, conversation: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(${String(lockKey(conversation))}::bigint)`.execute(tx);
}

const lockKey = (conversation: string): bigint => createHash('sha1').update(conversation).digest().readBigInt64BE(0);
