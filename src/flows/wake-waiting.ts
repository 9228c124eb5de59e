import { conversationKey } from '../domain/conversation-key.ts';
import type { Target } from '../domain/target.ts';
import type { Queue } from '../queue/queue.ts';
import type { WakeUp } from '../queue/wake-up.ts';
import type { Database } from '../store/database.ts';
import { type WaitingConversation, waitingConversations } from '../store/deliveries.ts';

/** Wakes all that waits for a target, those who wait longest first. */
export async function wakeWaiting(
  { db, queue }: { db: Database; queue: Queue },
  target: Target,
  most = 100_000,
): Promise<number> {
  const waiting = await waitingConversations(db, target, most);
  for (let from = 0; from < waiting.length; from += 1_000) {
    const wakeUps = waiting.slice(from, from + 1_000).map((each) => wakeUpFor(target, each));
    await db.transaction().execute((tx) => queue.wake(tx, wakeUps));
  }
  return waiting.length;
}

/** The job that brings a conversation's deliveries to this target. */
export function wakeUpFor(target: string, { conversation, account, platformUser }: WaitingConversation): WakeUp {
  if (target.startsWith('crm:')) return { queue: 'history', key: String(conversation) };
  if (target.startsWith('channel:')) return { queue: 'sends', key: String(conversation) };
  return { queue: 'conversation', key: conversationKey(account, platformUser) };
}
