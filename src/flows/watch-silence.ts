import { days } from '../domain/duration.ts';
import { isUnusual, shortestSilence } from '../domain/silence.ts';
import { channelTarget } from '../domain/target.ts';
import { heardOnDaysBefore, lastHeard } from '../store/silence.ts';
import { saveSilence, watchOf } from '../store/watches.ts';
import type { World } from './world.ts';

/**
 * Connected, answering, and yet nothing comes: told when that is unusual for this account. Called after the subscription
 * and the history were looked at and gave nothing.
 */
export async function watchSilence({ db, tools }: Pick<World, 'db' | 'tools'>, account: string): Promise<void> {
  const target = channelTarget(account);
  const since = await silentSince(db, account, tools.clock.now());
  if (!(await saveSilence(db, target, since))) return;
  if (since) tools.log.warn('account.silent', { target, since: since.toISOString() });
  else tools.log.info('account.heard-again', { target });
}

async function silentSince(db: World['db'], account: string, now: Date): Promise<Date | undefined> {
  // Then it is no riddle.
  if ((await watchOf(db, channelTarget(account)))?.subscribed === false) return undefined;
  const last = await lastHeard(db, account);
  if (!last || now.getTime() - last.getTime() < shortestSilence) return undefined;
  // Longer stretches would overlap with the day before.
  const from = new Date(Math.max(last.getTime(), now.getTime() - days(1)));
  return isUnusual(await heardOnDaysBefore(db, account, from, now)) ? last : undefined;
}
