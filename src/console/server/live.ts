import type { Request, Response } from 'express';
import { sql } from 'kysely';
import type { Database } from '../../store/database.ts';

/** How often the ledger is asked what changed, and how often a silent connection says that it lives. Milliseconds. */
const lookEveryMs = 2_000;
const breathEveryMs = 20_000;
/** Whether whoever listens is still signed in is looked at this often. */
const checkEveryMs = 60_000;

/** Tells open pages which tables changed, by server-sent events. */
export interface Live {
  listen(request: Request, response: Response, stillMay: () => Promise<boolean>): void;
  /** Ends all connections. */
  close(): void;
}

/**
 * Postgres counts for each table what was written; comparing those counts costs the writers nothing and sees every replica. One
 * look every two seconds for the whole process, and none while nobody listens.
 */
export function makeLive(db: Database): Live {
  const open = new Set<Response>();
  let known: Map<string, string> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const look = async () => {
    const found = await writesOf(db).catch(() => known ?? new Map<string, string>());
    const changed = known
      ? [...found].filter(([table, count]) => known!.get(table) !== count).map(([table]) => table)
      : [];
    known = found;
    if (changed.length > 0)
      for (const response of open) response.write(`event: changed\ndata: ${JSON.stringify(changed)}\n\n`);
  };
  const again = () => {
    timer = setTimeout(() => void look().finally(() => open.size > 0 && again()), lookEveryMs);
  };
  const leave = (response: Response) => {
    open.delete(response);
    if (open.size > 0) return;
    clearTimeout(timer);
    known = undefined;
  };
  return {
    listen: (request, response, stillMay) => {
      response
        .status(200)
        .set({ 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
      response.write('retry: 3000\nevent: open\ndata: {}\n\n');
      open.add(response);
      if (open.size === 1) void look().finally(() => open.size > 0 && again());
      const breath = setInterval(() => response.write(': \n\n'), breathEveryMs);
      const check = setInterval(
        () =>
          void stillMay().then(
            (may) => may || response.end(),
            () => undefined,
          ),
        checkEveryMs,
      );
      request.on('close', () => {
        clearInterval(breath);
        clearInterval(check);
        leave(response);
      });
    },
    close: () => {
      for (const response of open) response.end();
    },
  };
}

async function writesOf(db: Database): Promise<Map<string, string>> {
  const { rows } = await sql<{ name: string; writes: string }>`
    select relname as name, (n_tup_ins + n_tup_upd + n_tup_del)::text as writes
    from pg_stat_user_tables where schemaname = current_schema()`.execute(db);
  return new Map(rows.map(({ name, writes }) => [name, writes]));
}
