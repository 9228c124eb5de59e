import type { ContactId, PersonId } from '../domain/ids.ts';
import type { Trouble } from '../domain/outcome.ts';
import type { Target } from '../domain/target.ts';
import { allDone, type CatchUp } from '../queue/queue.ts';
import { endDeliveries } from '../store/deliveries.ts';
import type { Message } from '../store/messages.ts';
import { ticketById } from '../store/tickets.ts';
import { tryAgainLater } from './ticket-work.ts';
import type { ConnectedChannel, ConnectedCrm, ConnectedHelpdesk, World } from './world.ts';

interface HistoryWork {
  world: World;
  connected: ConnectedChannel;
  crm: ConnectedCrm;
  target: Target;
}

/**
 * Where helpdesk and CRM are one place, the ticket is the history: it is tied to the contact, no longer to one that was found
 * to be wrong, and nothing is written beside it. Undefined where they are not, or where both are wanted.
 */
export async function leaveToHelpdesk(
  work: HistoryWork,
  groups: ReadonlyMap<number, readonly Message[]>,
  contact: ContactId | undefined,
): Promise<CatchUp | undefined> {
  const { world, connected, crm, target } = work;
  const helpdesk = world.helpdesks.get(connected.account.helpdesk ?? '');
  if (helpdesk?.contactsOf !== crm.id) return undefined;
  for (const [ticket, messages] of groups) {
    const ids = messages.map(({ id }) => id);
    const wrong = messages.flatMap(({ detail }) => detail.wrongContact ?? []) as PersonId[];
    const named = contact !== undefined || wrong.length > 0;
    const trouble = named && (await nameRequester(work, helpdesk, ticket, contact, wrong));
    if (trouble) return tryAgainLater(world, target, trouble, ids, messages[0]?.attempts ?? 0);
    if (helpdesk.keepsHistory) await endDeliveries(world.db, target, ids, 'done');
  }
  return helpdesk.keepsHistory ? allDone : undefined;
}

/** A ticket that refuses the contact for good keeps what it says of the customer. */
async function nameRequester(
  { world }: HistoryWork,
  helpdesk: ConnectedHelpdesk,
  ticketId: number,
  contact: ContactId | undefined,
  wrong: readonly PersonId[],
): Promise<Exclude<Trouble, { result: 'never' }> | undefined> {
  const ticket = await ticketById(world.db, ticketId);
  if (ticket?.helpdesk !== helpdesk.id || ticket.remoteId === undefined) return undefined;
  const named = await helpdesk.session.nameRequester?.(ticket.remoteId, contact as PersonId | undefined, wrong);
  if (!named || named.result === 'done') return undefined;
  if (named.result !== 'never') return named;
  world.tools.log.warn('ticket.requester-not-named', { helpdesk: helpdesk.id, ticket: ticket.id, why: named.why });
  return undefined;
}
