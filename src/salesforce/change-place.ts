import { z } from 'zod';
import { minutes, seconds } from '../domain/duration.ts';
import { soqlText } from './soql.ts';

/** How far a list of changes was read: up to the record `id` changed at `at`, and which of the last minutes were told already. */
export const changePlace = z.object({ at: z.iso.datetime(), id: z.string(), told: z.array(z.string()) });
export type ChangePlace = z.infer<typeof changePlace>;

/** What a list of changes has of each record. */
export interface Change {
  Id: string;
  SystemModstamp: string;
}

/** A transaction that takes long makes its records visible late, dated back; so the last minutes are read again. */
const overlap = minutes(2);

export const startAt = (now: Date): ChangePlace => ({
  at: new Date(now.getTime() - overlap).toISOString(),
  id: '',
  told: [],
});

/** The condition of a query that reads on from a place; it wants `ORDER BY SystemModstamp, Id`. */
export const changedAfter = ({ at, id }: ChangePlace): string =>
  id ? `(SystemModstamp > ${at} OR (SystemModstamp = ${at} AND Id > ${soqlText(id)}))` : `SystemModstamp >= ${at}`;

/** Of the rows read from a place those that were not told before. */
export function newOf<Row extends Change>({ told }: ChangePlace, rows: readonly Row[]): Row[] {
  const before = new Set(told);
  return rows.filter((row) => !before.has(keyOf(row)));
}

/** Where to read on. `more`: the page was full. */
export const nextPlace = (from: ChangePlace, rows: readonly Change[], more: boolean): ChangePlace =>
  more ? goingOn(from, rows) : atTheEnd(from, rows);

/** Stamps are whole seconds: what was changed this very moment may be changed again under the same one. */
const mayChangeAgain = seconds(3);

/** The same place, from which such records are told once more. `read` is when the list was asked for. */
export const retold = (place: ChangePlace, read: Date): ChangePlace => ({
  ...place,
  told: place.told.filter((key) => stampIn(key) < read.getTime() - mayChangeAgain),
});

const stampOf = ({ SystemModstamp }: Change): string => new Date(SystemModstamp).toISOString();
const stampIn = (key: string): number => Number(key.split('@')[1]);
const keyOf = (each: Change): string => `${each.Id}@${Date.parse(each.SystemModstamp)}`;

function goingOn(from: ChangePlace, rows: readonly Change[]): ChangePlace {
  const last = rows.at(-1)!;
  return { at: stampOf(last), id: last.Id, told: toldSince(Date.parse(stampOf(last)) - overlap, from, rows) };
}

/** Back by the overlap, and never behind where it was. */
function atTheEnd(from: ChangePlace, rows: readonly Change[]): ChangePlace {
  const last = rows.at(-1);
  const newest = Math.max(Date.parse(from.at), last ? Date.parse(stampOf(last)) : 0);
  const begun = from.id === '' ? Date.parse(from.at) : 0;
  const at = Math.max(begun, newest - overlap);
  return { at: new Date(at).toISOString(), id: '', told: toldSince(at, from, rows) };
}

const toldSince = (since: number, { told }: ChangePlace, rows: readonly Change[]): string[] =>
  [...new Set([...told, ...rows.map(keyOf)])].filter((key) => stampIn(key) >= since);
