import { sql } from 'kysely';
import type { Queryable, Tx } from './database.ts';

/** What a person can do about who is who. */
export type ActKind = 'choose' | 'none' | 'cut' | 'join' | 'undo';

/** The rows that say who is who, and of each the columns that acts change; all by their key, as text. */
const tracked = {
  contact_links: {
    columns: [
      'customer',
      'crm',
      'state',
      'contact',
      'object',
      'name',
      'url',
      'evidence',
      'strength',
      'decided',
      'by_whom',
      'candidates',
      'linked_at',
    ],
  },
  conversations: { columns: ['customer', 'person', 'person_evidence', 'persons_refused'] },
  identities: { columns: ['customer'] },
  facts: { columns: ['customer', 'withdrawn_at', 'withdrawn_by', 'withdrawn_why'] },
  customers: {
    columns: ['joined_with', 'name', 'first_name', 'last_name', 'email', 'phone', 'locale', 'picture_url'],
  },
  questions: {
    columns: ['customer', 'conversation', 'state', 'answer', 'answered_by', 'answered_at'],
  },
} as const;
export type TrackedTable = keyof typeof tracked;

export type RowState = Record<string, unknown> | null;

/** A row an act changes: as it was, and as it became. Null: there is none. */
export interface Change {
  table: TrackedTable;
  key: string;
  before: RowState;
  after: RowState;
}

/** `table key`: a row's own name. */
export const rowName = ({ table, key }: Pick<Change, 'table' | 'key'>): string => `${table} ${key}`;

export interface LinkAct {
  id: number;
  at: Date;
  who: string;
  what: ActKind;
  customer: number;
  target: string | undefined;
  why: string | undefined;
  detail: Record<string, unknown>;
  changes: Change[];
  undoes: number | undefined;
  undoneBy: number | undefined;
  /** Where it stands in the order in which acts came into force. */
  place: number;
}

/** One act at a time, in all of the ledger: what an act finds holds until it is committed. */
export async function lockActs(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('passerelle.link-acts'))`.execute(tx);
}

/** A row as it stands, locked until the transaction ends. */
export async function rowState(tx: Tx, table: TrackedTable, key: string): Promise<RowState> {
  const { columns } = tracked[table];
  const { rows } = await sql<{ state: Record<string, unknown> }>`
    select to_jsonb(t) as state from ${sql.table(table)} t where ${sql.raw(keyOf(table))} = ${key} for update`.execute(
    tx,
  );
  const [row] = rows;
  return row ? Object.fromEntries(columns.map((column) => [column, row.state[column] ?? null])) : null;
}

const keyOf = (table: TrackedTable): string =>
  table === 'contact_links' ? "t.customer || ':' || t.crm" : 't.id::text';

/** Brings a row to a state; undefined columns stay. */
export async function putRow(tx: Tx, table: TrackedTable, key: string, state: RowState): Promise<void> {
  if (state === null) {
    await sql`delete from ${sql.table(table)} t where ${sql.raw(keyOf(table))} = ${key}`.execute(tx);
    return;
  }
  const columns = tracked[table].columns.filter((column) => column in state);
  const names = sql.join(columns.map((column) => sql.ref(column)));
  const record = sql`jsonb_populate_record(null::${sql.table(table)}, ${JSON.stringify(state)}::jsonb)`;
  if (table === 'contact_links') {
    await sql`insert into contact_links (${names}, checked_at) select ${names}, now() from ${record}
      on conflict (customer, crm) do update set ${sql.join(
        columns.map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`),
      )}`.execute(tx);
    return;
  }
  await sql`update ${sql.table(table)} t set (${names}) = (select ${names} from ${record})
    where ${sql.raw(keyOf(table))} = ${key}`.execute(tx);
}

export async function addAct(
  tx: Tx,
  act: Pick<LinkAct, 'who' | 'what' | 'customer' | 'changes'> &
    Partial<Pick<LinkAct, 'target' | 'why' | 'detail' | 'undoes'>>,
): Promise<number> {
  const row = await tx
    .insertInto('link_acts')
    .values({
      who: act.who,
      what: act.what,
      customer: act.customer,
      target: act.target ?? null,
      why: act.why ?? null,
      detail: JSON.stringify(act.detail ?? {}),
      changes: JSON.stringify(act.changes),
      rows: act.changes.map(rowName),
      undoes: act.undoes ?? null,
      undone_by: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await tx.updateTable('link_acts').set({ place: row.id }).where('id', '=', row.id).execute();
  return row.id;
}

/** Notes that `act` is undone by `by`, or with undefined that it is in force again from `place` on. */
export async function setUndone(tx: Tx, act: number, by: number | undefined, place?: number): Promise<void> {
  await tx
    .updateTable('link_acts')
    .set({ undone_by: by ?? null, ...(place === undefined ? {} : { place }) })
    .where('id', '=', act)
    .execute();
}

export async function actById(db: Queryable, id: number): Promise<LinkAct | undefined> {
  const row = await db.selectFrom('link_acts').selectAll().where('id', '=', id).executeTakeFirst();
  return row && actOf(row);
}

/** The latest first. */
export async function listActs(db: Queryable, customer: number | undefined, limit: number): Promise<LinkAct[]> {
  const rows = await db
    .selectFrom('link_acts')
    .selectAll()
    .$if(customer !== undefined, (query) => query.where('customer', '=', customer!))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(actOf);
}

/** The latest act in force that changed one of these rows and came into force after `place`; undoings aside. */
export async function laterActOn(db: Queryable, rows: readonly string[], place: number): Promise<number | undefined> {
  const { rows: found } = await sql<{ id: number }>`
    select id from link_acts where rows && ${[...rows]}::text[] and place > ${place} and undone_by is null and what <> 'undo'
    order by place desc limit 1`.execute(db);
  return found[0]?.id;
}

/** Whether a person took back that these two are one. */
export async function joinWasUndone(db: Queryable, keep: number, gone: number): Promise<boolean> {
  const { rows } = await sql`
    select 1 from link_acts where customer = ${keep} and what = 'join' and undone_by is not null
      and (detail->>'joined')::bigint = ${gone} limit 1`.execute(db);
  return rows.length > 0;
}

function actOf(row: {
  id: number;
  at: Date;
  who: string;
  what: string;
  customer: number;
  target: string | null;
  why: string | null;
  detail: Record<string, unknown>;
  changes: unknown;
  undoes: number | null;
  undone_by: number | null;
  place: number;
}): LinkAct {
  return {
    id: row.id,
    at: row.at,
    who: row.who,
    what: row.what as ActKind,
    customer: row.customer,
    target: row.target ?? undefined,
    why: row.why ?? undefined,
    detail: row.detail,
    changes: row.changes as Change[],
    undoes: row.undoes ?? undefined,
    undoneBy: row.undone_by ?? undefined,
    place: row.place,
  };
}
