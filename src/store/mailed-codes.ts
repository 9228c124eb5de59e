import { sql } from 'kysely';
import { comparedEmail } from '../domain/email.ts';
import type { Queryable, Tx } from './database.ts';
import type { Tables } from './tables.ts';

/** Where finding out a conversation's e-mail address stands. */
export interface MailedCode {
  conversation: number;
  /** `asked` for the address; a code is to be `mailing` there; it was `mailed`; they repeated it; nothing came of it. */
  state: Tables['mailed_codes']['state'];
  email: string | undefined;
  digest: Buffer | undefined;
  /** Wrong answers to this code. */
  tries: number;
  /** Codes that were mailed in this conversation. */
  mails: number;
  expiresAt: Date | undefined;
}

/** Locked until the transaction ends. */
export async function mailedCode(tx: Tx, conversation: number): Promise<MailedCode | undefined> {
  const row = await tx
    .selectFrom('mailed_codes')
    .selectAll()
    .where('conversation', '=', conversation)
    .forUpdate()
    .executeTakeFirst();
  return row && codeOf(row);
}

/** The address is asked for. Returns whether that is news. */
export async function emailAsked(tx: Tx, conversation: number, at: Date): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('mailed_codes')
    .values({ conversation, state: 'asked', asked_at: at })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return Number(numInsertedOrUpdatedRows) > 0;
}

/** A code is to be mailed to this address. What was mailed before no longer holds. */
export async function codeWanted(tx: Tx, conversation: number, email: string, at: Date): Promise<void> {
  const values = { state: 'mailing', email, code_digest: null, tries: 0, asked_at: at } as const;
  await tx
    .insertInto('mailed_codes')
    .values({ conversation, ...values })
    .onConflict((conflict) => conflict.column('conversation').doUpdateSet(values))
    .execute();
}

/** Notes the code before it is mailed. False: another process took it, or it is no longer wanted. */
export async function codeMade(
  db: Queryable,
  { conversation, email, digest, expiresAt }: { conversation: number; email: string; digest: Buffer; expiresAt: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('mailed_codes')
    .set((row) => ({ code_digest: digest, expires_at: expiresAt, mails: row('mails', '+', 1) }))
    .where('conversation', '=', conversation)
    .where('state', '=', 'mailing')
    .where('email', '=', email)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function codeEnded(
  db: Queryable,
  conversation: number,
  state: 'mailed' | 'verified' | 'given-up',
  at: Date,
): Promise<void> {
  await db
    .updateTable('mailed_codes')
    .set({ state, ...(state === 'mailed' ? { mailed_at: at } : { code_digest: null }) })
    .where('conversation', '=', conversation)
    .execute();
}

export async function wrongCode(tx: Tx, conversation: number): Promise<void> {
  await tx
    .updateTable('mailed_codes')
    .set((row) => ({ tries: row('tries', '+', 1) }))
    .where('conversation', '=', conversation)
    .execute();
}

/** The address a code is to be mailed to. */
export async function codeToMail(db: Queryable, conversation: number): Promise<MailedCode | undefined> {
  const row = await db
    .selectFrom('mailed_codes')
    .selectAll()
    .where('conversation', '=', conversation)
    .where('state', '=', 'mailing')
    .executeTakeFirst();
  return row && codeOf(row);
}

/** How many codes went to this address since a time, from whatever conversation. */
export async function codesMailedTo(db: Queryable, email: string, since: Date): Promise<number> {
  const { rows } = await sql<{ n: number }>`select coalesce(sum(mails), 0)::int as n from mailed_codes
    where lower(email) = ${comparedEmail(email) ?? email} and mailed_at > ${since}`.execute(db);
  return rows[0]?.n ?? 0;
}

function codeOf(row: {
  conversation: number;
  state: MailedCode['state'];
  email: string | null;
  code_digest: Buffer | null;
  tries: number;
  mails: number;
  expires_at: Date | null;
}): MailedCode {
  return {
    conversation: row.conversation,
    state: row.state,
    email: row.email ?? undefined,
    digest: row.code_digest ?? undefined,
    tries: row.tries,
    mails: row.mails,
    expiresAt: row.expires_at ?? undefined,
  };
}
