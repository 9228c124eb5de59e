import type { Duration } from './duration.ts';

export interface WindowRules {
  window?: Duration;
  /** How long a person may still answer, if the account may at all. */
  humanAgentWindow?: Duration;
  /** How many messages the platform still takes before the customer writes again, where it counts. */
  messagesLeft?: number;
}

/** Whether, and by what right, an agent's reply may be sent now. `why` is written for the agent. */
export type MaySend = { right: 'response' | 'human-agent' } | { right: 'none'; why: string };

/**
 * Judged at the moment of sending, by the time of the customer's last act as the platform told it. A customer who never
 * wrote has no window. A channel without a window may always be written to.
 */
export function maySend(lastCustomerAt: Date | undefined, now: Date, rules: WindowRules): MaySend {
  if (rules.window === undefined) return { right: 'response' };
  if (!lastCustomerAt)
    return { right: 'none', why: 'the customer has not written here yet, so the platform allows no message' };
  const age = now.getTime() - lastCustomerAt.getTime();
  if (age <= rules.window && (rules.messagesLeft ?? 1) <= 0)
    return { right: 'none', why: 'the platform takes no more messages until the customer writes again' };
  if (age <= rules.window) return { right: 'response' };
  if (rules.humanAgentWindow !== undefined && age <= rules.humanAgentWindow) return { right: 'human-agent' };
  const limit = inWords(rules.humanAgentWindow ?? rules.window);
  return {
    right: 'none',
    why: `the customer last wrote ${inWords(age)} ago, and the platform lets a business answer only within ${limit}`,
  };
}

/** Until when an agent may answer freely, as `maySend` will judge; undefined where that does not end, or never began. */
export function answerUntil(lastCustomerAt: Date | undefined, rules: WindowRules): Date | undefined {
  if (rules.window === undefined || !lastCustomerAt) return undefined;
  return new Date(lastCustomerAt.getTime() + Math.max(rules.window, rules.humanAgentWindow ?? 0));
}

function inWords(ms: number): string {
  const hours = Math.floor(ms / 3_600_000);
  return hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`;
}
