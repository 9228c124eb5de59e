import type { Priority } from './consent.ts';
import type { ConsentWords } from './consent-words.ts';
import type { Duration } from './duration.ts';

/** From and to as minutes of the day; the span may go over midnight. */
export interface QuietHours {
  from: number;
  to: number;
  /** What is urgent about an order may come at night. */
  exceptUrgent: boolean;
}

/** No more than `most` for a purpose (`*`: all together) in any stretch of `per`. */
export interface Cap {
  purpose: string;
  most: number;
  per: Duration;
}

/** What a company says of the messages it sends without being asked: `notices:` in its configuration. */
export interface NoticeRules {
  /** As IANA names it: where customers are of whom nothing tells it. */
  defaultTimeZone: string;
  quietHours?: QuietHours;
  caps: readonly Cap[];
  /** After something more important a customer is left alone so long by what is less so. 0: not at all. */
  spacing: Duration;
  /** The same words to the same customer are not sent again within this. 0: they are. */
  sameWithin: Duration;
  /** Purposes that a customer has to confirm in the chat. */
  doubleOptIn: readonly string[];
  /** Named lists beside order updates and marketing; `list:NAME`. */
  lists: readonly string[];
  /** By which customers end, allow and ask. */
  words: ConsentWords;
}

export const defaultPriority: Priority = 'normal';
