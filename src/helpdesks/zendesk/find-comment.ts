import { z } from 'zod';
import type { CommentId, Marker, TicketId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { ZendeskApi } from './api.ts';
import { attempt } from './outcome.ts';
import { pagesOf } from './pages.ts';
import { commentIn } from './tickets.ts';
import { auditsBody, type WireAudit } from './wire.ts';

const ours = z.object({ passerelle: z.object({ marker: z.string() }) });

const markerOf = (audit: WireAudit): string | undefined =>
  ours.safeParse(audit.metadata?.custom).data?.passerelle.marker;

/** Reads the ticket's audits, newest first, until the marker is found or there are no more. */
export function findComment(
  api: ZendeskApi,
  ticket: TicketId,
  marker: Marker,
): Promise<Outcome<CommentId | undefined>> {
  return attempt<CommentId | undefined>(
    'repeatable',
    async () => {
      for await (const { audits } of pagesOf(api, auditsBody, ['tickets', ticket, 'audits'], { sort: '-created_at' })) {
        const audit = audits.find((each) => markerOf(each) === marker);
        if (audit) return commentIn(audit).comment;
      }
      return undefined;
    },
    async ({ status }) => (status === 404 ? done(undefined) : undefined),
  );
}
