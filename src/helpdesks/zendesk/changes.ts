import type { TicketId } from '../../domain/ids.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { Clock } from '../../kit/clock.ts';
import type { Query, ZendeskApi } from './api.ts';
import { attempt } from './outcome.ts';
import { changesBody } from './wire.ts';

/** Zendesk refuses a start within the last minute; the second minute is for clocks that differ. */
const startBack = 120;
/** Marks a cursor of our own, used until Zendesk gives one: nothing may have changed since the start. */
const startMark = 'start_time:';

/**
 * One page of Zendesk's incremental export by cursor. It lags by a minute, and allows 10 calls a minute.
 */
export function changedTickets(
  api: ZendeskApi,
  clock: Clock,
  cursor: string | undefined,
): Promise<Outcome<{ tickets: TicketId[]; cursor: string; more: boolean }>> {
  const from = cursor ?? `${startMark}${Math.floor(clock.now().getTime() / 1000) - startBack}`;
  return attempt('repeatable', async () => {
    const page = await api.get(changesBody, ['incremental', 'tickets', 'cursor'], startOf(from));
    return {
      tickets: [...new Set(page.tickets.flatMap((ticket) => (ticket ? [ticket.id as TicketId] : [])))],
      cursor: page.after_cursor ?? from,
      more: page.end_of_stream === false && page.after_cursor !== from,
    };
  });
}

const startOf = (cursor: string): Query =>
  cursor.startsWith(startMark) ? { start_time: Number(cursor.slice(startMark.length)) } : { cursor };
