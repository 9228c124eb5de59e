import { randomUUID } from 'node:crypto';
import type { MappingContext } from '../domain/mapping.ts';
import type { Log } from '../kit/log.ts';
import type { Queue } from '../queue/queue.ts';
import type { Conversation } from '../store/conversations.ts';
import type { Tx } from '../store/database.ts';
import { sendAutomatically } from './send-automatically.ts';
import type { ConnectedChannel } from './world.ts';

/**
 * Sends a text that somebody wrote in the console, by the way of all that the service says: the window is judged, the ticket (if
 * one is open) gets a note, and it stands in the history. Returns the message.
 */
export async function sendTestMessage(
  tx: Tx,
  tools: { queue: Pick<Queue, 'wake'>; log: Log },
  connected: ConnectedChannel,
  conversation: Conversation,
  text: string,
  at: Date,
): Promise<number> {
  const key = `test:${randomUUID()}`;
  const template = { text: () => text, choices: [] };
  await sendAutomatically(tx, tools, connected, conversation, { template, key, context: {} as MappingContext, at });
  const { id } = await tx
    .selectFrom('messages')
    .select('id')
    .where('conversation', '=', conversation.id)
    .where('platform_id', '=', `auto:${key}`)
    .executeTakeFirstOrThrow();
  return id;
}
