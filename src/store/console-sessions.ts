import type { SignInWay } from './console-tables.ts';
import type { ConsoleUser } from './console-users.ts';
import type { Queryable } from './database.ts';

/** How long a session lives: after it was last used, and at most. Milliseconds. */
export interface SessionLife {
  idleMs: number;
  wholeMs: number;
}

export interface NewSession {
  /** The SHA-256 of what the browser holds. */
  id: Buffer;
  user: number;
  way: SignInWay;
  address: string | undefined;
  browser: string | undefined;
  now: Date;
}

export async function addSession(db: Queryable, { now, address, browser, ...rest }: NewSession): Promise<void> {
  const values = { ...rest, created_at: now, seen_at: now, address: address ?? null, browser: browser ?? null };
  await db.insertInto('console_sessions').values(values).execute();
}

/** The user of a session that is still good, unless disabled. */
export async function userOfSession(
  db: Queryable,
  id: Buffer,
  { idleMs, wholeMs }: SessionLife,
  now: Date,
): Promise<(ConsoleUser & { seen_at: Date; way: SignInWay }) | undefined> {
  return db
    .selectFrom('console_sessions as s')
    .innerJoin('console_users as u', 'u.id', 's.user')
    .selectAll('u')
    .select(['s.seen_at', 's.way'])
    .where('s.id', '=', id)
    .where('s.seen_at', '>', new Date(now.getTime() - idleMs))
    .where('s.created_at', '>', new Date(now.getTime() - wholeMs))
    .where('u.disabled_at', 'is', null)
    .executeTakeFirst();
}

/** Noted once a minute at most. */
export async function sessionSeen(db: Queryable, id: Buffer, seenAt: Date, now: Date): Promise<void> {
  if (now.getTime() - seenAt.getTime() < 60_000) return;
  await db.updateTable('console_sessions').set({ seen_at: now }).where('id', '=', id).execute();
}

export async function endSession(db: Queryable, id: Buffer): Promise<void> {
  await db.deleteFrom('console_sessions').where('id', '=', id).execute();
}

/** Returns how many there were. */
export async function endSessionsOf(db: Queryable, user: number): Promise<number> {
  const { numDeletedRows } = await db.deleteFrom('console_sessions').where('user', '=', user).executeTakeFirst();
  return Number(numDeletedRows);
}

/** Deletes those whose time is over. */
export async function endOldSessions(db: Queryable, { idleMs, wholeMs }: SessionLife, now: Date): Promise<void> {
  await db
    .deleteFrom('console_sessions')
    .where((where) =>
      where.or([
        where('seen_at', '<', new Date(now.getTime() - idleMs)),
        where('created_at', '<', new Date(now.getTime() - wholeMs)),
      ]),
    )
    .execute();
}

/** How many browsers each user is signed in with. */
export async function sessionCounts(db: Queryable): Promise<Map<number, number>> {
  const rows = await db
    .selectFrom('console_sessions')
    .select(({ fn }) => ['user', fn.countAll<number>().as('n')])
    .groupBy('user')
    .execute();
  return new Map(rows.map(({ user, n }) => [user, n]));
}
