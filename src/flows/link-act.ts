import { isDeepStrictEqual } from 'node:util';
import { audited } from '../store/audit.ts';
import type { Tx } from '../store/database.ts';
import { hasTwin } from '../store/facts.ts';
import {
  type ActKind,
  addAct,
  type Change,
  lockActs,
  putRow,
  type RowState,
  rowName,
  rowState,
  type TrackedTable,
} from '../store/link-acts.ts';
import { contactsOf, correctHistory } from './correct-history.ts';
import { notePersons, personsOf } from './correct-persons.ts';
import type { Operations } from './operations.ts';

/** Who does it, and why. */
export interface Doer {
  who: string;
  why?: string | undefined;
  now: Date;
}

/** `corrected`: history and tickets that are brought in line with it, each by a job. */
export type Acted = { act: number; corrected: number } | { refused: string };

/** Rows as they are being changed; each is noted as it was and as it becomes. */
export interface Draft {
  tx: Tx;
  get(table: TrackedTable, key: string | number): Promise<RowState>;
  /** Columns that are not named stay. */
  set(table: TrackedTable, key: string | number, columns: Record<string, unknown>): Promise<void>;
  put(table: TrackedTable, key: string | number, state: RowState): Promise<void>;
}

export interface ActPlan {
  what: ActKind;
  customer: number;
  target?: string;
  detail?: Record<string, unknown>;
  undoes?: number;
  /** History is told of it though it gives no conversation another contact. */
  tellAnyway?: string;
  /** Once the act has its number. */
  afterwards?(tx: Tx, act: number): Promise<void>;
}

/**
 * Does something about who is who, whole or not at all: the rows, the journal, the audit, and what follows for history and
 * tickets, which jobs then bring to the platforms. `plan` changes rows through the draft and says what it was, or why not.
 */
export const performAct = (
  operations: Operations,
  doer: Doer,
  concerned: readonly number[],
  plan: Planner,
): Promise<Acted> =>
  operations.db.transaction().execute((tx) => performActWithin(tx, operations, doer, concerned, plan));

type Planner = (draft: Draft) => Promise<ActPlan | { refused: string }>;

/** The same within a transaction, which must not hold a row that acts change unless it called `lockActs` before. */
export async function performActWithin(
  tx: Tx,
  { queue, accounts }: Pick<Operations, 'queue' | 'accounts'>,
  doer: Doer,
  concerned: readonly number[],
  plan: Planner,
): Promise<Acted> {
  await lockActs(tx);
  const before = await contactsOf(tx, accounts, concerned);
  const persons = await personsOf(tx, concerned);
  const { draft, changes } = makeDraft(tx, doer.now);
  const planned = await plan(draft);
  if ('refused' in planned) return planned;
  const { what, customer, target, detail, undoes, tellAnyway, afterwards } = planned;
  const act = await addAct(tx, {
    who: doer.who,
    what,
    customer,
    changes: changes(),
    ...(doer.why === undefined ? {} : { why: doer.why }),
    ...(target === undefined ? {} : { target }),
    ...(detail === undefined ? {} : { detail }),
    ...(undoes === undefined ? {} : { undoes }),
  });
  await afterwards?.(tx, act);
  const subject = `customer ${customer}`;
  const noted = { act, ...(target ? { target } : {}), ...(doer.why ? { why: doer.why } : {}), ...detail };
  await audited(tx, { who: doer.who, what: `link-${what}`, subject, detail: noted });
  const doing = { act, what, tellAnyway, ...doer };
  const corrected = await correctHistory(tx, { queue, accounts }, before, doing);
  return { act, corrected: corrected + (await notePersons(tx, { queue, accounts }, persons, doing)) };
}

function makeDraft(tx: Tx, now: Date): { draft: Draft; changes(): Change[] } {
  const changed = new Map<string, Change>();
  const get = async (table: TrackedTable, key: string | number): Promise<RowState> =>
    changed.get(rowName({ table, key: String(key) }))?.after ?? rowState(tx, table, String(key));
  const put = async (table: TrackedTable, given: string | number, wanted: RowState): Promise<void> => {
    const key = String(given);
    const after = table === 'facts' && wanted ? await fitting(tx, key, await get(table, key), wanted, now) : wanted;
    const before = changed.get(rowName({ table, key }))?.before ?? (await rowState(tx, table, key));
    if (table === 'questions' && after?.['state'] === 'open') await makeRoom(tx, key);
    await putRow(tx, table, key, after);
    changed.set(rowName({ table, key }), { table, key, before, after: await rowState(tx, table, key) });
  };
  const set = async (table: TrackedTable, key: string | number, columns: Record<string, unknown>) =>
    put(table, key, { ...(await get(table, key)), ...columns });
  const changes = () => [...changed.values()].filter(({ before, after }) => !isDeepStrictEqual(before, after));
  return { draft: { tx, get, set, put }, changes };
}

const knownAlready = (customer: unknown): string => `known of customer ${customer} already`;
const stands = { withdrawn_at: null, withdrawn_by: null, withdrawn_why: null };

/**
 * A fact as it can stand at the customer it goes to: what they are known by already stays as it was told there and the copy is
 * withdrawn, until it goes elsewhere.
 */
async function fitting(
  tx: Tx,
  fact: string,
  now: RowState,
  wanted: Exclude<RowState, null>,
  at: Date,
): Promise<Exclude<RowState, null>> {
  const leaves = wanted['customer'] !== now?.['customer'];
  const wasCopy = leaves && wanted['withdrawn_why'] === knownAlready(now?.['customer']);
  const given = wasCopy ? { ...wanted, ...stands } : wanted;
  if (given['withdrawn_at'] !== null || !(await hasTwin(tx, Number(fact), Number(given['customer'])))) return given;
  const withdrawn_why = knownAlready(given['customer']);
  return { ...given, withdrawn_at: at.toISOString(), withdrawn_by: 'service', withdrawn_why };
}

/** A question that is asked again takes the place of one that was asked meanwhile. */
async function makeRoom(tx: Tx, question: string): Promise<void> {
  const asked = await tx.selectFrom('questions').selectAll().where('id', '=', Number(question)).executeTakeFirst();
  if (!asked) return;
  await tx
    .updateTable('questions')
    .set({ state: 'withdrawn', answered_at: new Date() })
    .where('customer', '=', asked.customer)
    .where('target', '=', asked.target)
    .where('conversation', 'is not distinct from', asked.conversation)
    .where('state', '=', 'open')
    .where('id', '<>', asked.id)
    .execute();
}
