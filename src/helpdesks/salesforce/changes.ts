import { z } from 'zod';
import { minutes } from '../../domain/duration.ts';
import type { TicketId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Clock } from '../../kit/clock.ts';
import { type Connection, query } from '../../salesforce/connection.ts';
import { soqlText } from '../../salesforce/soql.ts';
import type { SalesforceDesk } from './account.ts';
import type { Authors } from './authors.ts';
import { postTypes } from './feed-items.ts';

/** How far the list was read: up to the record `id` changed at `at`, and which of the last minutes were told already. */
const place = z.object({ at: z.iso.datetime(), id: z.string(), told: z.array(z.string()) });
type Place = z.infer<typeof place>;

interface Changed {
  tickets: TicketId[];
  cursor: string;
  more: boolean;
}

const pageSize = 500;

/** A transaction that takes long makes its records visible late, dated back; so the last minutes are read again. */
const overlap = minutes(2);

const row = z.object({ Id: z.string(), ParentId: z.string(), SystemModstamp: z.string() });
type Row = z.infer<typeof row>;

/** Cases on which somebody else than this service wrote, or changed what they wrote, since the cursor. */
export async function changedCases(
  desk: SalesforceDesk,
  connection: Connection,
  authors: Authors,
  clock: Clock,
  cursor: string | undefined,
): Promise<Outcome<Changed>> {
  const from = cursor === undefined ? startAt(clock.now()) : placeIn(cursor);
  if (!from) return { result: 'never', why: 'the place in the list of changes cannot be read' };
  const me = await authors.own();
  if (me.result !== 'done') return me;
  const rows = await query(connection, soqlAfter(desk, from, me.value), row);
  if (rows.result !== 'done') return rows;
  const told = new Set(from.told);
  const cases = rows.value.filter((each) => !told.has(keyOf(each)) && each.ParentId.startsWith('500'));
  const more = rows.value.length === pageSize;
  return done({
    tickets: [...new Set(cases.map(({ ParentId }) => ParentId as TicketId))],
    cursor: JSON.stringify(more ? goingOn(from, rows.value) : atTheEnd(from, rows.value)),
    more,
  });
}

const startAt = (now: Date): Place => ({ at: new Date(now.getTime() - overlap).toISOString(), id: '', told: [] });

function placeIn(cursor: string): Place | undefined {
  try {
    return place.safeParse(JSON.parse(cursor)).data;
  } catch {
    return undefined;
  }
}

function soqlAfter({ comments }: SalesforceDesk, { at, id }: Place, me: string): string {
  const [object, only] = comments === 'case-comment' ? ['CaseComment', ''] : ['FeedItem', ` AND Type IN ${postTypes}`];
  const later = id
    ? `(SystemModstamp > ${at} OR (SystemModstamp = ${at} AND Id > ${soqlText(id)}))`
    : `SystemModstamp >= ${at}`;
  return (
    `SELECT Id, ParentId, SystemModstamp FROM ${object} WHERE ${later} AND CreatedById != ${soqlText(me)}${only} ` +
    `ORDER BY SystemModstamp, Id LIMIT ${pageSize}`
  );
}

const stampOf = ({ SystemModstamp }: Row): string => new Date(SystemModstamp).toISOString();
const keyOf = (each: Row): string => `${each.Id}@${Date.parse(each.SystemModstamp)}`;

function goingOn(from: Place, rows: readonly Row[]): Place {
  const last = rows.at(-1)!;
  return { at: stampOf(last), id: last.Id, told: toldSince(Date.parse(stampOf(last)) - overlap, from, rows) };
}

/** Back by the overlap, and never behind where it was. */
function atTheEnd(from: Place, rows: readonly Row[]): Place {
  const last = rows.at(-1);
  const newest = Math.max(Date.parse(from.at), last ? Date.parse(stampOf(last)) : 0);
  const begun = from.id === '' ? Date.parse(from.at) : 0;
  const at = Math.max(begun, newest - overlap);
  return { at: new Date(at).toISOString(), id: '', told: toldSince(at, from, rows) };
}

const toldSince = (since: number, { told }: Place, rows: readonly Row[]): string[] =>
  [...new Set([...told, ...rows.map(keyOf)])].filter((key) => Number(key.split('@')[1]) >= since);
