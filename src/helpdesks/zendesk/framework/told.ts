import { z } from 'zod';
import type { CommentId, TicketId } from '../../../domain/ids.ts';
import type { ToldComment } from '../../called.ts';
import { wireId } from '../wire.ts';
import { toldBy } from './facts.ts';
import { markerOf } from './resource.ts';

const resourceEvent = z.object({
  type_id: z.string(),
  external_id: z.string(),
  comment_id: wireId,
  ticket_id: wireId,
  follow_up_ticket_id: wireId.nullish(),
});

const callback = z.object({
  events: z.array(z.object({ type_id: z.string(), data: z.unknown() })),
});

const created = z.object({ resource_events: z.array(resourceEvent.optional().catch(undefined)) });

/**
 * What an event callback tells of pushed resources (Zendesk developer docs, "Event callbacks"); undefined when it is none.
 * Events of other kinds tell nothing that is needed.
 */
export function toldIn(body: Buffer): ToldComment[] | undefined {
  const read = callback.safeParse(parsed(body));
  if (!read.success) return undefined;
  return read.data.events
    .filter(({ type_id }) => type_id === 'resources_created_from_external_ids')
    .flatMap(({ data }) => created.safeParse(data).data?.resource_events ?? [])
    .flatMap((event) => (event && toldBy.has(event.type_id) ? [toldOf(event)] : []));
}

const toldOf = (event: z.infer<typeof resourceEvent>): ToldComment => ({
  marker: markerOf(event.external_id),
  ticket: (event.follow_up_ticket_id ?? event.ticket_id) as TicketId,
  comment: event.comment_id as CommentId,
});

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
