import type { Request } from 'express';
import { type Answer, badRequest, ok, unprocessable } from './answer.ts';
import type { Desk, Route } from './desk.ts';
import { perMinute, useLimits } from './limits.ts';
import { text } from './paging.ts';
import { now, type Ticket } from './state.ts';
import { wireTicket } from './wire.ts';

export const exportRoutes: Route[] = [['get', '/incremental/tickets/cursor', changedTickets]];

/** Tickets on a page of the real one. */
export const usualExportPage = 1_000;

/** Where the export goes on: after this change of this ticket. */
interface Place {
  at: number;
  id: number;
}

function changedTickets(desk: Desk, request: Request): Answer {
  const limited = useLimits(desk.state, [perMinute('incremental', desk.limits.incrementalPerMinute)]);
  if (limited) return limited;
  const place = placeIn(desk, request);
  if ('status' in place) return place;
  const newest = now(desk.state).getTime() - (desk.exportLags ? 60_000 : 0);
  const changed = [...desk.state.tickets.values()]
    .filter((ticket) => isAfter(ticket, place) && ticket.updatedAt.getTime() <= newest)
    .sort((a, b) => a.updatedAt.getTime() - b.updatedAt.getTime() || a.id - b.id);
  const page = changed.slice(0, desk.exportPage);
  const last = page.at(-1);
  return ok({
    tickets: page.map((ticket) => wireTicket(desk.url(), ticket)),
    after_cursor: last
      ? cursorOf({ at: last.updatedAt.getTime(), id: last.id })
      : (text(request, 'cursor') ?? cursorOf(place)),
    after_url: null,
    before_cursor: null,
    end_of_stream: changed.length <= desk.exportPage,
  });
}

function placeIn(desk: Desk, request: Request): Place | Answer {
  const cursor = text(request, 'cursor');
  if (cursor !== undefined) return read(cursor) ?? badRequest('InvalidPaginationParameter', 'cursor is invalid');
  const start = Number(text(request, 'start_time'));
  if (!Number.isInteger(start)) return badRequest('InvalidValue', 'start_time is required');
  if (start * 1000 > now(desk.state).getTime() - 60_000) {
    return unprocessable('StartTimeTooRecent', 'Too recent start_time. Use a start_time older than 60 seconds');
  }
  return { at: start * 1000, id: 0 };
}

const isAfter = ({ updatedAt, id }: Ticket, place: Place): boolean =>
  updatedAt.getTime() > place.at || (updatedAt.getTime() === place.at && id > place.id);

const cursorOf = ({ at, id }: Place): string => Buffer.from(`${at}|${id}`).toString('base64');

function read(cursor: string): Place | undefined {
  const [, at, id] = /^(\d+)\|(\d+)$/.exec(Buffer.from(cursor, 'base64').toString()) ?? [];
  return at && id ? { at: Number(at), id: Number(id) } : undefined;
}
