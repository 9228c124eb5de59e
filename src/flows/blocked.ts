import type { AgentAppAct } from '../store/agent-app-acts.ts';
import { audited } from '../store/audit.ts';
import { setBlocked } from '../store/blocked.ts';
import type { Conversation } from '../store/conversations.ts';
import type { Tx } from '../store/database.ts';
import { endDeliveries } from '../store/deliveries.ts';
import type { AgentPlace } from './agent-says.ts';
import { tellAgents } from './tell-agents.ts';
import { type ConnectedChannel, crmOf, helpdeskOf, type World } from './world.ts';

/** On tickets of customers who were blocked, for views and reports; an agent takes it off. */
export const blockedTags = { blocked: 'passerelle_blocked', spam: 'passerelle_spam' } as const;

/**
 * What a blocked customer writes is kept here and goes nowhere: to no ticket, into no history. Its deliveries say so, and what came
 * meanwhile stays away when the block is lifted.
 */
export async function passOverIfBlocked(
  tx: Tx,
  connected: ConnectedChannel,
  { blocked }: Pick<Conversation, 'blocked'>,
  messages: readonly number[],
): Promise<void> {
  if (!blocked) return;
  for (const target of [helpdeskOf(connected), crmOf(connected)])
    if (target) await endDeliveries(tx, target, messages, 'skipped', 'an agent blocked this customer');
}

/** Who blocks or lets in again. */
export interface BlockWish {
  blocked: boolean;
  spam: boolean;
  who: string;
  name: string;
}

/** Blocks a customer on this account, or lets them in again. Returns whether that is news; only then it is noted on the ticket. */
export async function blockCustomer(
  { db, queue, tools }: Pick<World, 'db' | 'queue' | 'tools'>,
  { connected, conversation, ticket }: AgentPlace,
  { blocked, spam, who, name }: BlockWish,
): Promise<boolean> {
  const at = tools.clock.now();
  return db.transaction().execute(async (tx) => {
    if (!(await setBlocked(tx, conversation.id, blocked ? { at, by: name, spam } : undefined))) return false;
    const act: AgentAppAct = blocked ? 'agent-blocked' : 'agent-unblocked';
    const detail = { ticket: ticket.remoteId, ...(blocked ? { spam } : {}) };
    await audited(tx, { who, what: act, subject: `conversation ${conversation.id}`, detail });
    await tellAgents(tx, queue, connected, {
      ...{ conversation: conversation.id, platformUser: conversation.platformUser, ticket: ticket.id, at },
      text: blocked
        ? blockedText(name, spam)
        : `${name} lets this customer in again: what they write comes to a ticket.`,
      ...(blocked ? { tags: [spam ? blockedTags.spam : blockedTags.blocked] } : {}),
      cause: `${act}:${conversation.id}:${at.getTime()}`,
    });
    return true;
  });
}

const blockedText = (name: string, spam: boolean): string =>
  `${name} blocked this customer${spam ? ' for spam' : ''}: what they write from now on comes to no ticket, and nothing is sent to them but public replies. It can be lifted in the app beside this ticket.`;
