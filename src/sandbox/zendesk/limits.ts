import { type Answer, tooManyRequests } from './answer.ts';
import { now, type State } from './state.ts';

/** Requests answered before a 429 (Zendesk developer docs, "Rate limits"). */
export interface ZendeskLimits {
  /** Of any kind, per minute and account. Enterprise has 700. */
  perMinute: number;
  /** Updates of tickets, per minute and account. */
  ticketUpdatesPerMinute: number;
  /** Updates of one ticket by one user, per ten minutes. */
  ticketUpdatesPerTenMinutes: number;
  /** Updates of one user, per minute. */
  userUpdatesPerMinute: number;
  incrementalPerMinute: number;
}

export const usualLimits: ZendeskLimits = {
  perMinute: 700,
  ticketUpdatesPerMinute: 100,
  ticketUpdatesPerTenMinutes: 30,
  userUpdatesPerMinute: 5,
  incrementalPerMinute: 10,
};

export interface Limit {
  /** What is counted together. */
  name: string;
  most: number;
  windowMs: number;
}

export const perMinute = (name: string, most: number): Limit => ({ name, most, windowMs: 60_000 });
export const perTenMinutes = (name: string, most: number): Limit => ({ name, most, windowMs: 600_000 });

/** Counts one request in each limit, or refuses it when one of them is used up; then none is counted. */
export function useLimits(state: State, limits: Limit[]): Answer | undefined {
  const at = now(state).getTime();
  for (const limit of limits) {
    const times = timesOf(state, limit, at);
    if (times.length >= limit.most) return tooManyRequests(Math.max(1, secondsToFree(limit, times, at)));
  }
  for (const limit of limits) timesOf(state, limit, at).push(at);
  return undefined;
}

/** The headers that tell how much is left of the account's limit. */
export function limitHeaders(state: State, limit: Limit): Record<string, string> {
  const at = now(state).getTime();
  const times = timesOf(state, limit, at);
  const left = String(Math.max(0, limit.most - times.length));
  return {
    'x-rate-limit': String(limit.most),
    'x-rate-limit-remaining': left,
    'ratelimit-limit': String(limit.most),
    'ratelimit-remaining': left,
    'ratelimit-reset': String(times.length > 0 ? secondsToFree(limit, times, at) : 60),
  };
}

function timesOf(state: State, { name, windowMs }: Limit, at: number): number[] {
  const times = (state.counted.get(name) ?? []).filter((time) => time > at - windowMs);
  state.counted.set(name, times);
  return times;
}

const secondsToFree = ({ windowMs }: Limit, times: number[], at: number): number =>
  Math.ceil(((times[0] ?? at) + windowMs - at) / 1000);
