import { drawStates } from '../store/consents.ts';
import type { Tx } from '../store/database.ts';
import {
  actById,
  type Change,
  type LinkAct,
  laterActOn,
  type RowState,
  rowName,
  setUndone,
  type TrackedTable,
} from '../store/link-acts.ts';
import { type Acted, type Doer, type Draft, performAct } from './link-act.ts';
import type { Operations } from './operations.ts';

/**
 * Puts everything an act changed back as it was before, and is itself an act that can be undone. Refused while a later act on
 * the same rows is in force: that has to be undone first. Undefined: there is no such act.
 */
export async function undoAct(operations: Operations, id: number, doer: Doer): Promise<Acted | undefined> {
  const found = await actById(operations.db, id);
  if (!found) return undefined;
  return performAct(operations, doer, customersIn(found), async (draft) => {
    const act = (await actById(draft.tx, id))!;
    const refused = await refusalOf(draft, act);
    if (refused) return { refused };
    for (const change of [...act.changes].reverse()) await takeBack(draft, change);
    return {
      what: 'undo',
      customer: act.customer,
      ...(act.target ? { target: act.target } : {}),
      detail: { undoes: id },
      undoes: id,
      afterwards: async (tx, by) => {
        await strike(tx, act, by);
        for (const customer of customersIn(act)) await drawStates(tx, customer);
      },
    };
  });
}

/** All customers whose conversations an act touched. */
function customersIn({ customer, changes }: LinkAct): number[] {
  const named = changes.flatMap(({ before, after }) => [before?.['customer'], after?.['customer']]);
  return [...new Set([customer, ...named.filter((each): each is number => typeof each === 'number')])];
}

async function refusalOf(draft: Draft, act: LinkAct): Promise<string | undefined> {
  if (act.undoneBy !== undefined) return `act ${act.id} is undone already, by act ${act.undoneBy}`;
  const later = await laterActOn(draft.tx, act.changes.map(rowName), act.place);
  if (later !== undefined) return `act ${later} came after it and concerns the same: undo that one first`;
  if (act.what !== 'undo') return undefined;
  // What it put back may have been taken away since, by another undoing: there is nothing to build on then.
  for (const change of act.changes)
    if (!stands(change, await draft.get(change.table, change.key))) return `things have changed since act ${act.id}`;
  return undefined;
}

/** The columns that say who is who; what else a row holds may have changed by itself. */
const deciding: Partial<Record<TrackedTable, readonly string[]>> = {
  contact_links: ['state', 'contact', 'decided'],
  identities: ['customer'],
  conversations: ['customer', 'person'],
  customers: ['joined_with'],
};

const stands = ({ table, after }: Change, now: RowState): boolean =>
  (deciding[table] ?? []).every((column) => (now?.[column] ?? null) === (after?.[column] ?? null));

/** Of these rows what changed by itself since the act stays as it is: news of a customer are no decision. */
const keepsNews: readonly TrackedTable[] = ['customers', 'facts'];

/** A link goes back whole, of other rows what the act changed. */
async function takeBack(draft: Draft, { table, key, before, after }: Change): Promise<void> {
  const now = await draft.get(table, key);
  if (table === 'contact_links' || before === null || now === null) return draft.put(table, key, before);
  const columns = Object.keys(before).filter(
    (column) =>
      !isSame(before[column], after?.[column]) && (!keepsNews.includes(table) || isSame(now[column], after?.[column])),
  );
  return draft.put(table, key, { ...now, ...Object.fromEntries(columns.map((column) => [column, before[column]])) });
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** The act is out of force; what it undid is in force again. */
async function strike(tx: Tx, act: LinkAct, by: number): Promise<void> {
  await setUndone(tx, act.id, by);
  if (act.undoes !== undefined) await revive(tx, (await actById(tx, act.undoes))!, by);
}

async function revive(tx: Tx, act: LinkAct, place: number): Promise<void> {
  await setUndone(tx, act.id, undefined, place);
  if (act.undoes !== undefined) await strikeAgain(tx, act.undoes, act.id, place);
}

async function strikeAgain(tx: Tx, id: number, by: number, place: number): Promise<void> {
  await setUndone(tx, id, by);
  const { undoes } = (await actById(tx, id))!;
  if (undoes !== undefined) await revive(tx, (await actById(tx, undoes))!, place);
}
