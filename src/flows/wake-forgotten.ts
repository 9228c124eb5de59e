import type { Queue } from '../queue/queue.ts';
import type { WakeUp } from '../queue/wake-up.ts';
import type { Database } from '../store/database.ts';
import { targetsWaitedFor, waitingConversations } from '../store/deliveries.ts';
import { forgottenConversations } from '../store/events.ts';
import { forgottenMedia } from '../store/media.ts';
import { customersWithDueNotices } from '../store/notices.ts';
import { waitingTargets } from '../store/target-states.ts';
import { wakeUpFor } from './wake-waiting.ts';

/** Longer than a job normally takes; shorter than anybody should wait. */
const forgottenAfterMs = 15_000;

/**
 * The ledger is the truth, jobs only catch up with it: whatever waits there is woken again, should its job have been
 * lost. A key that waits already is not enqueued twice, so this costs nothing when all is well. What waits for
 * a paused target is left alone until it is back.
 */
export async function wakeForgotten({ db, queue }: { db: Database; queue: Queue }): Promise<number> {
  const unapplied = await forgottenConversations(db, forgottenAfterMs);
  const uncopied = await forgottenMedia(db, forgottenAfterMs);
  const paused = new Set((await waitingTargets(db)).map(({ target }) => target));
  const untold = await customersWithDueNotices(db, new Date(Date.now() - forgottenAfterMs), 1_000);
  const forgotten: WakeUp[] = [
    ...unapplied.map((key) => ({ queue: 'conversation' as const, key })),
    ...uncopied.map((message) => ({ queue: 'media' as const, key: String(message) })),
    ...untold.map((customer) => ({ queue: 'notices' as const, key: String(customer) })),
  ];
  for (const target of await targetsWaitedFor(db)) {
    if (paused.has(target)) continue;
    const waiting = await waitingConversations(db, target, 1_000, forgottenAfterMs);
    forgotten.push(...waiting.map((each) => wakeUpFor(target, each)));
  }
  await queue.wakeAll(forgotten);
  return forgotten.length;
}
