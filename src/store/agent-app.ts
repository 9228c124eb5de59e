import { sql } from 'kysely';
import type { Part } from '../domain/part.ts';
import type { Queryable } from './database.ts';
import type { MessageAuthor, TicketState } from './tables.ts';

/** Something said to the customer, on a ticket. */
export interface SaidToCustomer {
  id: number;
  author: MessageAuthor;
  authorName: string | undefined;
  at: Date;
  parts: Part[];
}

/** What was said to the customer on a ticket, the latest first. */
export async function saidToCustomer(db: Queryable, ticket: number, most: number): Promise<SaidToCustomer[]> {
  const rows = await db
    .selectFrom('messages')
    .select(['id', 'author', 'occurred_at', 'parts', 'detail'])
    .where('ticket', '=', ticket)
    .where('kind', '=', 'said')
    .where('author', '<>', 'customer')
    .orderBy('occurred_at', 'desc')
    .orderBy('id', 'desc')
    .limit(most)
    .execute();
  return rows.map(({ id, author, occurred_at: at, parts, detail }) => ({
    ...{ id, author, at },
    authorName: detail['authorName'] as string | undefined,
    parts: parts as Part[],
  }));
}

/** Another thread of the same customer, with its latest ticket. */
export interface OtherThread {
  conversation: number;
  account: string;
  lastCustomerAt: Date | undefined;
  ticket: { helpdesk: string; remoteId: string; state: TicketState } | undefined;
}

/** A customer's further conversations, where they wrote last first. */
export async function otherThreads(
  db: Queryable,
  customer: number,
  except: number,
  most: number,
): Promise<OtherThread[]> {
  const { rows } = await sql<{
    id: number;
    account: string;
    last_customer_at: Date | null;
    helpdesk: string | null;
    remote_id: string | null;
    state: TicketState | null;
  }>`select c.id, c.account, c.last_customer_at, t.helpdesk, t.remote_id, t.state
    from conversations c
    left join lateral (select helpdesk, remote_id, state from tickets
      where conversation = c.id and remote_id is not null order by id desc limit 1) t on true
    where c.customer = ${customer} and c.id <> ${except}
    order by c.last_customer_at desc nulls last, c.id limit ${most}`.execute(db);
  return rows.map((row) => ({
    conversation: Number(row.id),
    account: row.account,
    lastCustomerAt: row.last_customer_at ?? undefined,
    ticket:
      row.helpdesk && row.remote_id && row.state
        ? { helpdesk: row.helpdesk, remoteId: row.remote_id, state: row.state }
        : undefined,
  }));
}
