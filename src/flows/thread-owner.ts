import type { EventOf } from '../domain/event.ts';
import type { Queue } from '../queue/queue.ts';
import { type Conversation, threadIsElsewhere, threadIsHere } from '../store/conversations.ts';
import type { Tx } from '../store/database.ts';
import { latestTicket } from '../store/tickets.ts';
import { tellAgents } from './tell-agents.ts';
import type { ConnectedChannel } from './world.ts';

type Telling = EventOf<'message'> | EventOf<'postback'> | EventOf<'handover'>;

/**
 * Follows which app owns a conversation at the platform. While another does we only listen, and what agents answer may be
 * refused: they are told once when that begins, and once when it ends. Returns whether the event was about this.
 */
export async function followThreadOwner(
  tx: Tx,
  queue: Queue,
  connected: ConnectedChannel,
  conversation: Conversation,
  event: Telling,
): Promise<boolean> {
  const owner = ownerBy(event, connected);
  if (owner === undefined) return false;
  // The usual case, at no cost.
  if (owner === 'here' && !conversation.elsewhereSince) return true;
  // Without a ticket nobody could read it; the customer's next message opens one, and tells as well.
  if (event.type === 'handover' && owner === 'elsewhere' && !(await hasTicket(tx, connected, conversation)))
    return true;
  const changed =
    owner === 'elsewhere'
      ? await threadIsElsewhere(tx, conversation.id, event.at)
      : await threadIsHere(tx, conversation.id, event.at);
  // For the events that are applied after this one.
  if (changed) conversation.elsewhereSince = owner === 'elsewhere' ? event.at : undefined;
  if (changed) await tell(tx, queue, connected, conversation, event, owner);
  return true;
}

function ownerBy(event: Telling, { channel, account }: ConnectedChannel): 'here' | 'elsewhere' | undefined {
  if (event.type !== 'handover') return event.standby ? 'elsewhere' : event.found ? undefined : 'here';
  const now = event.details['new_owner_app_id'];
  if (now === undefined) return undefined;
  return now === channel.appIdOf?.(account) ? 'here' : 'elsewhere';
}

async function hasTicket(tx: Tx, { account }: ConnectedChannel, conversation: Conversation): Promise<boolean> {
  const ticket = account.helpdesk ? await latestTicket(tx, conversation.id, account.helpdesk) : undefined;
  return ticket?.state === 'open' || ticket?.state === 'opening';
}

async function tell(
  tx: Tx,
  queue: Queue,
  connected: ConnectedChannel,
  { id, platformUser }: Conversation,
  event: Telling,
  owner: 'here' | 'elsewhere',
): Promise<void> {
  const { label, takeOverHelp = 'The other app has to hand it back.' } = connected.channel;
  const text =
    owner === 'here'
      ? `This conversation is ours again at ${label}: replies reach the customer.`
      : `Another app or an inbox owns this conversation at ${label} for now. What the customer writes goes on arriving here, but replies from this ticket may not reach them. ${takeOverHelp}`;
  const note = { conversation: id, platformUser, text, at: event.at, cause: `owner:${owner}:${event.id}` };
  await tellAgents(tx, queue, connected, note);
}
