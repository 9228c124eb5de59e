import type { CommentId, TicketId } from '../../domain/ids.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { CommentDraft } from '../helpdesk.ts';
import type { ZendeskApi } from './api.ts';
import type { Refusal } from './failure.ts';
import { attempt } from './outcome.ts';
import type { People } from './people.ts';
import { commentIn, customFields, personGone, type ShownFields, showTicket, wireComment } from './tickets.ts';
import { anyBody, writtenBody } from './wire.ts';

export type Commented = Outcome<{ comment?: CommentId; signed?: boolean }> | { result: 'closed' } | { result: 'gone' };

export interface CommentTarget {
  ticket: TicketId;
  status?: 'open';
  addTags?: string[];
}

export async function addComment(
  api: ZendeskApi,
  people: People,
  target: CommentTarget,
  comment: CommentDraft,
  shown: ShownFields = {},
): Promise<Commented> {
  // Tags first: added twice they are added once, whereas a comment followed by a failure would be written again.
  const tagged = await addTags(api, people, target);
  if (tagged.result !== 'done') return tagged;
  return attempt<{ comment?: CommentId; signed?: boolean }, Ended>(
    'once',
    async () => {
      const ticket = {
        ...wireComment(comment),
        ...customFields(comment, shown),
        ...(target.status && { status: target.status }),
      };
      const { audit } = await api.put(writtenBody, ['tickets', target.ticket], { ticket }, { turnTaken: true });
      return { ...commentIn(audit), ...(shown.signs && { signed: true }) };
    },
    (refusal) => explain(api, people, target.ticket, refusal, [comment.author]),
  );
}

type Ended = { result: 'closed' } | { result: 'gone' };

/** Added twice they are added once. */
export async function addTags(api: ZendeskApi, people: People, { ticket, addTags: tags = [] }: CommentTarget) {
  if (tags.length === 0) return { result: 'done', value: undefined } as const;
  return attempt<unknown, Ended>(
    'repeatable',
    () => api.put(anyBody, ['tickets', ticket, 'tags'], { tags }),
    (refusal) => explain(api, people, ticket, refusal, []),
  );
}

/**
 * Why a ticket takes no update. The reason of a 422 is localised and its place varies, so the ticket itself is asked.
 */
async function explain(
  api: ZendeskApi,
  people: People,
  ticket: TicketId,
  refusal: Refusal,
  authors: CommentDraft['author'][],
) {
  if (refusal.status === 404) return { result: 'gone' } as const;
  if (refusal.status !== 422) return undefined;
  const shown = await showTicket(api, ticket);
  if (shown.result !== 'done') return shown;
  const { status } = shown.value;
  if (status === 'closed' || status === 'gone') return { result: status } as const;
  return personGone(refusal, people, authors);
}
