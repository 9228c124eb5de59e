import type { Queue } from '../queue/queue.ts';
import type { Database } from '../store/database.ts';
import { targetsWaitedFor, waitingConversations } from '../store/deliveries.ts';
import { forgottenConversations } from '../store/events.ts';
import { forgottenMedia } from '../store/media.ts';
import { waitingTargets } from '../store/target-states.ts';
import { wakeUpFor } from './wake-waiting.ts';

/** Longer than a job normally takes; shorter than anybody should wait. */
const forgottenAfterMs = 15_000;

/** Enough for a probe to find its way even if one of them fails for reasons of its own. */
const probes = 3;

/**
 * The ledger is the truth, jobs only catch up with it: whatever waits there is woken again, should its job have been
 * lost. A key that waits already is not enqueued twice, so this costs nothing when all is well. For a paused target only
 * a few are woken, once a probe may go; the others wait until it is back.
 */
export async function wakeForgotten({ db, queue }: { db: Database; queue: Queue }, now: Date): Promise<number> {
  const unapplied = await forgottenConversations(db, forgottenAfterMs);
  for (const key of unapplied) await queue.wakeLater({ queue: 'conversation', key });
  const uncopied = await forgottenMedia(db, forgottenAfterMs);
  for (const message of uncopied) await queue.wakeLater({ queue: 'media', key: String(message) });
  const paused = new Map((await waitingTargets(db)).map((each) => [each.target, each]));
  let woken = unapplied.length + uncopied.length;
  for (const target of await targetsWaitedFor(db)) {
    const pause = paused.get(target);
    if (pause && pause.probeAt > now) continue;
    const waiting = await waitingConversations(db, target, pause ? probes : 1_000, pause ? 0 : forgottenAfterMs);
    for (const each of waiting) await queue.wakeLater(wakeUpFor(target, each));
    woken += waiting.length;
  }
  return woken;
}
