import type { CommentId, TicketId } from '../domain/ids.ts';
import type { Queryable } from './database.ts';
import type { TicketState } from './tables.ts';

/** A ticket as the ledger knows it: one stretch of a conversation at the helpdesk. */
export interface LedgerTicket {
  id: number;
  conversation: number;
  helpdesk: string;
  externalId: string;
  remoteId: TicketId | undefined;
  /** `opening`: being created. `left`: solved too long ago to go on with. */
  state: TicketState;
  followUpOf: number | undefined;
  lastCommentRead: CommentId | undefined;
  /** The version of the mapping under which it was begun; none: from before there were versions. */
  mapping: number | undefined;
}

export async function latestTicket(
  db: Queryable,
  conversation: number,
  helpdesk: string,
): Promise<LedgerTicket | undefined> {
  return ticketOf(
    await db
      .selectFrom('tickets')
      .selectAll()
      .where('conversation', '=', conversation)
      .where('helpdesk', '=', helpdesk)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst(),
  );
}

export async function ticketByRemoteId(
  db: Queryable,
  helpdesk: string,
  remoteId: string,
): Promise<LedgerTicket | undefined> {
  return ticketOf(
    await db
      .selectFrom('tickets')
      .selectAll()
      .where('helpdesk', '=', helpdesk)
      .where('remote_id', '=', remoteId)
      .executeTakeFirst(),
  );
}

/** The helpdesk's ids of the tickets on which agents may still answer. */
export async function openTickets(db: Queryable, helpdesk: string): Promise<string[]> {
  const rows = await db
    .selectFrom('tickets')
    .select('remote_id')
    .where('helpdesk', '=', helpdesk)
    .where('state', '=', 'open')
    .where('remote_id', 'is not', null)
    .orderBy('id')
    .execute();
  return rows.flatMap(({ remote_id }) => remote_id ?? []);
}

/** Whether a ticket is being opened at the helpdesk: what it is called there is not known yet. */
export async function isOpening(db: Queryable, helpdesk: string): Promise<boolean> {
  const row = await db
    .selectFrom('tickets')
    .select('id')
    .where('helpdesk', '=', helpdesk)
    // Few have none, and they stand together in the index.
    .where('remote_id', 'is', null)
    .where('state', '=', 'opening')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export async function ticketById(db: Queryable, id: number): Promise<LedgerTicket | undefined> {
  return ticketOf(await db.selectFrom('tickets').selectAll().where('id', '=', id).executeTakeFirst());
}

/** Begins a ticket in the ledger, before the helpdesk is asked for one. */
export async function beginTicket(
  db: Queryable,
  ticket: {
    conversation: number;
    helpdesk: string;
    externalId: string;
    followUpOf?: number | undefined;
    /** Without it the version in force. */
    mapping?: number | undefined;
  },
): Promise<LedgerTicket> {
  const row = await db
    .insertInto('tickets')
    .values({
      conversation: ticket.conversation,
      helpdesk: ticket.helpdesk,
      external_id: ticket.externalId,
      follow_up_of: ticket.followUpOf ?? null,
      ...(ticket.mapping === undefined ? {} : { mapping: ticket.mapping }),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return ticketOf(row)!;
}

export async function ticketOpened(db: Queryable, id: number, remoteId: TicketId): Promise<void> {
  await db
    .updateTable('tickets')
    .set({ remote_id: remoteId, state: 'open', opened_at: new Date(), told_id: null })
    .where('id', '=', id)
    .execute();
}

/** The ticket whose number the helpdesk has told, and that is not finished there yet. */
export async function toldTicket(
  db: Queryable,
  conversation: number,
  helpdesk: string,
): Promise<{ id: number; told: TicketId } | undefined> {
  const row = await db
    .selectFrom('tickets')
    .select(['id', 'told_id'])
    .where('conversation', '=', conversation)
    .where('helpdesk', '=', helpdesk)
    .where('told_id', 'is not', null)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  return row && { id: row.id, told: row.told_id as TicketId };
}

/** The ticket with our external id. */
export async function ticketByExternalId(
  db: Queryable,
  helpdesk: string,
  externalId: string,
): Promise<LedgerTicket | undefined> {
  return ticketOf(
    await db
      .selectFrom('tickets')
      .selectAll()
      .where('helpdesk', '=', helpdesk)
      .where('external_id', '=', externalId)
      .executeTakeFirst(),
  );
}

export async function setTicketState(db: Queryable, id: number, state: TicketState): Promise<void> {
  await db.updateTable('tickets').set({ state }).where('id', '=', id).execute();
}

export async function commentsReadUntil(db: Queryable, id: number, comment: CommentId): Promise<void> {
  await db.updateTable('tickets').set({ last_comment_read: comment }).where('id', '=', id).execute();
}

function ticketOf(
  row:
    | {
        id: number;
        conversation: number;
        helpdesk: string;
        external_id: string;
        remote_id: string | null;
        state: TicketState;
        follow_up_of: number | null;
        last_comment_read: string | null;
        mapping: number | null;
      }
    | undefined,
): LedgerTicket | undefined {
  if (!row) return undefined;
  return {
    id: row.id,
    conversation: row.conversation,
    helpdesk: row.helpdesk,
    externalId: row.external_id,
    remoteId: (row.remote_id ?? undefined) as TicketId | undefined,
    state: row.state,
    followUpOf: row.follow_up_of ?? undefined,
    lastCommentRead: (row.last_comment_read ?? undefined) as CommentId | undefined,
    mapping: row.mapping ?? undefined,
  };
}
