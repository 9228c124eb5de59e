import type { Target } from '../domain/target.ts';

export type DeliveryOutcome = 'done' | 'later' | 'never' | 'unsure' | 'account-broken' | 'skipped';

/**
 * What became of a signed link: `used`, `again` by the same platform user, `used-before` by another, `expired`, for another
 * account, `unknown` to us, or not looked at after too many unknown ones.
 */
export type LinkOutcome = 'used' | 'again' | 'used-before' | 'expired' | 'other-account' | 'unknown' | 'too-many';

/** What became of a notice; `delivered` and `read` as far as the platform tells. */
export type NoticeOutcome = 'sent' | 'delivered' | 'read' | 'failed' | 'refused' | 'expired';

/** Why a notice is not sent now: what the gate says, the platform is away, or there is no other way. */
export type NoticeHeld =
  | ('quiet-hours' | 'cap' | 'more-important' | 'customer-first' | 'platform')
  | ('consent' | 'revoked' | 'policy' | 'same-again' | 'gone' | 'no-way');

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
  notice(outcome: NoticeOutcome): void;
  /** Each reason for which a notice waits or is refused counts once, however often the gate is asked. */
  noticeHeld(reason: NoticeHeld): void;
  /** A token of a signed link that somebody came with. */
  link(outcome: LinkOutcome): void;
}
