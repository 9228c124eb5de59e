import { conversationKey } from '../domain/conversation-key.ts';
import type { Queue } from '../queue/queue.ts';
import type { WakeUp } from '../queue/wake-up.ts';
import type { Conversation } from '../store/conversations.ts';
import type { Tx } from '../store/database.ts';
import { forgetFactsTold } from '../store/facts.ts';
import { addMessage, messagesByIds } from '../store/messages.ts';
import {
  blankEvents,
  blankMessages,
  blankWebhooks,
  keysOf,
  kinOf,
  type Removable,
  removeFiles,
} from '../store/redaction.ts';
import { quoteOf } from './quoted-text.ts';
import { type ConnectedChannel, crmOf, helpdeskOf } from './world.ts';

type Whose = Pick<Conversation, 'id' | 'account' | 'platformUser'>;

/** What was taken out of the ledger. */
export interface Removed {
  /** Messages with what was made of them: late files, notes that quote them. */
  messages: number;
  files: number;
}

/** So many messages one order names at most. */
const together = 100;

/**
 * Takes messages of a conversation out of the ledger, with all that was made of them, and orders the same of the helpdesk
 * and the CRM: an order is a message of kind `redaction` with a delivery for each. What was removed before is left. The
 * caller holds the conversation's lock.
 */
export async function removeMessages(
  tx: Tx,
  queue: Pick<Queue, 'wake'>,
  connected: Pick<ConnectedChannel, 'account'>,
  conversation: Whose,
  ids: readonly number[],
  now: Date,
): Promise<Removed> {
  const whose = { account: conversation.account, conversation: conversation.id };
  const quotes = (await messagesByIds(tx, ids)).map(({ parts }) => quoteOf(parts)).filter((quote) => quote !== '');
  const fresh = (await kinOf(tx, whose, ids, quotes)).filter(({ redacted_at: removed }) => removed === null);
  if (fresh.length === 0) return { messages: 0, files: 0 };
  const all = fresh.map(({ id }) => id);
  const keys = await keysOf(tx, all);
  await blankWebhooks(tx, await blankEvents(tx, conversation.account, keys));
  await forgetFactsTold(tx, conversation.account, keys);
  await blankMessages(tx, all);
  const files = await removeFiles(tx, all);
  await order(tx, connected, conversation, fresh, now);
  await queue.wake(tx, wakeUps(connected, conversation, files));
  return { messages: all.length, files };
}

async function order(
  tx: Tx,
  connected: Pick<ConnectedChannel, 'account'>,
  conversation: Whose,
  fresh: readonly Removable[],
  at: Date,
): Promise<void> {
  for (const [ticket, messages] of Map.groupBy(fresh, ({ ticket }) => ticket ?? undefined)) {
    for (let start = 0; start < messages.length; start += together) {
      const redacts = messages.slice(start, start + together).map(({ id }) => id);
      const platformId = `redaction:${redacts[0]}`;
      const where = ticket === undefined ? {} : { ticket };
      await addMessage(
        tx,
        {
          ...{ conversation: conversation.id, kind: 'redaction', author: 'service', platformId, at },
          ...{ ...where, parts: [], detail: { redacts } },
        },
        [helpdeskOf(connected), crmOf(connected)],
      );
    }
  }
}

function wakeUps(connected: Pick<ConnectedChannel, 'account'>, conversation: Whose, files: number): WakeUp[] {
  return [
    { queue: 'conversation', key: conversationKey(connected.account.id, conversation.platformUser) },
    // A reply that waited was given up.
    { queue: 'sends', key: String(conversation.id) },
    ...(files > 0 ? [{ queue: 'vault-sweep' as const, key: 'vault' }] : []),
  ];
}
