import type { Blocked } from './conversations.ts';
import type { Tx } from './database.ts';

/** Blocks a conversation, or lifts that. Returns whether it is news. */
export async function setBlocked(tx: Tx, conversation: number, blocked: Blocked | undefined): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('conversations')
    .set({ blocked_at: blocked?.at ?? null, blocked_by: blocked?.by ?? null, spam: blocked?.spam ?? false })
    .where('id', '=', conversation)
    .where('blocked_at', blocked ? 'is' : 'is not', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
