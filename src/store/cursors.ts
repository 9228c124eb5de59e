import type { Queryable } from './database.ts';

export interface Cursor {
  cursor: string;
  readAt: Date;
  /** Since when it could not be read on. */
  failingSince: Date | undefined;
}

/** How far a helpdesk's changes were read, and when. */
export async function cursorOf(db: Queryable, helpdesk: string): Promise<Cursor | undefined> {
  const row = await db.selectFrom('cursors').selectAll().where('helpdesk', '=', helpdesk).executeTakeFirst();
  return row && { cursor: row.cursor, readAt: row.read_at, failingSince: row.failing_since ?? undefined };
}

export async function saveCursor(db: Queryable, helpdesk: string, cursor: string, at: Date): Promise<void> {
  const news = { cursor, read_at: at, failing_since: null };
  await db
    .insertInto('cursors')
    .values({ helpdesk, ...news })
    .onConflict((conflict) => conflict.column('helpdesk').doUpdateSet(news))
    .execute();
}

/** Keeps since when it fails, if it did not fail before. */
export async function cursorFails(db: Queryable, helpdesk: string, at: Date): Promise<void> {
  await db
    .updateTable('cursors')
    .set({ failing_since: at })
    .where('helpdesk', '=', helpdesk)
    .where('failing_since', 'is', null)
    .execute();
}
