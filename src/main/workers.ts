import { milliseconds } from '../domain/duration.ts';
import { applyRetention } from '../flows/apply-retention.ts';
import { catchUpConversation } from '../flows/catch-up-conversation.ts';
import { coachEvery, coachTickets } from '../flows/coach-tickets.ts';
import { collectReplies } from '../flows/collect-replies.ts';
import { keepConsentsAtCrm } from '../flows/consents-at-crm.ts';
import { copyFiles } from '../flows/copy-files.ts';
import { lookAfterChannels } from '../flows/look-after-channels.ts';
import { probePaused } from '../flows/probe-paused.ts';
import { reconcileChannel } from '../flows/reconcile-channel.ts';
import { reconcileEvery, reconcileHelpdesk } from '../flows/reconcile-helpdesk.ts';
import { recordHistory } from '../flows/record-history.ts';
import { runCampaign, wakeCampaigns } from '../flows/run-campaign.ts';
import { sendNotices } from '../flows/send-notice.ts';
import { sendReplies } from '../flows/send-replies.ts';
import { sweepEvery, sweepVault } from '../flows/sweep-vault.ts';
import { tidyEvery, tidyLedger } from '../flows/tidy-ledger.ts';
import { wakeForgotten } from '../flows/wake-forgotten.ts';
import type { World } from '../flows/world.ts';
import type { DatabaseWatch } from '../kit/database-watch.ts';
import { makeGate } from '../kit/gate.ts';
import type { Pressure } from '../kit/pressure.ts';
import type { Settings } from '../settings/settings.ts';
import { everyMs, type Told } from './every-ms.ts';
import type { Closer } from './outside.ts';

const noticesAtOnce = 3;

/** Returns what to call when an outage of the door is over. */
export async function startWorkers(
  world: World,
  settings: Settings,
  pressure: Pressure,
  watch: DatabaseWatch,
  closers: Closer[],
): Promise<() => void> {
  const { reconcile: reconciling } = settings;
  const { queue, tools } = world;
  await queue.work('conversation', 8, async (key) => {
    await pressure.calm();
    return catchUpConversation(world, key);
  });
  const { concurrency, retryForMs } = settings.media;
  const copying = { retryFor: milliseconds(retryForMs), gate: makeGate(concurrency) };
  await queue.work('media', concurrency, async (key) => {
    await pressure.calm();
    return copyFiles(world, copying, key);
  });
  await queue.work('replies', 4, (key) => collectReplies(world, key));
  await queue.work('sends', 6, (key) => sendReplies(world, key));
  // Few at a time, so that agents' replies have the database and the platforms to themselves.
  await queue.work('notices', noticesAtOnce, (key) => sendNotices(world, key));
  await queue.work('history', 4, async (key) => {
    await pressure.calm();
    return recordHistory(world, key);
  });
  await queue.work('campaigns', 1, (key) => runCampaign(world, key));
  await queue.work('coach', 1, (key) => coachTickets(world, key));
  await queue.work('vault-sweep', 1, () => sweepVault(world, milliseconds(settings.media.keepForMs)));
  await queue.work('reconcile', 1, (key) => reconcileHelpdesk(world, key));
  const told = { log: tools.log, watch };
  await queue.work('crm-consents', 1, (key) => keepConsentsAtCrm(world, key));
  for (const { id, session } of world.crms.values())
    if (session.consents)
      everyMs(told, closers, session.consents.every, 'crm-consents', () =>
        queue.wakeLater({ queue: 'crm-consents', key: id }),
      );
  await queue.work('reconcile-channel', 2, (key) => reconcileChannel(world, key, reconciling));
  everyMs(told, closers, 5_000, 'sweep', () => wakeForgotten(world));
  everyMs(told, closers, 1_000, 'campaigns', () => wakeCampaigns(world));
  everyMs(told, closers, 1_000, 'probe', () => probePaused(world, tools.clock.now()));
  everyMs(told, closers, sweepEvery, 'vault-sweep', () => queue.wakeLater({ queue: 'vault-sweep', key: 'vault' }));
  const reconcile = () =>
    Promise.all([...world.helpdesks.keys()].map((key) => queue.wakeLater({ queue: 'reconcile', key })));
  await reconcile();
  everyMs(told, closers, reconcileEvery, 'reconcile', reconcile);
  const coach = () => Promise.all([...world.helpdesks.keys()].map((key) => queue.wakeLater({ queue: 'coach', key })));
  await coach();
  everyMs(told, closers, coachEvery, 'coach', coach);
  const looking = await lookAfterChannels(world, reconciling.every);
  closers.push(looking.stop);
  return looking.outageOver;
}

/** One replica at a time: there is one key. */
export async function startTidying(
  { db, queue, tools, vault }: World,
  { ledger, retention }: Settings,
  told: Told,
  closers: Closer[],
): Promise<void> {
  const keep = { webhooks: milliseconds(ledger.keepWebhooksForMs), events: milliseconds(ledger.keepEventsForMs) };
  const keepRest = retention as Record<keyof typeof retention, ReturnType<typeof milliseconds>>;
  await queue.work('tidy', 1, async () => {
    const tidied = await tidyLedger({ db, tools }, keep);
    return tidied.left ? tidied : applyRetention({ db, tools, vault }, keepRest);
  });
  const tidy = () => queue.wakeLater({ queue: 'tidy', key: 'ledger' });
  await tidy();
  everyMs(told, closers, tidyEvery, 'tidy', tidy);
}
