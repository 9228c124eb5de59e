import { channelTarget, helpdeskTarget } from '../domain/target.ts';
import { keepWatches } from '../store/watches.ts';
import { whenSettled } from './reconcile-channel.ts';
import type { World } from './world.ts';

export interface LookingAfter {
  /** To be called when the door works again: what was said meanwhile is looked for once it has settled. */
  outageOver(): void;
  stop(): void;
}

/**
 * Wakes the `reconcile-channel` job of every account: at once, when what was said just before the start has settled, and
 * every `every` ms; never where that is 0.
 */
export async function lookAfterChannels(
  { db, queue, tools, channels, helpdesks }: Pick<World, 'db' | 'queue' | 'tools' | 'channels' | 'helpdesks'>,
  every: number,
): Promise<LookingAfter> {
  await keepWatches(db, [...[...channels.keys()].map(channelTarget), ...[...helpdesks.keys()].map(helpdeskTarget)]);
  if (every === 0) return { outageOver: () => undefined, stop: () => undefined };
  const wake = () =>
    Promise.all([...channels.keys()].map((key) => queue.wakeLater({ queue: 'reconcile-channel', key })));
  const look = () => {
    wake().catch((error: Error) => tools.log.error('reconcile-channel.failed', { why: error.message }));
  };
  await wake();
  const timer = setInterval(look, every);
  let settling = setTimeout(look, whenSettled);
  return {
    outageOver: () => {
      clearTimeout(settling);
      settling = setTimeout(look, whenSettled);
    },
    stop: () => {
      clearInterval(timer);
      clearTimeout(settling);
    },
  };
}
