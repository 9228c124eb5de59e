import { sql } from 'kysely';
import type { Queryable } from './database.ts';

/** When customers of an account last wrote, by arrival. */
export async function lastHeard(db: Queryable, account: string): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date | null }>`
    select max(received_at) as at from events
    where account = ${account} and type in ('message', 'postback') and received_at > now() - interval '9 days'`.execute(
    db,
  );
  return rows[0]?.at ?? undefined;
}

/** How many messages came in the same stretch of each of the seven days before; yesterday first. */
export async function heardOnDaysBefore(db: Queryable, account: string, from: Date, to: Date): Promise<number[]> {
  const { rows } = await sql<{ count: number }>`
    select (select count(*)::int from events e
            where e.account = ${account} and e.type in ('message', 'postback')
              and e.received_at between ${from}::timestamptz - d * interval '1 day'
                                    and ${to}::timestamptz - d * interval '1 day') as count
    from generate_series(1, 7) d order by d`.execute(db);
  return rows.map(({ count }) => count);
}
