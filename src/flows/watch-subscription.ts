import { minutes } from '../domain/duration.ts';
import type { Subscription } from '../domain/finding.ts';
import { done, type Outcome } from '../domain/outcome.ts';
import { channelTarget, helpdeskTarget, type Target } from '../domain/target.ts';
import { saveSubscription, watchOf } from '../store/watches.ts';
import type { ConnectedChannel, ConnectedHelpdesk, World } from './world.ts';

type WatchingWorld = Pick<World, 'db' | 'tools'>;

/** Asks whether the platform still calls our webhook, and renews it where that is permitted; else the operator is told. */
export async function watchSubscription(world: WatchingWorld, { channel, account }: ConnectedChannel): Promise<void> {
  const { tools } = world;
  const target = channelTarget(account.id);
  const found = await channel.checkSubscription?.(account, tools);
  if (!found) return;
  if (found.result !== 'done' || found.value.ok || !channel.subscribe) return keep(world, target, found);
  const renewed = await channel.subscribe(account, tools);
  const now = renewed.result === 'done' ? await channel.checkSubscription!(account, tools) : found;
  if (now.result === 'done' && now.value.ok) {
    tools.log.warn('subscription.renewed', { target, why: found.value.why });
    return keep(world, target, now);
  }
  const why =
    renewed.result === 'done' ? found.value.why : `${found.value.why} It could not be renewed: ${renewed.why}`;
  return keep(world, target, done({ ...found.value, why }));
}

/** Twice as often would cost calls and tell nothing new. */
const helpdeskEvery = minutes(10);

/** The same for a helpdesk, whose webhook is an administrator's affair: it is only told. */
export async function watchHelpdesk(world: WatchingWorld, { id, session }: ConnectedHelpdesk): Promise<void> {
  if (!session.checkSubscription) return;
  const target = helpdeskTarget(id);
  const before = await watchOf(world.db, target);
  if (before && world.tools.clock.now().getTime() - before.checkedAt.getTime() < helpdeskEvery) return;
  await keep(world, target, await session.checkSubscription());
}

async function keep({ db, tools }: WatchingWorld, target: Target, found: Outcome<Subscription>): Promise<void> {
  if (found.result === 'done' && found.value.ok) return saveSubscription(db, target, { subscribed: true });
  if (found.result === 'done') {
    const { why, fix } = found.value as Exclude<Subscription, { ok: true }>;
    tools.log.error('subscription.lost', { target, why, fix });
    return saveSubscription(db, target, { subscribed: false, why, fix });
  }
  tools.log.warn('subscription.not-checked', { target, result: found.result, why: found.why });
  // A hiccup tells nothing: what was last known stands.
  if (found.result !== 'later') await saveSubscription(db, target, { why: found.why });
}
