import { sql } from 'kysely';
import type { Referral } from '../domain/event.ts';
import type { Queryable } from './database.ts';

/** Whether the customer had a ticket before a time, in whichever conversation, or was linked to a contact of a CRM. */
export async function isKnownCustomer(db: Queryable, customer: number, before: Date): Promise<boolean> {
  const { rows } = await sql<{ known: boolean }>`
    select exists (select 1 from contact_links where customer = ${customer} and state = 'linked' and checked_at < ${before})
      or exists (select 1 from tickets t join conversations c on c.id = t.conversation
        where c.customer = ${customer} and t.remote_id is not null and t.opened_at < ${before}) as known`.execute(db);
  return rows[0]?.known ?? false;
}

/** Where the customer came from last, within a time. */
export async function latestReferral(
  db: Queryable,
  conversation: number,
  from: Date,
  to: Date,
): Promise<Referral | undefined> {
  const { rows } = await sql<{ referral: Referral }>`
    select detail -> 'referral' as referral from messages
    where conversation = ${conversation} and kind = 'note' and detail ? 'referral'
      and occurred_at between ${from} and ${to}
    order by occurred_at desc, id desc limit 1`.execute(db);
  return rows[0]?.referral;
}

/** When the customer last said something before a time. */
export async function lastSaidBefore(db: Queryable, conversation: number, before: Date): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date }>`
    select occurred_at as at from messages
    where conversation = ${conversation} and author = 'customer' and kind = 'said' and occurred_at < ${before}
    order by occurred_at desc limit 1`.execute(db);
  return rows[0]?.at;
}
