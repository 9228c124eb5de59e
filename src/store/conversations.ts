import { sql } from 'kysely';
import type { Profile } from '../domain/person.ts';
import type { Queryable, Tx } from './database.ts';

export interface Conversation {
  id: number;
  account: string;
  platformUser: string;
  customer: Customer;
  lastCustomerAt: Date | undefined;
  /** When the profile was last asked for. */
  profileAt: Date | undefined;
  /** The customer's id at the helpdesk. */
  person: string | undefined;
}

export interface Customer {
  id: number;
  profile: Profile;
}

/** Finds the conversation or begins it, with a customer of its own: who that really is, identity rules say later. */
export async function beginConversation(tx: Tx, account: string, platformUser: string): Promise<Conversation> {
  const found = await findConversation(tx, account, platformUser);
  if (found) return found;
  const customer = await tx.insertInto('customers').defaultValues().returning('id').executeTakeFirstOrThrow();
  await tx
    .insertInto('identities')
    .values({ account, platform_user: platformUser, customer: customer.id, evidence: 'wrote-here', detail: '{}' })
    .execute();
  await tx
    .insertInto('conversations')
    .values({ account, platform_user: platformUser, customer: customer.id })
    .execute();
  return (await findConversation(tx, account, platformUser))!;
}

export const findConversation = (db: Queryable, account: string, platformUser: string) =>
  conversationWhere(db, (q) => q.where('c.account', '=', account).where('c.platform_user', '=', platformUser));

export const conversationById = (db: Queryable, id: number) => conversationWhere(db, (q) => q.where('c.id', '=', id));

const selection = (db: Queryable) =>
  db
    .selectFrom('conversations as c')
    .innerJoin('customers as u', 'u.id', 'c.customer')
    .selectAll('c')
    .select(['u.name', 'u.first_name', 'u.last_name', 'u.email', 'u.phone', 'u.locale', 'u.picture_url']);

async function conversationWhere(
  db: Queryable,
  narrowed: (query: ReturnType<typeof selection>) => ReturnType<typeof selection>,
): Promise<Conversation | undefined> {
  const row = await narrowed(selection(db)).executeTakeFirst();
  if (!row) return undefined;
  return {
    id: row.id,
    account: row.account,
    platformUser: row.platform_user,
    customer: { id: row.customer, profile: profileOf(row) },
    lastCustomerAt: row.last_customer_at ?? undefined,
    profileAt: row.profile_at ?? undefined,
    person: row.person ?? undefined,
  };
}

interface ProfileRow {
  name: string | null;
  first_name: string | null;
  last_name: string | null;
  email: string | null;
  phone: string | null;
  locale: string | null;
  picture_url: string | null;
}

function profileOf(row: ProfileRow): Profile {
  const fields = {
    name: row.name,
    firstName: row.first_name,
    lastName: row.last_name,
    email: row.email,
    phone: row.phone,
    locale: row.locale,
    pictureUrl: row.picture_url,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as Profile;
}

/** Keeps what is known and adds what the profile tells; a field the platform no longer tells stays. */
export async function saveProfile(db: Queryable, conversation: Conversation, profile: Profile): Promise<void> {
  await learn(db, conversation.customer.id, profile);
  await db.updateTable('conversations').set({ profile_at: new Date() }).where('id', '=', conversation.id).execute();
}

export async function learn(db: Queryable, customer: number, profile: Profile): Promise<void> {
  const told = {
    name: profile.name,
    first_name: profile.firstName,
    last_name: profile.lastName,
    email: profile.email,
    phone: profile.phone,
    locale: profile.locale,
    picture_url: profile.pictureUrl,
  };
  const news = Object.fromEntries(Object.entries(told).filter(([, value]) => value));
  if (Object.keys(news).length > 0) await db.updateTable('customers').set(news).where('id', '=', customer).execute();
}

export async function savePerson(db: Queryable, conversation: number, person: string): Promise<void> {
  await db.updateTable('conversations').set({ person }).where('id', '=', conversation).execute();
}

/** Opens the window anew, if this is later than what opened it so far. */
export async function customerActed(tx: Tx, conversation: number, at: Date): Promise<void> {
  await sql`update conversations set last_customer_at = greatest(last_customer_at, ${at})
            where id = ${conversation}`.execute(tx);
}

/** Another app owns the thread from then on. Returns whether that is news. */
export async function threadIsElsewhere(tx: Tx, conversation: number, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('conversations')
    .set({ elsewhere_since: at })
    .where('id', '=', conversation)
    .where('elsewhere_since', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** We own the thread again; what was said before it went elsewhere tells nothing. Returns whether that is news. */
export async function threadIsHere(tx: Tx, conversation: number, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('conversations')
    .set({ elsewhere_since: null })
    .where('id', '=', conversation)
    .where('elsewhere_since', '<', at)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
