import { sql } from 'kysely';
import type { Queryable, Tx } from './database.ts';

/** A link that a shop gave to one of its customers. Its token is nowhere kept, only its SHA-256. */
export interface Link extends LinkGiven {
  id: string;
  madeBy: string;
  /** The channel accounts it was made for. */
  accounts: string[];
  createdAt: Date;
  expiresAt: Date;
  used?: LinkUse;
}

/** What the shop says of the customer it gives the link to. */
export interface LinkGiven {
  shopCustomer: string;
  email?: string;
  /** E.164. */
  phone?: string;
  name?: string;
  /** For agents. */
  note?: string;
  /** What whoever opens it agrees to by that, with the words they were shown. */
  consents?: { purpose: string; words: string }[];
}

export interface LinkUse {
  at: Date;
  account: string;
  platformUser: string;
  customer: number;
  /** The key of the event that brought the token. */
  event: string;
}

export interface NewLink extends Omit<Link, 'used' | 'createdAt'> {
  tokenDigest: Buffer;
  /** Of the shop's Idempotency-Key; by it a repeated request is known. */
  requestKey?: Buffer;
  requestDigest: Buffer;
}

/** Writes the link. `repeated`: this key was used for the same link before; `other`: for another one. */
export async function addLink(
  db: Queryable,
  link: NewLink,
): Promise<{ link: Link; repeated: boolean } | { other: true }> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('links')
    .values({
      id: link.id,
      token_digest: link.tokenDigest,
      made_by: link.madeBy,
      request_key: link.requestKey ?? null,
      request_digest: link.requestDigest,
      accounts: link.accounts,
      shop_customer: link.shopCustomer,
      email: link.email ?? null,
      phone: link.phone ?? null,
      name: link.name ?? null,
      note: link.note ?? null,
      consents: JSON.stringify(link.consents ?? []),
      expires_at: link.expiresAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows) return { link: (await linkById(db, link.id))!, repeated: false };
  const before = await db
    .selectFrom('links')
    .selectAll()
    .where('made_by', '=', link.madeBy)
    .where('request_key', '=', link.requestKey!)
    .executeTakeFirstOrThrow();
  return before.request_digest.equals(link.requestDigest) ? { link: linkOf(before), repeated: true } : { other: true };
}

export async function linkById(db: Queryable, id: string): Promise<Link | undefined> {
  const row = await db.selectFrom('links').selectAll().where('id', '=', id).executeTakeFirst();
  return row && linkOf(row);
}

/** Locked until the transaction ends, so that it is used once. */
export async function linkByToken(tx: Tx, digest: Buffer): Promise<Link | undefined> {
  const row = await tx
    .selectFrom('links')
    .selectAll()
    .where('token_digest', '=', digest)
    .forUpdate()
    .executeTakeFirst();
  return row && linkOf(row);
}

export async function linkUsed(tx: Tx, id: string, use: LinkUse): Promise<void> {
  await tx
    .updateTable('links')
    .set({
      used_at: use.at,
      used_account: use.account,
      used_platform_user: use.platformUser,
      used_customer: use.customer,
      used_event: use.event,
    })
    .where('id', '=', id)
    .execute();
}

interface Who {
  account: string;
  platformUser: string;
}

/** How many tokens that nobody gave out this platform user has come with since a time. */
export async function wrongTokens(tx: Tx, { account, platformUser }: Who, since: Date): Promise<number> {
  const row = await tx
    .selectFrom('wrong_tokens')
    .select('tries')
    .where('account', '=', account)
    .where('platform_user', '=', platformUser)
    .where('since', '>', since)
    .executeTakeFirst();
  return row?.tries ?? 0;
}

/** Counts one more; the count begins anew when the last one began before `since`. */
export async function wrongToken(tx: Tx, { account, platformUser }: Who, since: Date, now: Date): Promise<void> {
  await sql`insert into wrong_tokens as w (account, platform_user, since) values (${account}, ${platformUser}, ${now})
    on conflict (account, platform_user) do update set
      tries = case when w.since > ${since} then w.tries + 1 else 1 end,
      since = case when w.since > ${since} then w.since else ${now} end`.execute(tx);
}

interface Row {
  id: string;
  made_by: string;
  accounts: string[];
  shop_customer: string;
  email: string | null;
  phone: string | null;
  name: string | null;
  note: string | null;
  consents: unknown;
  created_at: Date;
  expires_at: Date;
  used_at: Date | null;
  used_account: string | null;
  used_platform_user: string | null;
  used_event: string | null;
  used_customer: number | null;
}

function linkOf(row: Row): Link {
  const { email, phone, name, note } = row;
  const given = Object.entries({ email, phone, name, note }).filter(([, value]) => value !== null);
  return {
    id: row.id,
    madeBy: row.made_by,
    accounts: row.accounts,
    shopCustomer: row.shop_customer,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    ...(Object.fromEntries(given) as Omit<LinkGiven, 'shopCustomer'>),
    consents: row.consents as NonNullable<LinkGiven['consents']>,
    ...(row.used_at === null
      ? {}
      : {
          used: {
            at: row.used_at,
            account: row.used_account!,
            platformUser: row.used_platform_user!,
            customer: row.used_customer!,
            event: row.used_event!,
          },
        }),
  };
}
