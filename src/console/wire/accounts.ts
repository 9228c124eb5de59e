export type AccountType = 'channel' | 'helpdesk' | 'crm';

/** The worst that is known of an account. `unknown`: nobody has looked yet. */
export type AccountState = 'fine' | 'warning' | 'bad' | 'paused' | 'broken' | 'unknown';

export interface AccountLine {
  type: AccountType;
  id: string;
  kind: string;
  /** What the platform is called. */
  label: string;
  state: AccountState;
  /** What is wrong, in a few words; null: nothing. */
  trouble: string | null;
  /** Where a channel's conversations go. */
  helpdesk: string | null;
  crm: string | null;
  /** When something last came from a customer. */
  lastMessageAt: string | null;
}

export interface Accounts {
  /** When the platforms were last asked; null: not yet. */
  checkedAt: string | null;
  /** They are being asked now. */
  checking: boolean;
  accounts: AccountLine[];
  /** The service itself: database, public address, files, configuration. */
  own: CheckedPlace[];
}

export interface CheckedPlace {
  account: string;
  findings: FoundThing[];
}

export interface FoundThing {
  ok: boolean;
  warning: boolean;
  what: string;
  why: string | null;
  fix: string | null;
  matters: string | null;
}

/** One account with all there is to know of it. */
export interface AccountDetail extends AccountLine {
  checkedAt: string | null;
  checking: boolean;
  findings: FoundThing[];
  /** What can be done from here about what was found; null: nothing. */
  mend: string | null;
  /** Where the platform is to deliver; null where nothing is delivered, or the public address is not known. */
  webhookUrl: string | null;
  limits: AccountLimits | null;
  settings: { name: string; value: string; about: string | null }[];
}

/** What a channel's platform allows. Times in milliseconds. */
export interface AccountLimits {
  textLength: number;
  attachmentBytes: number;
  attachmentBytesByType: { type: string; bytes: number }[];
  /** How long after the customer's last message the business may write freely; null: always. */
  windowMs: number | null;
  /** How long a person may still answer after that; null: no longer. */
  humanWindowMs: number | null;
  messagesPerWindow: number | null;
  choices: { most: number; titleLength: number } | null;
  templates: boolean;
  /** What can be done once the window has closed; null: nothing is known. */
  afterWindow: string | null;
}

/** Somebody a test message could go to. */
export interface TestTarget {
  conversation: number;
  name: string | null;
  lastCustomerAt: string | null;
}
