import type { CalledReply } from '../helpdesks/called.ts';
import { step } from '../kit/step.ts';
import { conversationById } from '../store/conversations.ts';
import { ticketByExternalId } from '../store/tickets.ts';
import { takeReply } from './collect-replies.ts';
import { crmOf, type World } from './world.ts';

/**
 * Takes in a reply that the helpdesk hands over instead of having it read. It is in the ledger when this ends, once, however
 * often it comes; from there it goes the way of all replies. False: there is no such thread (any more).
 */
export async function takeCalledReply(
  world: Pick<World, 'db' | 'queue' | 'channels' | 'tools'>,
  helpdesk: string,
  reply: CalledReply,
): Promise<boolean> {
  const ticket = await ticketByExternalId(world.db, helpdesk, reply.thread);
  const conversation = ticket && (await conversationById(world.db, ticket.conversation));
  const connected = conversation && world.channels.get(conversation.account);
  if (!ticket || !connected) return false;
  const now = world.tools.clock.now();
  const said = { text: reply.text, files: [...reply.files], at: now };
  const taken = await world.db.transaction().execute(async (tx) => {
    const id = await takeReply(tx, connected, ticket, said, now, { platformId: reply.id });
    const key = String(ticket.conversation);
    const history = crmOf(connected) ? [{ queue: 'history' as const, key }] : [];
    if (id !== undefined) await world.queue.wake(tx, [{ queue: 'sends', key }, ...history]);
    return id;
  });
  step('replies.taken');
  world.tools.log.info('reply.called', { helpdesk, ticket: ticket.id, repeat: taken === undefined });
  return true;
}
