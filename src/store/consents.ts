import { sql } from 'kysely';
import {
  type ConsentAct,
  type ConsentSource,
  type CountedAct,
  type StandingConsent,
  statesOf,
} from '../domain/consent.ts';
import type { Queryable, Tx } from './database.ts';
import { lockConversation } from './locks.ts';

/** One act with its proof. `at` is when the customer did it, by whoever tells; it may be long before we hear of it. */
export interface NewConsent {
  customer: number;
  /** A channel's kind, or `*`. */
  channel: string;
  purpose: string;
  act: ConsentAct;
  source: ConsentSource;
  /** What the customer was shown, or wrote. */
  words?: string | undefined;
  at: Date;
  /** `customer`, `platform`, `shop:{key name}`, `admin:{e-mail}`, `service`. */
  by: string;
  /** The chat it was done in. */
  account?: string | undefined;
  platformUser?: string | undefined;
  /** The event's key within the account. */
  event?: string | undefined;
  message?: number | undefined;
  /** The caller's own id of it: told again it is no second act. */
  requestId?: string | undefined;
  requestDigest?: Buffer | undefined;
  ip?: string | undefined;
}

export interface ConsentProof extends NewConsent {
  id: number;
  recordedAt: Date;
}

/** `id` of the act; `repeated`: it was told before. `changed`: what stands for this channel and purpose is another than it was. */
export interface Recorded {
  id: number;
  repeated: boolean;
  changed: boolean;
}

/** Keeps an act and draws the customer's states anew. Nothing is judged for this customer meanwhile. */
export async function recordConsent(tx: Tx, given: NewConsent): Promise<Recorded> {
  await lockConsents(tx, given.customer);
  const row = await tx
    .insertInto('consents')
    .values(rowOf(given))
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!row) return { id: await toldBefore(tx, given), repeated: true, changed: false };
  const before = await consentStates(tx, given.customer);
  const after = await drawStates(tx, given.customer);
  const same = ({ channel, purpose }: StandingConsent) => channel === given.channel && purpose === given.purpose;
  return { id: row.id, repeated: false, changed: before.find(same)?.state !== after.find(same)?.state };
}

/** Whoever judges or changes what a customer agreed to holds this until the transaction ends. */
export const lockConsents = (tx: Tx, customer: number): Promise<void> => lockConversation(tx, `consents:${customer}`);

const rowOf = (given: NewConsent) => ({
  customer: given.customer,
  channel: given.channel,
  purpose: given.purpose,
  act: given.act,
  source: given.source,
  words: given.words ?? null,
  at: given.at,
  by_whom: given.by,
  account: given.account ?? null,
  platform_user: given.platformUser ?? null,
  event: given.event ?? null,
  message: given.message ?? null,
  request_id: given.requestId ?? null,
  request_digest: given.requestDigest ?? null,
  ip: given.ip ?? null,
});

async function toldBefore(tx: Tx, { by, requestId, ...given }: NewConsent): Promise<number> {
  const row = await tx
    .selectFrom('consents')
    .select('id')
    .where(({ and, or, eb }) =>
      or([
        and([eb('by_whom', '=', by), eb('request_id', '=', requestId ?? null)]),
        and([
          eb('account', '=', given.account ?? null),
          eb('event', '=', given.event ?? null),
          eb('channel', '=', given.channel),
          eb('purpose', '=', given.purpose),
          eb('act', '=', given.act),
        ]),
      ]),
    )
    .executeTakeFirstOrThrow();
  return row.id;
}

export async function consentStates(db: Queryable, customer: number): Promise<StandingConsent[]> {
  const rows = await db
    .selectFrom('consent_states')
    .selectAll()
    .where('customer', '=', customer)
    .orderBy('channel')
    .orderBy('purpose')
    .execute();
  return rows.map(({ channel, purpose, state, since, act }) => ({ channel, purpose, state, since, act }));
}

