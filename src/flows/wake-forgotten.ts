import type { Queue, WakeUp } from '../queue/queue.ts';
import type { Database } from '../store/database.ts';
import { forgottenDeliveries } from '../store/deliveries.ts';
import { forgottenConversations } from '../store/events.ts';
import { forgottenMedia } from '../store/media.ts';
import { conversationKey } from './world.ts';

/** Longer than a job normally takes; shorter than anybody should wait. */
const forgottenAfterMs = 15_000;

/**
 * The ledger is the truth, jobs only catch up with it: whatever waits there is woken again, should its job have been
 * lost. A key that waits already is not enqueued twice, so this costs nothing when all is well.
 */
export async function wakeForgotten({ db, queue }: { db: Database; queue: Queue }): Promise<number> {
  const conversations = await forgottenConversations(db, forgottenAfterMs);
  const deliveries = await forgottenDeliveries(db, forgottenAfterMs);
  const media = await forgottenMedia(db, forgottenAfterMs);
  const wakeUps: WakeUp[] = [
    ...conversations.map((key) => ({ queue: 'conversation' as const, key })),
    ...deliveries.map(wakeUpFor),
    ...media.map((message) => ({ queue: 'media' as const, key: String(message) })),
  ];
  for (const wakeUp of wakeUps) await queue.wakeLater(wakeUp);
  return wakeUps.length;
}

function wakeUpFor(delivery: Awaited<ReturnType<typeof forgottenDeliveries>>[number]): WakeUp {
  if (delivery.target.startsWith('crm:')) return { queue: 'history', key: String(delivery.conversation) };
  if (delivery.target.startsWith('channel:')) return { queue: 'sends', key: String(delivery.conversation) };
  return { queue: 'conversation', key: conversationKey(delivery.account, delivery.platformUser) };
}
