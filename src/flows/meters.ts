import type { Target } from '../domain/target.ts';

export type DeliveryOutcome = 'done' | 'later' | 'never' | 'unsure' | 'account-broken' | 'skipped';

/**
 * What became of a signed link: `used`, `again` by the same platform user, `used-before` by another, `expired`, for another
 * account, `unknown` to us, or not looked at after too many unknown ones.
 */
export type LinkOutcome = 'used' | 'again' | 'used-before' | 'expired' | 'other-account' | 'unknown' | 'too-many';

/** What the flows count. The metrics page shows it. */
export interface Meters {
  event(channel: string, type: string, outcome: 'taken' | 'repeat' | 'unsupported' | 'unrouted'): void;
  /** Messages that no webhook told, found in the platform's history. */
  recovered(channel: string, messages: number): void;
  refused(channel: string, reason: string): void;
  /** `ms` from commit to done, for what is done. */
  delivery(target: Target, outcome: DeliveryOutcome, ms?: number): void;
  /** A try to copy a customer's file; `bytes` of what was stored. `target` is the channel's account. */
  media(target: Target, outcome: 'stored' | 'later' | 'never', bytes?: number): void;
  /** A token of a signed link that somebody came with. */
  link(outcome: LinkOutcome): void;
}
