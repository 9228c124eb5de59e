import { randomUUID } from 'node:crypto';
import { agreedTo } from '../domain/consent.ts';
import { conversationKey } from '../domain/conversation-key.ts';
import type { Marker } from '../domain/ids.ts';
import { channelTarget } from '../domain/target.ts';
import { step } from '../kit/step.ts';
import type { AgentAppAct } from '../store/agent-app-acts.ts';
import { audited } from '../store/audit.ts';
import { consentStates } from '../store/consents.ts';
import type { Conversation } from '../store/conversations.ts';
import type { Tx } from '../store/database.ts';
import { addMessage, messageByPlatformId } from '../store/messages.ts';
import { addReplyParts, type ReplyBody } from '../store/reply-parts.ts';
import type { LedgerTicket } from '../store/tickets.ts';
import { maySendNow } from './may-send-now.ts';
import { type ConnectedChannel, crmOf, helpdeskOf, type World } from './world.ts';

type Parts = Pick<World, 'db' | 'queue' | 'policy' | 'tools'>;

/** Where an agent is, beside which ticket. */
export interface AgentPlace {
  connected: ConnectedChannel;
  conversation: Conversation;
  ticket: LedgerTicket;
}

/** Something an agent sends without writing a comment. */
export interface AgentSaying {
  /** One for each wish of the agent's: it is said once, however often it is asked for. */
  key: string;
  /** `agent:acme-zendesk:17`, and their name. */
  who: string;
  name: string;
  /** As the ticket, the history and the audit have it. */
  text: string;
  bodies: readonly ReplyBody[];
  /** For the audit. */
  act: AgentAppAct;
  what: string;
}

export type AgentSaid =
  | { message: number; again: boolean }
  | { refused: 'window-closed' | 'stopped' | 'blocked'; why: string };

/**
 * Takes in what an agent sends from the app, by the way of every reply: it waits in the ledger, is judged again when it is sent, and
 * goes on the ticket as a note and into the history. What cannot be sent now is refused at once, and nothing is noted.
 */
export async function agentSays(world: Parts, place: AgentPlace, saying: AgentSaying): Promise<AgentSaid> {
  const { conversation } = place;
  const before = await messageByPlatformId(world.db, conversation.id, idOf(saying));
  if (before) return { message: before.id, again: true };
  const refused = await refusalOf(world, place, saying);
  if (refused) return refused;
  const message = await world.db.transaction().execute((tx) => note(tx, world, place, saying));
  if (message !== undefined) return { message, again: false };
  // Asked for twice at once.
  return { message: (await messageByPlatformId(world.db, conversation.id, idOf(saying)))!.id, again: true };
}

const idOf = ({ key }: AgentSaying) => `app:${key}`;

/** A template opens a conversation by itself: it is not for who wants nothing any more. */
async function refusalOf(
  world: Parts,
  { connected, conversation }: AgentPlace,
  { bodies }: AgentSaying,
): Promise<Exclude<AgentSaid, { message: number }> | undefined> {
  const [body] = bodies;
  if (conversation.blocked) return { refused: 'blocked', why: 'this customer is blocked' };
  if (!body) return { refused: 'window-closed', why: 'there is nothing to send' };
  if (body.type === 'template') {
    const { kind } = connected.channel;
    const agreed = agreedTo(await consentStates(world.db, conversation.customer.id), kind, 'order-updates');
    const stopped = !agreed.agreed && agreed.why === 'stopped';
    return stopped ? { refused: 'stopped', why: 'the customer stopped all messages' } : undefined;
  }
  const fresh = { body, startedAt: undefined, answerToken: undefined };
  const may = await maySendNow({ world, connected, conversation }, fresh);
  return may.right === 'none' ? { refused: 'window-closed', why: may.why } : undefined;
}

async function note(
  tx: Tx,
  { queue, tools }: Parts,
  { connected, conversation, ticket }: AgentPlace,
  saying: AgentSaying,
): Promise<number | undefined> {
  const { account } = connected;
  // After what it answers, which the platform's clock may have put a little ahead of ours.
  const at = new Date(Math.max(tools.clock.now().getTime(), (conversation.lastCustomerAt?.getTime() ?? 0) + 1));
  const message = await addMessage(
    tx,
    {
      conversation: conversation.id,
      kind: 'said',
      author: 'agent',
      platformId: idOf(saying),
      ticket: ticket.id,
      parts: [{ type: 'text', text: saying.text }],
      detail: { authorName: saying.name, onlyIfOpen: true },
      at,
    },
    [channelTarget(account.id), helpdeskOf(connected), crmOf(connected)],
  );
  if (message === undefined) return undefined;
  await addReplyParts(tx, message, conversation.id, saying.bodies, () => `passerelle:${randomUUID()}` as Marker);
  const { who, act, what } = saying;
  const detail = { ticket: ticket.remoteId, message, what };
  await audited(tx, { who, what: act, subject: `conversation ${conversation.id}`, detail });
  const key = String(conversation.id);
  await queue.wake(tx, [
    { queue: 'sends', key },
    { queue: 'conversation', key: conversationKey(account.id, conversation.platformUser) },
    ...(crmOf(connected) ? [{ queue: 'history' as const, key }] : []),
  ]);
  step('replies.taken');
  return message;
}
