/** A conversation in a list. */
export interface ConversationLine {
  id: number;
  account: string;
  /** The channel's kind and name; null: the account is no longer configured. */
  channel: { kind: string; label: string } | null;
  platformUser: string;
  customer: number;
  name: string | null;
  /** When the customer last wrote. */
  latest: string;
  ticket: TicketLink | null;
  /** The last thing said; null without the right to read it. */
  last: { author: Author; text: string } | null;
  waiting: number;
  parked: number;
}

export type Author = 'customer' | 'agent' | 'inbox' | 'service' | 'shop';

export interface TicketLink {
  number: string | null;
  helpdesk: string;
  state: 'opening' | 'open' | 'closed' | 'gone' | 'left';
  url: string | null;
}

/** A message that was found by its words. */
export interface FoundWords {
  message: number;
  conversation: number;
  account: string;
  name: string | null;
  author: Author;
  at: string;
  text: string;
}

/** What a list of conversations can be narrowed to. */
export interface ConversationChoices {
  channels: { kind: string; label: string }[];
  accounts: { id: string; kind: string }[];
}

export interface ConversationHead extends Omit<ConversationLine, 'last' | 'ticket'> {
  /** How it is known that this platform user is this customer. */
  identity: { evidence: string; by: string | null; since: string } | null;
  contacts: ContactLine[];
  tickets: TicketLink[];
  /** An agent wants nothing more of them. */
  blocked: { at: string; by: string; spam: boolean } | null;
}

export interface ContactLine {
  crm: string;
  state: 'linked' | 'ambiguous' | 'none';
  id: string | null;
  object: string | null;
  name: string | null;
  url: string | null;
  evidence: string;
  strength: string | null;
  decided: boolean;
  by: string;
  since: string | null;
}

export interface ThreadItem {
  id: number;
  kind: 'said' | 'note' | 'file' | 'redaction';
  author: Author;
  authorName: string | null;
  at: string;
  /** Null without the right to read it. */
  text: string | null;
  /** What it is made of: `text`, `image`… */
  parts: string[];
  late: boolean;
  redacted: boolean;
  /** No webhook told it: it was found in the platform's history. */
  recovered: boolean;
  /** The version of the mapping it was written under. */
  mapping: number | null;
  ticket: { number: string; url: string | null } | null;
  journey: JourneyStep[];
}

export type StepState = 'done' | 'waiting' | 'parked' | 'skipped' | 'unsure';

/** One step of a message on its way. */
export interface JourneyStep {
  what: 'written' | 'received' | 'file' | 'helpdesk' | 'crm' | 'channel' | 'sending' | 'sent' | 'delivered' | 'read';
  state: StepState;
  at: string | null;
  /** The account it went to, or a file's name. */
  where: string | null;
  reason: string | null;
  tries: number;
  replays: number;
}

export interface RawMessage {
  receivedAt: string;
  source: string;
  body: string;
}

/** What a replay did, or would do. */
export interface Replayed {
  dryRun: boolean;
  replayed: number;
  events: number;
  unsure: number;
  waiting: number;
}
