import { sql } from 'kysely';
import { sha256Hex } from '../kit/crypto.ts';
import { emailKey } from './console-users.ts';
import type { Database } from './database.ts';

/** Wrong passwords are counted in `budgets`, under these names: for one account from one address, and from anywhere. */
export const triesOf = { pair: 'console-pair', account: 'console-account', address: 'console-address' } as const;

/** Whoever looks into the table learns no e-mail address that was tried. */
export const triesKey = (email: string): string => sha256Hex(emailKey(email)).slice(0, 32);

/** Lets an account be tried again at once, from everywhere. */
export async function forgetTries(db: Database, email: string): Promise<void> {
  const key = triesKey(email);
  await sql`delete from budgets
    where key = ${`${triesOf.account}:${key}`} or key like ${`${triesOf.pair}:${key}:%`}`.execute(db);
}
