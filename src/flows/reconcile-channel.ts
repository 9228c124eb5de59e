import { milliseconds, minutes, seconds } from '../domain/duration.ts';
import { allDone, type CatchUp, leftFor } from '../queue/queue.ts';
import { lastReceived } from '../store/events.ts';
import {
  beginReconciliation,
  forgetUneventful,
  openReconciliation,
  type Reconciliation,
  reconciledUntil,
} from '../store/reconciliations.ts';
import { compareHistory, type ReconcilingWorld } from './compare-history.ts';
import { watchSilence } from './watch-silence.ts';
import { watchSubscription } from './watch-subscription.ts';
import type { ConnectedChannel } from './world.ts';

/** Of what was said in the last minute the webhook may still be on its way. */
const settlesIn = seconds(60);
/** How long after an outage everything that was said in it is looked for. */
export const whenSettled = seconds(75);
/** Platforms' histories may lag, and clocks differ. */
const overlap = minutes(5);
/** Several replicas ask for it at about the same time. */
const notSooner = seconds(20);

/**
 * The `reconcile-channel` job: asks whether our webhook is still called, compares the platform's own history with the
 * ledger from where the last comparison ended, takes in what no webhook told, and notices when nothing comes any more.
 * Costs two calls when all is well.
 */
export async function reconcileChannel(
  world: ReconcilingWorld,
  accountId: string,
  { silence }: { silence: boolean },
): Promise<CatchUp> {
  const connected = world.channels.get(accountId);
  if (!connected) return allDone;
  await watchSubscription(world, connected);
  const compared = connected.channel.readHistory ? await compare(world, connected) : allDone;
  if (!compared.left && silence) await watchSilence(world, accountId);
  return compared;
}

async function compare(world: ReconcilingWorld, connected: ConnectedChannel): Promise<CatchUp> {
  const accountId = connected.account.id;
  const run = (await openReconciliation(world.db, accountId)) ?? (await beginRegular(world, accountId));
  if (!run) return allDone;
  const ended = await compareHistory(world, connected, run);
  if (ended.result === 'later') return leftFor(ended.after);
  await forgetUneventful(world.db, accountId);
  return allDone;
}

/** Undefined when it was done only just now. */
async function beginRegular({ db, tools }: ReconcilingWorld, account: string): Promise<Reconciliation | undefined> {
  const to = new Date(tools.clock.now().getTime() - settlesIn);
  const until = await reconciledUntil(db, account);
  if (until && to.getTime() - until.getTime() < notSooner) return undefined;
  // What was said before the account was connected is none of ours.
  const known = until ?? (await lastReceived(db, account)) ?? to;
  const from = new Date(Math.min(to.getTime(), known.getTime()) - (known === to ? 0 : overlap));
  return beginReconciliation(db, { account, why: 'regular', from, to });
}

/** The comparison an operator asks for: of everything since a time, to its end. */
export async function reconcileSince(
  world: ReconcilingWorld,
  connected: ConnectedChannel,
  since: Date,
): Promise<Reconciliation> {
  const to = new Date(world.tools.clock.now().getTime() - settlesIn);
  const from = new Date(Math.min(since.getTime(), to.getTime()));
  const run = await beginReconciliation(world.db, { account: connected.account.id, why: 'asked', from, to });
  for (;;) {
    const ended = await compareHistory(world, connected, run);
    if (ended.result === 'done') return ended.run;
    await world.tools.clock.sleep(milliseconds(ended.after));
  }
}
