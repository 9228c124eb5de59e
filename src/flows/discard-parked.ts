import { channelTarget } from '../domain/target.ts';
import { audited } from '../store/audit.ts';
import { conversationById } from '../store/conversations.ts';
import type { Tx } from '../store/database.ts';
import { messagesByIds } from '../store/messages.ts';
import { parkedKey } from '../store/parked.ts';
import { discardEvent } from '../store/parked-events.ts';
import { discardDelivery } from '../store/replay.ts';
import type { Operations } from './operations.ts';
import { forgetWords } from './redact-on-tickets.ts';
import { replyInWords } from './reply-words.ts';
import { tellAgents } from './tell-agents.ts';

/**
 * Gives a parked thing up for good: skipped, with who and why. If it was an agent's reply, the ticket gets a note. False
 * when it is not parked (any more).
 */
export async function discardParked(
  operations: Operations,
  { id, who, why, now }: { id: string; who: string; why: string; now: Date },
): Promise<boolean> {
  const key = parkedKey(id);
  if (!key) return false;
  const reason = `given up by ${who}: ${why}`;
  return operations.db.transaction().execute(async (tx) => {
    const given =
      'event' in key
        ? await discardEvent(tx, key.event, reason)
        : await giveUpDelivery(tx, operations, key, { reason, why, now });
    if (given) await audited(tx, { who, what: 'discard', subject: id, detail: { why } });
    return given;
  });
}

async function giveUpDelivery(
  tx: Tx,
  operations: Operations,
  key: { message: number; target: string },
  { reason, why, now }: { reason: string; why: string; now: Date },
): Promise<boolean> {
  const given = await discardDelivery(tx, key, reason);
  if (!given) return false;
  const [message] = await messagesByIds(tx, [key.message]);
  if (message?.kind === 'redaction') await forgetWords(tx, given.conversation, message.detail.redacts ?? []);
  const conversation = await conversationById(tx, given.conversation);
  const connected = conversation && operations.accounts.get(conversation.account);
  if (!message || !connected || key.target !== channelTarget(connected.account.id)) return true;
  await tellAgents(tx, operations.queue, connected, {
    conversation: conversation.id,
    platformUser: conversation.platformUser,
    ...(message.ticket ? { ticket: message.ticket } : {}),
    text: `This reply did not reach the customer and was given up by an administrator: ${why}\n\n${replyInWords(message.parts)}`,
    at: now,
    cause: `discarded:${message.id}`,
  });
  return true;
}
