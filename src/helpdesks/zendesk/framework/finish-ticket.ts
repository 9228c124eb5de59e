import type { PersonId, TicketId } from '../../../domain/ids.ts';
import { done, type Outcome } from '../../../domain/outcome.ts';
import type { Log } from '../../../kit/log.ts';
import type { TicketDraft } from '../../helpdesk.ts';
import type { ZendeskApi } from '../api.ts';
import type { Names } from '../names.ts';
import { attempt } from '../outcome.ts';
import { placementFields } from '../place.ts';
import { customFields, type ShownFields } from '../tickets.ts';
import { anyBody, ticketBody, type WireTicket } from '../wire.ts';

export interface Finishing {
  api: ZendeskApi;
  names: Pick<Names, 'forget'>;
  log: Log;
}

/**
 * A pushed resource can set a ticket's subject and little else. The rest follows in one update: our external id, tags, place and
 * fields. The user that the framework made for the customer is merged into the one that is known by e-mail, phone or external
 * id, so that agents see one person.
 */
export async function finishTicket(
  { api, names, log }: Finishing,
  id: TicketId,
  draft: TicketDraft,
  shown: ShownFields,
): Promise<Outcome<void>> {
  const there = await attempt('repeatable', async () => (await api.get(ticketBody, ['tickets', id])).ticket);
  if (there.result !== 'done') return there;
  const merged = await mergeUsers(api, log, there.value, draft.requester);
  if (merged.result !== 'done') return merged;
  const own = ownFields(there.value, draft);
  const all = await update(api, id, { ...own, ...wanted(draft, shown) });
  if (all.result !== 'never' || all.code !== 'RecordInvalid') return all;
  // A group, brand or field that is no more must not keep the ticket from being found and filtered.
  names.forget();
  log.warn('ticket.fields-refused', { ticket: id, why: all.why });
  return update(api, id, own);
}

const update = (api: ZendeskApi, id: TicketId, ticket: Record<string, unknown>): Promise<Outcome<void>> =>
  attempt<void>('repeatable', async () => void (await api.put(anyBody, ['tickets', id], { ticket })));

/** Tags are replaced as a whole, so those that triggers gave meanwhile are kept; a change in between is refused and seen anew. */
function ownFields({ tags, updated_at }: WireTicket, draft: TicketDraft): Record<string, unknown> {
  return {
    external_id: draft.externalId,
    tags: [...new Set([...(tags ?? []), ...draft.tags])],
    ...(updated_at ? { safe_update: true, updated_stamp: updated_at } : {}),
  };
}

const wanted = (draft: TicketDraft, shown: ShownFields): Record<string, unknown> => ({
  ...draft.fields,
  ...placementFields(draft.placement ?? {}),
  ...customFields(draft.comment, shown, draft.fields['custom_fields']),
});

/** What Zendesk will not merge stays two users: the ticket works all the same. */
async function mergeUsers(
  api: ZendeskApi,
  log: Log,
  { requester_id: made }: WireTicket,
  known: PersonId,
): Promise<Outcome<void>> {
  if (!made || made === known) return done(undefined);
  const merged = await attempt<void>(
    'repeatable',
    async () => void (await api.put(anyBody, ['users', made, 'merge'], { user: { id: Number(known) } })),
  );
  if (merged.result !== 'never') return merged;
  log.warn('person.not-merged', { why: merged.why });
  return done(undefined);
}
