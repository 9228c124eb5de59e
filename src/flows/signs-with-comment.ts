import type { LedgerComment } from '../store/comments.ts';
import { noteLook } from '../store/ticket-signs.ts';
import type { Place } from './ticket-for.ts';
import { type FoundSigns, findSigns } from './ticket-signs.ts';
import type { TicketWork } from './ticket-work.ts';

/** What a comment takes along to the fields of its ticket, so that no update is needed for them alone. */
export async function signsOn(work: TicketWork, place: Place): Promise<FoundSigns | undefined> {
  const { world, connected, conversation, helpdesk } = work;
  if (!helpdesk.session.showSigns) return undefined;
  return findSigns(world, world.db, connected, {
    conversation: conversation.id,
    customer: conversation.customer.id,
    lastCustomerAt: conversation.lastCustomerAt,
    ticket: 'ticket' in place ? place.ticket.id : undefined,
  });
}

/** The comment is there with its signs. Where that is not noted (a crash), they are written once more. */
export async function noteSigns(
  { world }: TicketWork,
  { ticket }: LedgerComment,
  found: FoundSigns | undefined,
): Promise<void> {
  if (found) await noteLook(world.db, { ticket, ...found.look, told: { signs: found.signs, at: found.look.seenAt } });
}
