import { z } from 'zod';
import type { TicketId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Clock } from '../../kit/clock.ts';
import {
  type ChangePlace,
  changedAfter,
  changePlace,
  newOf,
  nextPlace,
  startAt,
} from '../../salesforce/change-place.ts';
import { type Connection, query } from '../../salesforce/connection.ts';
import { soqlText } from '../../salesforce/soql.ts';
import type { SalesforceDesk } from './account.ts';
import type { Authors } from './authors.ts';
import { postTypes } from './feed-items.ts';

interface Changed {
  tickets: TicketId[];
  cursor: string;
  more: boolean;
}

const pageSize = 500;

const row = z.object({ Id: z.string(), ParentId: z.string(), SystemModstamp: z.string() });

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
  const cases = newOf(from, rows.value).filter(({ ParentId }) => ParentId.startsWith('500'));
  const more = rows.value.length === pageSize;
  return done({
    tickets: [...new Set(cases.map(({ ParentId }) => ParentId as TicketId))],
    cursor: JSON.stringify(nextPlace(from, rows.value, more)),
    more,
  });
}

function placeIn(cursor: string): ChangePlace | undefined {
  try {
    return changePlace.safeParse(JSON.parse(cursor)).data;
  } catch {
    return undefined;
  }
}

function soqlAfter({ comments }: SalesforceDesk, from: ChangePlace, me: string): string {
  const [object, only] = comments === 'case-comment' ? ['CaseComment', ''] : ['FeedItem', ` AND Type IN ${postTypes}`];
  return (
    `SELECT Id, ParentId, SystemModstamp FROM ${object} WHERE ${changedAfter(from)} AND CreatedById != ${soqlText(me)}${only} ` +
    `ORDER BY SystemModstamp, Id LIMIT ${pageSize}`
  );
}
