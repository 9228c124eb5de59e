import type { PlacedAt } from '../domain/routing.ts';
import type { TicketDraft } from '../helpdesks/helpdesk.ts';
import type { CatchUp } from '../queue/queue.ts';
import type { Tx } from '../store/database.ts';
import type { Message } from '../store/messages.ts';
import { planTicket, type TicketPlan } from './draft-ticket.ts';
import { asFarAsFitFor } from './fit-for.ts';
import { tellAgents } from './tell-agents.ts';
import { type TicketWork, tryAgainLater } from './ticket-work.ts';
import { mappingContext } from './world.ts';

/** A ticket to be opened, with the helpdesk's ids; `problem` says what could not be done as the mapping wants it. */
export interface PlacedTicket {
  plan: TicketPlan;
  placement: PlacedAt;
  problem?: string;
  /** Tag and note for the agents, where there is a problem. */
  tag: string;
  note: string;
}

type Left = CatchUp & { left: true };

/** What the mapping of these messages makes of them. A name that is not there is told; the ticket is opened without it. */
export async function placeTicket(work: TicketWork, group: readonly Message[]): Promise<PlacedTicket | Left> {
  const { world, connected, helpdesk } = work;
  const mapping = await world.mappingAt(group[0]?.mapping);
  const planned = await planTicket(world.db, mapping, connected, work.conversation, group);
  const refused = refusedFor(work, group);
  const plan = refused && refused.times > 1 ? { ...planned, fields: {}, placement: {} } : planned;
  const wished = plan.placement;
  const names = Object.keys(wished).length > 0;
  const placed = names && helpdesk.session.place ? await helpdesk.session.place(wished) : undefined;
  if (placed && placed.result !== 'done') {
    const trouble = placed.result === 'never' ? { result: 'later' as const, why: placed.why } : placed;
    const ids = group.map(({ id }) => id);
    return tryAgainLater(world, work.target, trouble, ids, group[0]?.attempts ?? 0);
  }
  const missing = placed?.value.missing ?? Object.keys(wished).map((kind) => `${kind} at this helpdesk`);
  const problem = problemOf(missing, plan === planned ? undefined : refused?.why);
  const context = {
    ...mappingContext(connected, asFarAsFitFor('showOnTicket', mapping, work.conversation)),
    reason: problem ?? '',
  };
  const tag = mapping.tickets.routingFailureTag;
  return {
    plan: problem === undefined ? plan : { ...plan, tags: [...new Set([...plan.tags, tag])] },
    placement: placed?.value.placement ?? {},
    ...(problem === undefined ? {} : { problem }),
    tag,
    note: mapping.notes.routingFailed(context),
  };
}

function problemOf(missing: readonly string[], refused: string | undefined): string | undefined {
  if (refused !== undefined)
    return `the helpdesk refused it with its fields and its routing: ${refused.replace(/\.+$/, '')}`;
  return missing.length > 0 ? `there is no ${missing.join(', no ')}` : undefined;
}

const refusedFor = ({ refused }: TicketWork, group: readonly Message[]) =>
  refused && refused.message === group[0]?.id ? refused : undefined;

/**
 * Refused for good as it was drafted. It is tried once more with names looked up anew, then without fields and routing:
 * better a ticket in the wrong place than none. False when there is nothing to leave out.
 */
export function placeLess(
  work: TicketWork,
  group: readonly Message[],
  { placement = {}, fields }: TicketDraft,
  why: string,
): boolean {
  if (Object.keys({ ...placement, ...fields }).length === 0) return false;
  const times = (refusedFor(work, group)?.times ?? 0) + 1;
  work.refused = { message: group[0]!.id, times, why };
  return true;
}

/** In the transaction that notes the ticket: agents find out why it is where it is. */
export async function tellOfRouting(
  tx: Tx,
  { world, connected, conversation, refused }: TicketWork,
  ticket: number,
  { problem, note }: PlacedTicket,
): Promise<void> {
  world.tools.log.warn('ticket.not-routed', {
    account: connected.account.id,
    conversation: conversation.id,
    ticket,
    why: problem,
  });
  await tellAgents(tx, world.queue, connected, {
    conversation: conversation.id,
    platformUser: conversation.platformUser,
    ticket,
    text: note,
    at: world.tools.clock.now(),
    cause: `routing:${ticket}:${refused?.times ?? 0}`,
  });
}
