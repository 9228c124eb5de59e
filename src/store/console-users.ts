import type { Selectable } from 'kysely';
import type { Role } from '../domain/console-role.ts';
import type { ConsoleTables, UserSource } from './console-tables.ts';
import type { Queryable } from './database.ts';

export type ConsoleUser = Selectable<ConsoleTables['console_users']>;

/** Addresses are compared without regard to case, and kept in lower case. */
export const emailKey = (email: string): string => email.trim().toLowerCase();

export const userByEmail = (db: Queryable, email: string): Promise<ConsoleUser | undefined> =>
  db.selectFrom('console_users').selectAll().where('email', '=', emailKey(email)).executeTakeFirst();

export const userById = (db: Queryable, id: number): Promise<ConsoleUser | undefined> =>
  db.selectFrom('console_users').selectAll().where('id', '=', id).executeTakeFirst();

export const userBySubject = (db: Queryable, subject: string): Promise<ConsoleUser | undefined> =>
  db.selectFrom('console_users').selectAll().where('oidc_subject', '=', subject).executeTakeFirst();

export const consoleUsers = (db: Queryable): Promise<ConsoleUser[]> =>
  db.selectFrom('console_users').selectAll().orderBy('email').execute();

export interface NewUser {
  email: string;
  name?: string;
  role: Role;
  source: UserSource;
  password?: string;
  oidc_subject?: string;
}

/** Undefined when there is one with that address. */
export function addUser(db: Queryable, { email, ...rest }: NewUser): Promise<ConsoleUser | undefined> {
  return db
    .insertInto('console_users')
    .values({ email: emailKey(email), ...rest })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
}

type Change = Partial<
  Pick<ConsoleUser, 'role' | 'source' | 'password' | 'oidc_subject' | 'name' | 'signed_in_at' | 'disabled_at'>
>;

export async function changeUser(db: Queryable, id: number, change: Change): Promise<void> {
  await db.updateTable('console_users').set(change).where('id', '=', id).execute();
}
