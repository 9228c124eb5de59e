import type { Db } from 'pg-boss';
import type { Crew } from './crew.ts';

/** Where pg-boss tells, when a transaction commits, that it brought a job for now: the name of the channel as pg-boss forms it. */
export const channelSql = `'pgboss_' || left(encode(sha224('pgboss'), 'hex'), 24)`;

/** How long a job that was put off may wait beyond its time, for nobody is notified of it. */
const lookEveryMs = 250;

/** After a look that failed. */
const lookAgainMs = 1_000;

/**
 * Wakes a crew when a job came to its queue, and looks for all queues at once whether one that was put off has become due. So
 * workers need not ask for themselves. `failed` hears of what goes wrong; it goes on all the same. Returns what ends it.
 */
export async function keepLookout(
  db: Db,
  crews: ReadonlyMap<string, Crew>,
  failed: (error: unknown) => void,
): Promise<() => Promise<void>> {
  const ear = await listen(db, crews).catch((error: unknown) => {
    failed(error);
    return undefined;
  });
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const look = async () => {
    let nextMs = lookEveryMs;
    try {
      for (const name of await dueQueues(db, [...crews.keys()])) crews.get(name)?.wakeOne();
    } catch (error) {
      if (!stopped) failed(error);
      nextMs = lookAgainMs;
    }
    if (!stopped) timer = setTimeout(look, nextMs);
  };
  timer = setTimeout(look, lookEveryMs);
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await ear?.close();
  };
}

async function listen(db: Db, crews: ReadonlyMap<string, Crew>) {
  const { rows } = await db.executeSql(`select ${channelSql} as channel`);
  const { channel } = rows[0] as { channel: string };
  const wakeAll = () => crews.forEach((crew) => void crew.wakeOne());
  return db.listen?.(channel, (name) => crews.get(name)?.wakeOne(), wakeAll);
}

async function dueQueues(db: Db, names: string[]): Promise<string[]> {
  if (names.length === 0) return [];
  const { rows } = await db.executeSql(
    // Queue by queue, so that the first job that is due is found by the index, not all of them.
    `select name from unnest($1::text[]) name cross join lateral (
       select from pgboss.job_common j
       where j.name = name.name and j.state < 'active' and not j.blocked and j.start_after <= now() limit 1) due`,
    [names],
  );
  return (rows as { name: string }[]).map(({ name }) => name);
}
