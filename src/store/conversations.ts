import { sql } from 'kysely';
import type { Evidence } from '../domain/evidence.ts';
import type { Fact } from '../domain/fact.ts';
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
  /** A digest of the further fields their user there was last given. */
  personFields: string | undefined;
  /** Whom a person said they are not there. */
  personsRefused: string[];
  /** Since when another app owns it at the platform. */
  elsewhereSince: Date | undefined;
  /** An agent wants nothing more of them: since when, who, and whether it is spam. */
  blocked: Blocked | undefined;
  /** Whom to send to: the platform user, or what the platform calls them by now. */
  address: string;
  /** So long what the customer said last may be answered by its token, whether a window is open or not. */
  answerableUntil: Date | undefined;
}

export interface Blocked {
  at: Date;
  by: string;
  spam: boolean;
}

export interface Customer {
  id: number;
  profile: Profile;
  /** What the shop told, by name. */
  attributes: Readonly<Record<string, string>>;
  /** What is known that tells them from others, and how it is known; only what stands. */
  facts: Fact[];
}

/**
 * Finds the conversation or begins it, with a customer of its own: who that really is, identity rules say later. By an
 * alias it is the conversation of the platform user who has it. `knownAs` are ids that the platform says are the same person's:
 * whoever wrote under one of them goes on there, and is called by the new name from here on.
 */
