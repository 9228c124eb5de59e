import { type RawBuilder, sql } from 'kysely';
import type { FigurePeriod } from './console-tables.ts';

/** Upper ends of the times to the ticket that are told apart, in seconds; what took longer is `inf`. */
export const ticketSeconds = [1, 2, 5, 10, 30, 60, 300, 1_800, 7_200] as const;

/** Rows for `figures`, of all that happened from `from` until before `to`, but for what became of replies. */
export const countsBetween = (period: FigurePeriod, from: Date, to: Date): RawBuilder<unknown> => sql`
  ${messages(period, from, to)} union all ${deliveries(period, from, to)} union all ${tickets(period, from, to)}`;

const messages = (period: FigurePeriod, from: Date, to: Date) => sql`
  select ${period}::text, date_trunc(${period}, m.received_at), case m.author when 'customer' then 'in' else 'out' end, c.account, count(*)
  from messages m join conversations c on c.id = m.conversation
  where m.kind = 'said' and m.received_at >= ${from} and m.received_at < ${to} group by 2, 3, 4`;

const deliveries = (period: FigurePeriod, from: Date, to: Date) => sql`
  select ${period}::text, date_trunc(${period}, ended_at), 'delivery', target || '|' || state, count(*)
  from deliveries where ended_at >= ${from} and ended_at < ${to} and state in ('done', 'parked') group by 2, 4`;

/** How long it took from the commit at the door until a customer's message stood on its ticket. */
const tickets = (period: FigurePeriod, from: Date, to: Date) => sql`
  select ${period}::text, date_trunc(${period}, d.ended_at), 'ticket',
    coalesce((array[${sql.join(ticketSeconds.map(String))}])[nullif(width_bucket(
      extract(epoch from d.ended_at - m.received_at)::float8, array[${sql.join([0, ...ticketSeconds].map((each) => sql.lit(each)))}]::float8[]), 0)], 'inf'),
    count(*)
  from deliveries d join messages m on m.id = d.message
  where d.ended_at >= ${from} and d.ended_at < ${to} and d.state = 'done' and d.target like 'helpdesk:%'
    and m.kind = 'said' and m.author = 'customer' group by 2, 4`;

/** What became of the bubbles of replies, by the hour in which they were written. */
export const repliesBetween = (from: Date, to: Date): RawBuilder<unknown> => sql`
  select 'hour', date_trunc('hour', m.received_at), 'reply', p.state, count(*)
  from messages m join reply_parts p on p.message = m.id
  where m.author <> 'customer' and m.kind = 'said' and m.received_at >= ${from} and m.received_at < ${to} group by 2, 4`;
