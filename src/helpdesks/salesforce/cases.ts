import { z } from 'zod';
import type { PersonId, TicketId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import { type Connection, query } from '../../salesforce/connection.ts';
import { troubleOf } from '../../salesforce/outcome.ts';
import { soqlText } from '../../salesforce/soql.ts';
import type { Ticket, TicketStatus } from '../helpdesk.ts';
import type { SalesforceDesk } from './account.ts';

const caseRow = z.object({
  Id: z.string(),
  IsClosed: z.boolean(),
  ContactId: z.string().nullish(),
  ClosedDate: z.string().nullish(),
  LastModifiedDate: z.string().nullish(),
});

const columns = 'Id, IsClosed, ContactId, ClosedDate, LastModifiedDate';

export async function showCase(desk: SalesforceDesk, connection: Connection, id: TicketId): Promise<Outcome<Ticket>> {
  const found = await casesWhere(desk, connection, 'Id', id);
  if (found.result !== 'done') return found;
  return done(found.value[0] ?? { id, status: 'gone' });
}

/** At most one: the key is unique. */
export const findCases = (desk: SalesforceDesk, connection: Connection, key: string): Promise<Outcome<Ticket[]>> =>
  casesWhere(desk, connection, desk.keyField, key);

async function casesWhere(
  desk: SalesforceDesk,
  connection: Connection,
  field: string,
  value: string,
): Promise<Outcome<Ticket[]>> {
  const wanted = soqlText(value);
  if (!wanted) return done([]);
  const rows = await query(connection, `SELECT ${columns} FROM Case WHERE ${field} = ${wanted}`, caseRow);
  return rows.result === 'done' ? done(rows.value.map((row) => ticketOf(desk, row))) : rows;
}

/** A closed Case takes comments; whether it is to take them is a setting. */
function ticketOf({ closedCases }: SalesforceDesk, row: z.infer<typeof caseRow>): Ticket {
  const closed: TicketStatus = closedCases === 'reopen' ? 'solved' : 'closed';
  const changed = row.ClosedDate ?? row.LastModifiedDate;
  return {
    id: row.Id as TicketId,
    status: row.IsClosed ? closed : 'open',
    ...(row.ContactId ? { requester: row.ContactId as PersonId } : {}),
    ...(changed ? { updatedAt: new Date(changed) } : {}),
  };
}

/** Ties a Case to its Contact unless somebody has chosen one; a wrong one makes room for the right one, or for none. */
export async function nameContact(
  desk: SalesforceDesk,
  connection: Connection,
  id: TicketId,
  contact: string | undefined,
  wrong: readonly string[],
): Promise<Outcome<void>> {
  if (contact === undefined && wrong.length === 0) return done(undefined);
  const shown = await showCase(desk, connection, id);
  if (shown.result !== 'done') return shown;
  const { status, requester } = shown.value;
  const stays = requester === contact || (requester !== undefined && !wrong.includes(requester));
  if (status === 'gone' || stays) return done(undefined);
  const body = { ContactId: contact ?? null };
  const reply = await connection.ask({ method: 'PATCH', path: `/sobjects/Case/${encodeURIComponent(id)}`, body });
  return reply.result === 'done' ? done(undefined) : troubleOf(reply, true);
}
