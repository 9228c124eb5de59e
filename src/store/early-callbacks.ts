import { sql } from 'kysely';
import type { Database, Tx } from './database.ts';
import { lockConversation } from './locks.ts';
import { isOpening, type LedgerTicket, ticketByRemoteId } from './tickets.ts';

/**
 * The ticket that a callback is about. One that is not known is remembered: it may be ours, with the answer to its creation
 * still under way. Whoever opens it and whoever asks for it take turns, so that one of them learns of the other.
 */
export async function ticketOrRemember(
  db: Database,
  helpdesk: string,
  remoteId: string,
): Promise<LedgerTicket | undefined> {
  const known = await ticketByRemoteId(db, helpdesk, remoteId);
  if (known) return known;
  return db.transaction().execute(async (tx) => {
    await takeTurn(tx, helpdesk, remoteId);
    const opened = await ticketByRemoteId(tx, helpdesk, remoteId);
    if (opened) return opened;
    await tx
      .insertInto('early_callbacks')
      .values({ helpdesk, ticket: remoteId })
      .onConflict((conflict) => conflict.columns(['helpdesk', 'ticket']).doUpdateSet({ came_at: sql`now()` }))
      .execute();
    return undefined;
  });
}

/**
 * Which of the tickets that changed at a helpdesk are known here. While one is being opened any of the others may be that
 * one, so that they are remembered; whether one is, is asked first: what was opened before that is known by now.
 */
export async function knownOf(db: Database, helpdesk: string, remoteIds: readonly string[]): Promise<string[]> {
  const opening = await isOpening(db, helpdesk);
  const known: string[] = [];
  for (const remoteId of remoteIds) {
    const ticket = await (opening ? ticketOrRemember : ticketByRemoteId)(db, helpdesk, remoteId);
    if (ticket) known.push(remoteId);
  }
  return known;
}

/** Whether somebody called about a ticket before it was known here. To be asked after it was noted, in that transaction. */
export async function wasCalledAbout(tx: Tx, helpdesk: string, remoteId: string): Promise<boolean> {
  await takeTurn(tx, helpdesk, remoteId);
  const { numDeletedRows } = await tx
    .deleteFrom('early_callbacks')
    .where('helpdesk', '=', helpdesk)
    .where('ticket', '=', remoteId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Most are about tickets that are none of ours. */
export async function forgetEarlyCallbacks(db: Database, before: Date): Promise<void> {
  await db.deleteFrom('early_callbacks').where('came_at', '<', before).execute();
}

const takeTurn = (tx: Tx, helpdesk: string, remoteId: string) =>
  lockConversation(tx, `early-callback|${helpdesk}|${remoteId}`);
