/**
 * `draft`: being made. `awaiting-approval`: a second person has to agree. `scheduled`: begins at its time. `running`: its notices are
 * let go at its rate. `paused`: nobody hears of it until it is resumed. `stopped`: for good. `done`: everybody was told or is past telling.
 */
export const campaignStates = [
  'draft',
  'awaiting-approval',
  'scheduled',
  'running',
  'paused',
  'stopped',
  'done',
] as const;
export type CampaignState = (typeof campaignStates)[number];

/** Orders by which somebody is in a segment or out of it. `products` by their sku; empty: whatever they bought. */
export interface Purchases {
  products: readonly string[];
  withinMs: number;
}

/** Whom a campaign is for: all that is said has to hold. Only who agreed to its purpose ever is. */
export interface Segment {
  /** Kinds of channel; empty: all. */
  channels: readonly string[];
  /** Ids of accounts; empty: all. */
  accounts: readonly string[];
  /** `fr`, `pt-BR`: as the customer's platform or shop tells it; empty: all. */
  languages: readonly string[];
  /** What the shop said of them: each has to be just so. */
  attributes: Readonly<Record<string, string>>;
  bought?: Purchases | undefined;
  notBought?: Purchases | undefined;
  /** Whoever ordered anything within this is left alone: a purchase cycle. */
  leaveOutBuyersForMs?: number | undefined;
  /** Whoever wrote within this. */
  wroteWithinMs?: number | undefined;
}

/** When a campaign stops by itself. Shares from 0 to 1 of those who were told, once so many were. */
export interface Thresholds {
  optOuts: number;
  failures: number;
  after: number;
}

/** What became of those who were told. */
export interface Ended {
  sent: number;
  failed: number;
  optedOut: number;
}

/** Why it has to stop; undefined while it may go on. Too few say nothing. */
export function whyStop(
  { sent, failed, optedOut }: Ended,
  { optOuts, failures, after }: Thresholds,
): string | undefined {
  const tried = sent + failed;
  if (tried < after) return undefined;
  if (failed / tried > failures) return `${percent(failed / tried)} failed, more than ${percent(failures)}`;
  if (sent > 0 && optedOut / sent > optOuts)
    return `${percent(optedOut / sent)} opted out, more than ${percent(optOuts)}`;
  return undefined;
}

const percent = (share: number) => `${Math.round(share * 1000) / 10} %`;

/** From when on a rate counts, and how many had been let go by then. */
export interface Pace {
  perMinute: number;
  since: Date;
  before: number;
}

/**
 * How many may have been let go by now, since the beginning. Reckoned from the beginning, not from the last time: whatever a
 * late look misses the next one makes good, and nothing drifts.
 */
export function dueBy({ perMinute, since, before }: Pace, now: Date): number {
  return before + Math.max(0, Math.floor(((now.getTime() - since.getTime()) * perMinute) / 60_000));
}

const next: Record<CampaignState, readonly CampaignState[]> = {
  draft: ['awaiting-approval', 'scheduled', 'stopped'],
  'awaiting-approval': ['scheduled', 'draft', 'stopped'],
  scheduled: ['running', 'paused', 'stopped'],
  running: ['paused', 'stopped', 'done'],
  paused: ['scheduled', 'running', 'stopped'],
  stopped: [],
  done: [],
};
export const mayBecome = (from: CampaignState, to: CampaignState): boolean => next[from].includes(to);
