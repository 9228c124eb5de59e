import type { Queue } from '../queue/queue.ts';
import type { Database } from '../store/database.ts';
import { waitingConversations } from '../store/deliveries.ts';
import { waitingTargets } from '../store/target-states.ts';
import { wakeUpFor } from './wake-waiting.ts';

/** Enough for a probe to find its way even if one of them fails for reasons of its own. */
const probes = 3;

/** Wakes a little of what waits for each paused target whose next probe may go. Costs one small query when none is paused. */
export async function probePaused({ db, queue }: { db: Database; queue: Queue }, now: Date): Promise<void> {
  for (const { target, probeAt } of await waitingTargets(db)) {
    if (probeAt > now) continue;
    for (const each of await waitingConversations(db, target, probes)) await queue.wakeLater(wakeUpFor(target, each));
  }
}
