import { sql } from 'kysely';
import type { Queryable } from './database.ts';

/** The stream is this listener's for `ms` milliseconds from now, by the database's clock; undefined while it is another's. */
export async function holdStream(
  db: Queryable,
  helpdesk: string,
  holder: string,
  ms: number,
): Promise<{ place: string | undefined } | undefined> {
  const until = sql<Date>`now() + ${ms} * interval '1 millisecond'`;
  const row = await db
    .insertInto('streams')
    .values({ helpdesk, holder, held_until: until })
    .onConflict((conflict) =>
      conflict
        .column('helpdesk')
        .doUpdateSet({ holder, held_until: until })
        .where((where) =>
          where.or([
            where('streams.holder', 'is', null),
            where('streams.holder', '=', holder),
            where('streams.held_until', '<', sql<Date>`now()`),
          ]),
        ),
    )
    .returning('place')
    .executeTakeFirst();
  return row && { place: row.place ?? undefined };
}

/** Another may take it at once. */
export async function letGoOfStream(db: Queryable, helpdesk: string, holder: string): Promise<void> {
  await db
    .updateTable('streams')
    .set({ holder: null, held_until: null })
    .where('helpdesk', '=', helpdesk)
    .where('holder', '=', holder)
    .execute();
}

/** Without a place the next listener hears what is yet to come. Only its holder says how far it was heard. */
export async function savePlace(
  db: Queryable,
  helpdesk: string,
  holder: string,
  place: string | undefined,
): Promise<void> {
  await db
    .updateTable('streams')
    .set({ place: place ?? null })
    .where('helpdesk', '=', helpdesk)
    .where('holder', '=', holder)
    .execute();
}