/** Draws a customer's states from the acts that are theirs now; call it wherever customers are joined or parted. */
export async function drawStates(tx: Tx, customer: number): Promise<StandingConsent[]> {
  const states = statesOf(await countedActs(tx, customer));
  await tx.deleteFrom('consent_states').where('customer', '=', customer).execute();
  if (states.length > 0)
    await tx
      .insertInto('consent_states')
      .values(states.map((each) => ({ customer, ...each })))
      .execute();
  return states;
}

/**
 * The acts of a customer and of those joined with them; one done in a chat belongs to whoever that platform user is now. What
 * a join revoked counts while the join is in force.
 */
const actsOf = (customer: number) => sql`
  with recursive members (id) as (
    select ${customer}::bigint union select u.id from customers u join members m on u.joined_with = m.id)
  select c.* from consents c
    left join identities i on i.account = c.account and i.platform_user = c.platform_user
    left join link_acts l on c.source = 'join' and l.id = substring(c.request_id from '^link-act:([0-9]+):')::bigint
  where (i.customer = ${customer} or (i.customer is null and c.customer in (select id from members)))
    and l.undone_by is null`;

async function countedActs(tx: Tx, customer: number): Promise<CountedAct[]> {
  const { rows } = await sql<CountedAct>`select id, channel, purpose, act, at from (${actsOf(customer)}) c
    where not exists (select 1 from customers where id = ${customer} and joined_with is not null)`.execute(tx);
  return rows;
}

/** One act, with the digest of the request that told it. */
export async function consentById(
  db: Queryable,
  id: number,
): Promise<{ customer: number; act: ConsentAct; requestDigest: Buffer | null } | undefined> {
  const row = await db
    .selectFrom('consents')
    .select(['customer', 'act', 'request_digest'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row && { customer: row.customer, act: row.act, requestDigest: row.request_digest };
}

/** Every act of a customer with its proof, the oldest first. */
export async function consentProofs(db: Queryable, customer: number): Promise<ConsentProof[]> {
  const { rows } = await sql<ProofRow>`select * from (${actsOf(customer)}) c order by at, id`.execute(db);
  return rows.map(proofOf);
}

/**
 * Two customers became one: where one of them said no, the person said no. `act` joined them, in this transaction; what stood
 * for either before still stands as drawn then.
 */
export async function joinConsents(
  tx: Tx,
  { keep, gone, act, at }: { keep: number; gone: number; act: number; at: Date },
): Promise<void> {
  const states = await tx
    .selectFrom('consent_states')
    .selectAll()
    .where('customer', 'in', [keep, gone])
    .where('state', '=', 'revoked')
    .execute();
  for (const { customer, channel, purpose } of states)
    await tx
      .insertInto('consents')
      .values(
        rowOf({
          ...{ customer: keep, channel, purpose, act: 'revoked', source: 'join', at, by: 'service' },
          words: `customer ${customer}, joined with customer ${customer === keep ? gone : keep}, had revoked it`,
          requestId: `link-act:${act}:${customer}:${channel}:${purpose}`,
        }),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  for (const customer of [keep, gone]) await drawStates(tx, customer);
}

interface ProofRow {
  id: number;
  customer: number;
  channel: string;
  purpose: string;
  act: ConsentAct;
  source: ConsentSource;
  words: string | null;
  at: Date;
  recorded_at: Date;
  by_whom: string;
  account: string | null;
  platform_user: string | null;
  event: string | null;
  message: number | null;
  request_id: string | null;
  ip: string | null;
}

const proofOf = (row: ProofRow): ConsentProof => ({
  id: row.id,
  customer: row.customer,
  channel: row.channel,
  purpose: row.purpose,
  act: row.act,
  source: row.source,
  at: row.at,
  recordedAt: row.recorded_at,
  by: row.by_whom,
  words: row.words ?? undefined,
  account: row.account ?? undefined,
  platformUser: row.platform_user ?? undefined,
  event: row.event ?? undefined,
  message: row.message ?? undefined,
  requestId: row.request_id ?? undefined,
  ip: row.ip ?? undefined,
});
