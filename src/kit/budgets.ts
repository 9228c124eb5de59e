import {
  BurstyRateLimiter,
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRes,
  type RateLimiterStoreAbstract,
} from 'rate-limiter-flexible';

/** How many calls of a kind a platform takes in a minute, all replicas together. `key` names what is counted. */
export interface Budget {
  key: string;
  perMinute: number;
}

/** What may be done now: `taken` counts as done; else how long to wait, in milliseconds. */
export type Taken = { taken: true } | { taken: false; waitMs: number };

/** The calls that platforms allow, shared by all replicas. */
export interface Budgets {
  /**
   * Takes one call out of each budget, waiting for at most `patienceMs`. Those who wait go in order, the urgent ones first.
   * `taken: false` when it would take longer, or at a stop; then nothing may be called.
   */
  take(budgets: readonly Budget[], wish: { urgent: boolean; patienceMs: number }): Promise<Taken>;
  /** Nobody gets anything out of this budget for a while: the platform said so. */
  block(key: string, ms: number): Promise<void>;
  /** Milliseconds for which this replica knows the budget to be blocked; 0 when it is not. */
  blockedFor(key: string): number;
  /** Ends the waiting of all. */
  close(): void;
}

type Limiters = (name: string, points: number, durationSeconds: number) => Limiter;
type Limiter = Pick<RateLimiterStoreAbstract, 'consume' | 'block'>;
/** What a pg pool offers of what the limiter needs. */
export interface QueryRunner {
  query(query: {
    name?: string;
    text: string;
    values: unknown[];
  }): Promise<{ rows: unknown[]; rowCount: number | null }>;
}

/** Shared through the table `budgets` in Postgres. */
export const sharedBudgets = (pool: QueryRunner): Budgets =>
  makeBudgets(
    (name, points, duration) =>
      new RateLimiterPostgres({
        storeClient: pool,
        storeType: 'pool',
        tableName: 'budgets',
        tableCreated: true,
        keyPrefix: name,
        points,
        duration,
      }),
  );

/** Of this process alone: for the doctor and for tests. */
export const memoryBudgets = (): Budgets =>
  makeBudgets((keyPrefix, points, duration) => new RateLimiterMemory({ keyPrefix, points, duration }));

const windowSeconds = 3;
/** No platform allows so many a minute; counting would only cost. */
const unlimited = 100_000;
/** A call that the database cannot count just now is asked for again after this. */
const databaseAwayMs = 500;

/**
 * Nine tenths of a minute's calls in even portions of three seconds, the rest for bursts. Windows of a limiter begin when first
 * used, so that in any 60 seconds 21 portions and two bursts can fall.
 */
function portions({ perMinute }: Budget): { steady: number; burst: number } {
  const steady = Math.floor((perMinute * 0.9) / 21);
  return steady > 0
    ? { steady, burst: Math.floor((perMinute - steady * 21) / 2) }
    : { steady: 0, burst: Math.max(1, Math.floor(perMinute / 2)) };
}

function makeBudgets(limiters: Limiters): Budgets {
  const lines = new Map<string, Line>();
  const blocked = new Map<string, number>();
  let closed = false;
  const lineOf = (budget: Budget): Line => {
    const name = `${budget.key}:${budget.perMinute}`;
    const line = lines.get(name) ?? makeLine(budget, limiters, () => closed);
    lines.set(name, line);
    return line;
  };
  return {
    take: async (budgets, wish) => {
      const deadline = Date.now() + wish.patienceMs;
      for (const budget of budgets.filter(({ perMinute }) => perMinute < unlimited)) {
        const taken = await lineOf(budget).wait(wish.urgent, deadline);
        if (!taken.taken) return taken;
      }
      return { taken: true };
    },
    blockedFor: (key) => Math.max(0, (blocked.get(key) ?? 0) - Date.now()),
    block: async (key, ms) => {
      blocked.set(key, Date.now() + ms);
      const own = [...lines].filter(([name]) => name.startsWith(`${key}:`)).map(([, line]) => line);
      await Promise.all(own.map((line) => line.block(ms)));
    },
    close: () => {
      closed = true;
      for (const line of lines.values()) line.giveUp();
    },
  };
}

interface Line {
  wait(urgent: boolean, deadline: number): Promise<Taken>;
  block(ms: number): Promise<void>;
  giveUp(): void;
}

interface Waiter {
  deadline: number;
  settle(taken: Taken): void;
}

/** Those of this process who wait for one budget; one at a time asks for them all. */
function makeLine(budget: Budget, limiters: Limiters, isClosed: () => boolean): Line {
  const { steady, burst } = portions(budget);
  const burstLimiter = limiters('burst', burst, 60);
  const steadyLimiter = steady > 0 ? limiters('steady', steady, windowSeconds) : undefined;
  const consume = (): Promise<unknown> =>
    steadyLimiter
      ? new BurstyRateLimiter(steadyLimiter as never, burstLimiter as never).consume(budget.key)
      : burstLimiter.consume(budget.key);
  const waiting = { urgent: [] as Waiter[], others: [] as Waiter[] };
  let blockedUntil = 0;
  /** Nothing is to be had before. */
  let freeAt = 0;
  let asking = false;
  let wake: (() => void) | undefined;

  const next = () => waiting.urgent.shift() ?? waiting.others.shift();
  const refuse = (waiter: Waiter, waitMs: number) => waiter.settle({ taken: false, waitMs });
  const giveUp = () => {
    for (let waiter = next(); waiter; waiter = next()) refuse(waiter, 1_000);
    wake?.();
  };
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  /** Those whose patience ends before anything is free are told at once, and go on with something else. */
  const dismiss = () => {
    for (const line of [waiting.urgent, waiting.others])
      for (const waiter of line.splice(0)) {
        if (waiter.deadline < freeAt) refuse(waiter, freeAt - Date.now());
        else line.push(waiter);
      }
  };
  const anybody = () => waiting.urgent.length + waiting.others.length > 0;
  const serve = async () => {
    if (asking) return;
    asking = true;
    while (anybody()) {
      if (isClosed()) giveUp();
      else if (freeAt <= Date.now()) freeAt = Math.max(blockedUntil, Date.now() + (await waitOf(consume)));
      if (isClosed()) continue;
      if (freeAt <= Date.now()) next()?.settle({ taken: true });
      else dismiss();
      if (anybody() && freeAt > Date.now()) await pause(Math.min(freeAt - Date.now(), 5_000));
    }
    asking = false;
  };
  return {
    wait: (urgent, deadline) =>
      new Promise((settle) => {
        if (freeAt > deadline) return settle({ taken: false, waitMs: freeAt - Date.now() });
        (urgent ? waiting.urgent : waiting.others).push({ deadline, settle });
        void serve();
      }),
    block: async (ms) => {
      blockedUntil = Date.now() + ms;
      freeAt = Math.max(freeAt, blockedUntil);
      const seconds = Math.ceil(ms / 1_000);
      for (const limiter of [steadyLimiter, burstLimiter])
        await limiter?.block(budget.key, seconds).catch(() => undefined);
    },
    giveUp,
  };
}

/** 0 when one call was taken, else milliseconds until it makes sense to ask again. */
async function waitOf(consume: () => Promise<unknown>): Promise<number> {
  try {
    await consume();
    return 0;
  } catch (refused) {
    return refused instanceof RateLimiterRes ? Math.max(20, refused.msBeforeNext) : databaseAwayMs;
  }
}
