import type { WakeUp } from '../queue/wake-up.ts';
import type { ArrivalOutcome } from '../store/tables.ts';

/** A verified webhook and what it told, on its way into the ledger. */
export interface Arrival {
  /** The metric's label: the channel's or helpdesk's kind. */
  kind: string;
  /** The account whose URL was called, if the URL named one. */
  account: string | null;
  /** `channel:` or `helpdesk:` and its kind. */
  source: string;
  body: Buffer;
  events: ArrivedEvent[];
  /** When it came, in milliseconds since 1970; told only where somebody listens to traces. */
  cameAt?: number;
}

export interface ArrivedEvent {
  account: string;
  /** Unique within the account: a second one is a repeat. */
  key: string;
  outcome: ArrivalOutcome;
  platformUser: string | null;
  event: { type: string; at: Date };
  wakeUp?: WakeUp;
  /** Wake even for a repeat: a hint whose repeat may be news. */
  always?: true;
}
