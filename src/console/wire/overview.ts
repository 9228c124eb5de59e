/** What is drawn: the last hour by the minute, a day by the hour, a week by six hours, thirty days by the day. */
export const ranges = ['1h', '24h', '7d', '30d'] as const;
export type Range = (typeof ranges)[number];

/** How the service does, now. */
export interface Overview {
  at: string;
  /** By target, most waiting first. */
  backlogs: Backlog[];
  paused: PausedTarget[];
  needs: Needs;
  /** Files of customers that are still to be copied. */
  filesWaiting: number;
}

export interface Backlog {
  target: string;
  waiting: number;
  /** Of the longest waiting one, in seconds. */
  oldest: number;
  parked: number;
}

export interface PausedTarget {
  target: string;
  /** `paused`: it does not answer. `broken`: it refuses the account. */
  state: 'paused' | 'broken';
  reason: string;
  since: string;
}

/** What waits for a person, by why. */
export interface Needs {
  parkedMessages: number;
  parkedEvents: number;
  questions: number;
  brokenAccounts: number;
  /** Accounts whose platform does not call our webhook. */
  unsubscribed: number;
  /** Accounts from which nothing has come for an unusual time. */
  silent: number;
}

export interface Figures {
  range: Range;
  /** Of each column of the charts. */
  stepMs: number;
  steps: FigureStep[];
  /** Messages by account over the whole range, most first. */
  accounts: { account: string; in: number; out: number }[];
  /** Seconds within which half, and nineteen of twenty, of customers' messages stood on their ticket; null: there were none. */
  toTicket: { half: number | null; most: number | null };
  deliveries: { target: string; done: number; parked: number }[];
  replies: { state: string; n: number }[];
}

export interface FigureStep {
  at: string;
  in: number;
  out: number;
  done: number;
  parked: number;
}
