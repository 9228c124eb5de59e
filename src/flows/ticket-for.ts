import type { TicketId } from '../domain/ids.ts';
import type { CatchUp } from '../queue/queue.ts';
import type { Message } from '../store/messages.ts';
import { type LedgerTicket, latestTicket, setTicketState, ticketById } from '../store/tickets.ts';
import { type TicketWork, tryAgainLater } from './ticket-work.ts';

/** Where a message goes: a ticket that takes it, or one still to be made. */
export type Place =
  | { ticket: LedgerTicket & { remoteId: TicketId }; reopen: boolean }
  | { create: true; unfinished?: LedgerTicket | undefined; followUpOf?: LedgerTicket | undefined };

/** Whether the message may open a ticket, and for how long a solved one takes it. */
interface Rules {
  opens: boolean;
  reopenSolvedWithin: number;
}

/** `nowhere`: it may not open a ticket by itself and there is none to take it. */
export async function ticketFor(
  work: TicketWork,
  message: Message,
): Promise<Place | { nowhere: string } | (CatchUp & { left: true })> {
  const named = message.ticket === undefined ? undefined : await ticketById(work.world.db, message.ticket);
  const latest = await latestTicket(work.world.db, work.conversation.id, work.helpdesk.id);
  const opens = message.kind !== 'note' && !message.detail.onlyIfOpen;
  const first = named ?? latest;
  const { reopenSolvedWithin } = (await work.world.mappingAt(message.mapping)).tickets;
  const rules = { opens, reopenSolvedWithin };
  let place = first ? await placeOn(work, first, rules) : { create: true as const };
  // What was meant for a ticket that has ended goes with the conversation.
  if ('create' in place && named && latest && latest.id !== named.id) place = await placeOn(work, latest, rules);
  if ('create' in place && !opens && !goesOn(work, place)) return { nowhere: 'there was no open ticket to put it on' };
  return place;
}

/** A thread takes more before the number of its ticket is known. */
const goesOn = ({ helpdesk }: TicketWork, place: Extract<Place, { create: true }>): boolean =>
  helpdesk.session.pushes === true && place.unfinished !== undefined;

async function placeOn(
  work: TicketWork,
  ticket: LedgerTicket,
  rules: Rules,
): Promise<Place | (CatchUp & { left: true })> {
  const { db } = work.world;
  if (ticket.state === 'closed') return { create: true, followUpOf: ticket };
  if (ticket.state === 'gone' || ticket.state === 'left') return { create: true };
  if (ticket.remoteId === undefined)
    return { create: true, unfinished: ticket, followUpOf: await source(work, ticket) };
  const shown = await work.helpdesk.session.showTicket(ticket.remoteId);
  if (shown.result === 'never') {
    await setTicketState(db, ticket.id, 'gone');
    return { create: true };
  }
  if (shown.result !== 'done') return tryAgainLater(work.world, work.target, shown, [], 2);
  const { status, updatedAt } = shown.value;
  if (status === 'open') return { ticket: { ...ticket, remoteId: ticket.remoteId }, reopen: false };
  if (status === 'solved' && (!rules.opens || solvedLately(work, updatedAt, rules))) {
    return { ticket: { ...ticket, remoteId: ticket.remoteId }, reopen: rules.opens };
  }
  await setTicketState(db, ticket.id, status === 'solved' ? 'left' : status);
  return placeOn(work, { ...ticket, state: status === 'solved' ? 'left' : status }, rules);
}

const source = async (work: TicketWork, ticket: LedgerTicket) =>
  ticket.followUpOf === undefined ? undefined : ticketById(work.world.db, ticket.followUpOf);

function solvedLately({ world }: TicketWork, solvedAt: Date | undefined, { reopenSolvedWithin }: Rules): boolean {
  const age = world.tools.clock.now().getTime() - (solvedAt?.getTime() ?? 0);
  return age <= reopenSolvedWithin;
}