export async function beginConversation(
  tx: Tx,
  account: string,
  platformUser: string,
  knownAs: readonly string[] = [],
): Promise<Conversation> {
  const found = await byAnyName(tx, account, platformUser);
  if (found) return found;
  for (const name of knownAs) {
    const known = await byAnyName(tx, account, name);
    if (!known) continue;
    await moveTo(tx, known, platformUser);
    return (await conversationById(tx, known.id))!;
  }
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

const byAnyName = async (tx: Tx, account: string, name: string): Promise<Conversation | undefined> =>
  (await findConversation(tx, account, name)) ?? (await byAlias(tx, account, name));

async function byAlias(tx: Tx, account: string, value: string): Promise<Conversation | undefined> {
  const alias = await tx
    .selectFrom('aliases')
    .select('platform_user')
    .where('account', '=', account)
    .where('value', '=', value)
    .executeTakeFirst();
  return alias && findConversation(tx, account, alias.platform_user);
}

/** Notes a further id of the conversation's platform user. One that is a conversation of its own stays that. */
export async function addAlias(
  tx: Queryable,
  { account, platformUser }: Pick<Conversation, 'account' | 'platformUser'>,
  kind: string,
  value: string,
): Promise<void> {
  if (value === platformUser) return;
  await tx
    .insertInto('aliases')
    .values({ account, value, platform_user: platformUser, kind })
    .onConflict((conflict) => conflict.columns(['account', 'value']).doUpdateSet({ platform_user: platformUser, kind }))
    .execute();
}

/** The conversations of a customer, where they wrote last first. */
export async function conversationsOf(db: Queryable, customer: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from conversations where customer = ${customer} order by last_customer_at desc nulls last, id`.execute(
    db,
  );
  return rows.map(({ id }) => id);
}

/**
 * The conversation with a customer who has not written to this account, but whose phone is known: `addressOf` finds it among
 * what is known of them. Undefined: there is none, or somebody else writes from it.
 */
export async function conversationWithPhone(
  tx: Tx,
  account: string,
  customer: number,
  addressOf: (facts: Fact[]) => string | undefined,
): Promise<Conversation | undefined> {
  const { rows } = await sql<Omit<Fact, 'at'> & { at: Date }>`
    select id, kind, value, compared, evidence, by_whom as by, told_at as at from facts
    where customer = ${customer} and withdrawn_at is null order by id`.execute(tx);
  const user = addressOf(rows);
  if (user === undefined) return undefined;
  const known = await byAnyName(tx, account, user);
  if (known) return known.customer.id === customer ? known : undefined;
  await tx
    .insertInto('identities')
    .values({ account, platform_user: user, customer, evidence: 'shop-api', detail: '{}' })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await tx
    .insertInto('conversations')
    .values({ account, platform_user: user, customer })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const begun = await findConversation(tx, account, user);
  return begun?.customer.id === customer ? begun : undefined;
}

/** From now on the platform knows the customer by another id. */
export async function moveTo(tx: Tx, conversation: Conversation, address: string): Promise<void> {
  await addAlias(tx, conversation, 'current', address);
  await tx.updateTable('conversations').set({ address }).where('id', '=', conversation.id).execute();
}

/** The token of the customer's latest message, for one answer. */
export async function keepAnswerToken(tx: Tx, conversation: number, token: string, until: Date): Promise<void> {
  await tx
    .updateTable('conversations')
    .set({ answer_token: token, answer_token_until: until })
    .where('id', '=', conversation)
    .execute();
}

export interface AnswerToken {
  token: string;
  until: Date;
}

/**
 * Gives the token to a bubble, so that no other uses it; undefined if there is none that still holds. The bubble keeps it for
 * when it is tried again.
 */
export async function takeAnswerToken(
  db: Queryable,
  conversation: number,
  part: number,
  now: Date,
): Promise<AnswerToken | undefined> {
  const { rows } = await sql<AnswerToken>`
    with old as (select id, answer_token as token, answer_token_until as until from conversations
        where id = ${conversation} and answer_token is not null for update),
      gone as (update conversations c set answer_token = null, answer_token_until = null from old where c.id = old.id),
      kept as (update reply_parts p set answer_token = old.token, answer_token_until = old.until from old where p.id = ${part})
    select token, until from old`.execute(db);
  const [taken] = rows;
  return taken && taken.until > now ? taken : undefined;
}

export const findConversation = (db: Queryable, account: string, platformUser: string) =>
  conversationWhere(db, (q) => q.where('c.account', '=', account).where('c.platform_user', '=', platformUser));

export const conversationById = (db: Queryable, id: number) => conversationWhere(db, (q) => q.where('c.id', '=', id));

/** A customer's conversation on an account; of several the one they last wrote in. */
export async function conversationOf(
  db: Queryable,
  customer: number,
  account: string,
): Promise<Conversation | undefined> {
  const row = await db
    .selectFrom('conversations')
    .select('id')
    .where('customer', '=', customer)
    .where('account', '=', account)
    .orderBy(sql`last_customer_at desc nulls last`)
    .executeTakeFirst();
  return row && conversationById(db, row.id);
}

const selection = (db: Queryable) =>
  db
    .selectFrom('conversations as c')
    .innerJoin('customers as u', 'u.id', 'c.customer')
    .selectAll('c')
    .select([
      'u.name',
      'u.first_name',
      'u.last_name',
      'u.email',
      'u.phone',
      'u.locale',
      'u.picture_url',
      'u.attributes',
    ])
    .select(standingFacts.as('facts'));

/** With the conversation itself, for nearly all that is done for one asks for them. */
const standingFacts = sql<(Omit<Fact, 'at'> & { at: string })[] | null>`(
  select jsonb_agg(jsonb_build_object('id', f.id, 'kind', f.kind, 'value', f.value, 'compared', f.compared,
    'evidence', f.evidence, 'by', f.by_whom, 'at', f.told_at) order by f.id)
  from facts f where f.customer = u.id and f.withdrawn_at is null)`;

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
    customer: {
      id: row.customer,
      profile: profileOf(row),
      attributes: row.attributes,
      facts: (row.facts ?? []).map((fact) => ({ ...fact, at: new Date(fact.at) })),
    },
    lastCustomerAt: row.last_customer_at ?? undefined,
    profileAt: row.profile_at ?? undefined,
    person: row.person ?? undefined,
    personFields: row.person_fields ?? undefined,
    personsRefused: row.persons_refused,
    elsewhereSince: row.elsewhere_since ?? undefined,
    blocked: row.blocked_at ? { at: row.blocked_at, by: row.blocked_by ?? '', spam: row.spam } : undefined,
    answerableUntil: (row.answer_token !== null && row.answer_token_until) || undefined,
    address: row.address ?? row.platform_user,
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

/** Keeps what is known and adds what the profile tells; a field the platform no longer tells stays. Facts are not in it. */
export async function saveProfile(db: Queryable, conversation: Conversation, profile: Profile): Promise<void> {
  await learn(db, conversation.customer.id, profile);
  for (const [kind, value] of Object.entries(profile.aliases ?? {})) await addAlias(db, conversation, kind, value);
  await db.updateTable('conversations').set({ profile_at: new Date() }).where('id', '=', conversation.id).execute();
}

/** How a customer is called and shown. E-mail and phone are facts (`learnFacts`). */
export async function learn(db: Queryable, customer: number, profile: Profile): Promise<void> {
  const told = {
    name: profile.name,
    first_name: profile.firstName,
    last_name: profile.lastName,
    locale: profile.locale,
    picture_url: profile.pictureUrl,
  };
  const news = Object.fromEntries(Object.entries(told).filter(([, value]) => value));
  if (Object.keys(news).length > 0) await db.updateTable('customers').set(news).where('id', '=', customer).execute();
}

/** `evidence`: how the helpdesk's user was found, if not by our own key. */
export async function savePerson(
  db: Queryable,
  conversation: number,
  person: string,
  evidence?: Evidence,
): Promise<void> {
  await db
    .updateTable('conversations')
    .set({ person, person_evidence: evidence ?? null })
    .where('id', '=', conversation)
    .execute();
}

export async function savePersonFields(db: Queryable, conversation: number, digest: string): Promise<void> {
  await db.updateTable('conversations').set({ person_fields: digest }).where('id', '=', conversation).execute();
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
