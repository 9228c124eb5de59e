import { sql } from 'kysely';
import { type Evidence, evidences, isEnough } from '../domain/evidence.ts';
import { byStrength, type Fact, type FactKind, keptFact, type ToldFact } from '../domain/fact.ts';
import type { Queryable, Tx } from './database.ts';

/** Through whom and by which event a fact came. `event` is the event's key within the account: `message:m_1`. */
export interface FactSource {
  account?: string;
  platformUser?: string;
  event?: string;
  at: Date;
}

/** A fact with its whole story. */
export interface KeptFact extends Fact {
  customer: number;
  source: FactSource;
  withdrawn?: { at: Date; by: string; why: string };
}

/** The facts of a customer, those that stand first, the strongest first. */
export async function factsOf(db: Queryable, customer: number): Promise<KeptFact[]> {
  const rows = await db.selectFrom('facts').selectAll().where('customer', '=', customer).orderBy('id').execute();
  const facts = rows.map((row) => keptFactOf(row));
  const stands = ({ withdrawn }: KeptFact) => withdrawn === undefined;
  return [...byStrength(facts.filter(stands)), ...facts.filter((fact) => !stands(fact))];
}

/**
 * Customers of whom this is known, with evidence at least as strong as needed. `text` is brought to the form that is
 * compared; a phone must be in E.164.
 */
export async function customersWith(
  db: Queryable,
  kind: FactKind,
  text: string,
  needed: Evidence = 'stated',
): Promise<number[]> {
  const kept = keptFact(kind, text);
  if (!kept) return [];
  const rows = await db
    .selectFrom('facts')
    .select('customer')
    .distinct()
    .where('kind', '=', kind)
    .where('compared', '=', kept.compared)
    .where('withdrawn_at', 'is', null)
    .where('evidence', 'in', atLeast(needed))
    .orderBy('customer')
    .execute();
  return rows.map(({ customer }) => customer);
}

const atLeast = (needed: Evidence): Evidence[] => evidences.filter((evidence) => isEnough(evidence, needed));

/**
 * Keeps what was told of a customer. What stands already with the same evidence, and what is none of its kind, is passed
 * over. Returns what was news.
 */
export async function learnFacts(
  tx: Queryable,
  customer: number,
  told: readonly ToldFact[],
  source: FactSource,
): Promise<KeptFact[]> {
  const values = told.flatMap(({ kind, value, evidence, by }) => {
    const kept = keptFact(kind, value);
    return kept ? [{ customer, kind, ...kept, evidence, by_whom: by, ...columnsOf(source) }] : [];
  });
  if (values.length === 0) return [];
  const rows = await tx
    .insertInto('facts')
    .values(values)
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .execute();
  if (rows.length > 0) await showStrongest(tx, customer);
  return rows.map((row) => keptFactOf(row));
}

const columnsOf = ({ account, platformUser, event, at }: FactSource) => ({
  account: account ?? null,
  platform_user: platformUser ?? null,
  event: event ?? null,
  told_at: at,
});

/** Takes facts back; they stay on record. Returns how many stood until now. */
export async function withdrawFacts(
  tx: Queryable,
  customer: number,
  facts: readonly number[],
  withdrawn: { at: Date; by: string; why: string },
): Promise<number> {
  if (facts.length === 0) return 0;
  const { numUpdatedRows } = await tx
    .updateTable('facts')
    .set({ withdrawn_at: withdrawn.at, withdrawn_by: withdrawn.by, withdrawn_why: withdrawn.why })
    .where('customer', '=', customer)
    .where('id', 'in', [...facts])
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst();
  await showStrongest(tx, customer);
  return Number(numUpdatedRows);
}

/** What was told by events whose words are removed goes with them, whole. */
export async function forgetFactsTold(tx: Tx, account: string, events: readonly string[]): Promise<void> {
  if (events.length === 0) return;
  const gone = await tx
    .deleteFrom('facts')
    .where('account', '=', account)
    .where('event', 'in', [...events])
    .where('evidence', '=', 'stated')
    .returning(['customer', 'compared'])
    .execute();
  if (gone.length === 0) return;
  for (const customer of customersOf(gone)) await showStrongest(tx, customer);
  await tx
    .updateTable('mailed_codes')
    .set({ email: null, code_digest: null, state: 'given-up' })
    .where('conversation', 'in', (of) =>
      of
        .selectFrom('conversations')
        .select('id')
        .where('account', '=', account)
        .where('customer', 'in', customersOf(gone)),
    )
    .where(
      ({ fn }) => fn('lower', ['email']),
      'in',
      gone.map(({ compared }) => compared),
    )
    .where('state', '<>', 'verified')
    .execute();
}

const customersOf = (facts: readonly { customer: number }[]) => [...new Set(facts.map(({ customer }) => customer))];

/** `customers` shows the strongest e-mail and phone that stand. */
export async function showStrongest(tx: Queryable, customer: number): Promise<void> {
  const strongest = (kind: FactKind) => sql`(select value from facts
    where customer = ${customer} and kind = ${kind} and withdrawn_at is null
    order by array_position(${[...evidences]}::text[], evidence) desc, told_at desc, id desc limit 1)`;
  await sql`update customers set email = ${strongest('email')}, phone = ${strongest('phone')}
    where id = ${customer}`.execute(tx);
}

interface Row {
  id: number;
  customer: number;
  kind: string;
  value: string;
  compared: string;
  evidence: string;
  by_whom: string;
  account: string | null;
  platform_user: string | null;
  event: string | null;
  told_at: Date;
  withdrawn_at: Date | null;
  withdrawn_by: string | null;
  withdrawn_why: string | null;
}

function keptFactOf(row: Row): KeptFact {
  return {
    id: row.id,
    customer: row.customer,
    kind: row.kind as FactKind,
    value: row.value,
    compared: row.compared,
    evidence: row.evidence as Evidence,
    by: row.by_whom,
    at: row.told_at,
    source: {
      at: row.told_at,
      ...(row.account === null ? {} : { account: row.account }),
      ...(row.platform_user === null ? {} : { platformUser: row.platform_user }),
      ...(row.event === null ? {} : { event: row.event }),
    },
    ...(row.withdrawn_at === null
      ? {}
      : { withdrawn: { at: row.withdrawn_at, by: row.withdrawn_by ?? '', why: row.withdrawn_why ?? '' } }),
  };
}

/** Whether a customer is known by another fact that says the same, as surely. */
export async function hasTwin(tx: Tx, fact: number, customer: number): Promise<boolean> {
  const { rows } = await sql`
    select 1 from facts f join facts twin using (kind, compared, evidence)
    where f.id = ${fact} and twin.id <> f.id and twin.customer = ${customer} and twin.withdrawn_at is null`.execute(tx);
  return rows.length > 0;
}
