import type { Database } from '../../../store/database.ts';
import { backlogs } from '../../../store/deliveries.ts';
import { mediaBacklogs } from '../../../store/media.ts';
import { parkedEventCounts } from '../../../store/parked-events.ts';
import { openQuestionCount } from '../../../store/questions.ts';
import { waitingTargets } from '../../../store/target-states.ts';
import { watches } from '../../../store/watches.ts';
import type { Overview } from '../../wire/overview.ts';

/** What holds at this moment, from indexes that stay small however much the ledger holds. */
export async function overviewOf(db: Database, now: Date): Promise<Overview> {
  const [waiting, paused, parkedEvents, questions, watched, files] = await Promise.all([
    backlogs(db),
    waitingTargets(db),
    parkedEventCounts(db),
    openQuestionCount(db),
    watches(db),
    mediaBacklogs(db),
  ]);
  return {
    at: now.toISOString(),
    backlogs: waiting
      .map(({ target, waiting, oldest, parked }) => ({ target, waiting, oldest, parked }))
      .sort((a, b) => b.waiting - a.waiting || a.target.localeCompare(b.target)),
    paused: paused.map(({ target, state, reason, since }) => ({ target, state, reason, since: since.toISOString() })),
    needs: {
      parkedMessages: sum(waiting.map(({ parked }) => parked)),
      parkedEvents: sum(parkedEvents.map(({ parked }) => parked)),
      questions,
      brokenAccounts: paused.filter(({ state }) => state === 'broken').length,
      unsubscribed: watched.filter(({ subscribed }) => subscribed === false).length,
      silent: watched.filter(({ silentSince }) => silentSince !== undefined).length,
    },
    filesWaiting: sum(files.map(({ waiting }) => waiting)),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
