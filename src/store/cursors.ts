import type { Queryable } from './database.ts';

/** How far a helpdesk's changes were read, and when. */
export async function cursorOf(db: Queryable, helpdesk: string): Promise<{ cursor: string; readAt: Date } | undefined> {
  const row = await db.selectFrom('cursors').selectAll().where('helpdesk', '=', helpdesk).executeTakeFirst();
  return row && { cursor: row.cursor, readAt: row.read_at };
}

export async function saveCursor(db: Queryable, helpdesk: string, cursor: string): Promise<void> {
  const news = { cursor, read_at: new Date() };
  await db
    .insertInto('cursors')
    .values({ helpdesk, ...news })
    .onConflict((conflict) => conflict.column('helpdesk').doUpdateSet(news))
    .execute();
}
