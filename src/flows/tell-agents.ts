import { conversationKey } from '../domain/conversation-key.ts';
import type { Queue } from '../queue/queue.ts';
import type { Tx } from '../store/database.ts';
import { addMessage } from '../store/messages.ts';
import { type ConnectedChannel, helpdeskOf } from './world.ts';

/** Puts an internal note on the conversation's ticket: how agents learn of what did not go as they think. */
export async function tellAgents(
  tx: Tx,
  queue: Pick<Queue, 'wake'>,
  connected: Pick<ConnectedChannel, 'account'>,
  note: {
    conversation: number;
    platformUser: string;
    ticket?: number;
    text: string;
    tags?: string[];
    /** The reply it is about came by a call of the helpdesk's, which marks it as failed. */
    refuses?: { reply: string; why: string };
    at: Date;
    /** One note a cause, however often it is noticed. */
    cause: string;
  },
): Promise<void> {
  const id = await addMessage(
    tx,
    {
      conversation: note.conversation,
      kind: 'note',
      author: 'service',
      platformId: `note:${note.cause}`,
      ...(note.ticket ? { ticket: note.ticket } : {}),
      parts: [{ type: 'text', text: note.text }],
      detail: {
        mustBeSeen: true,
        ...(note.tags ? { tags: note.tags } : {}),
        ...(note.refuses ? { refuses: [note.refuses] } : {}),
      },
      at: note.at,
    },
    [helpdeskOf(connected)],
  );
  if (id !== undefined) {
    await queue.wake(tx, [{ queue: 'conversation', key: conversationKey(connected.account.id, note.platformUser) }]);
  }
}
