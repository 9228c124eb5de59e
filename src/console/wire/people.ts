import type { ContactLine, TicketLink } from './conversations.ts';

/** A customer in a list. */
export interface PersonLine {
  id: number;
  name: string | null;
  email: string | null;
  phone: string | null;
  since: string;
  accounts: string[];
  orders: number;
  /** Questions about who they are that wait for an answer. */
  questions: number;
}

export interface PersonView {
  id: number;
  name: string | null;
  /** With whom they were joined: everything is told of that customer. */
  joinedWith: number | null;
  users: PersonUser[];
  facts: PersonFact[];
  contacts: ContactLine[];
  questions: QuestionView[];
  acts: ActView[];
  consents: ConsentView[];
  proofs: ProofView[];
  orders: OrderView[];
  tickets: (TicketLink & { conversation: number; openedAt: string })[];
  /** Accounts at which a link can be cut or set right: CRMs and helpdesks. */
  linkable: { id: string; type: 'crm' | 'helpdesk' }[];
}

export interface PersonUser {
  account: string;
  platformUser: string;
  evidence: string;
  conversation: number | null;
  /** Who they are at the helpdesk. */
  person: string | null;
}

export interface PersonFact {
  kind: string;
  value: string;
  evidence: string;
  by: string;
  at: string;
  withdrawn: { at: string; by: string; why: string } | null;
}

export interface QuestionView {
  id: number;
  customer: number;
  customerName: string | null;
  target: string;
  conversation: number | null;
  why: string;
  candidates: CandidateView[];
  askedAt: string;
  /** What is known of the customer, to compare with. */
  known: { email: string | null; phone: string | null; accounts: string[] };
}

export interface CandidateView {
  id: string;
  object: string | null;
  name: string | null;
  email: string | null;
  url: string | null;
}

export interface ActView {
  id: number;
  at: string;
  who: string;
  what: 'choose' | 'none' | 'cut' | 'join' | 'undo';
  target: string | null;
  why: string | null;
  undoes: number | null;
  undoneBy: number | null;
}

export interface ConsentView {
  channel: string;
  purpose: string;
  state: 'pending' | 'granted' | 'revoked';
  since: string;
}

export interface ProofView {
  id: number;
  at: string;
  channel: string;
  purpose: string;
  act: 'asked' | 'granted' | 'revoked';
  source: string;
  by: string;
  /** What they were shown or wrote; null without the right to read it. */
  words: string | null;
  account: string | null;
}

export interface OrderView {
  id: number;
  shop: string;
  number: string;
  state: string;
  /** In minor units of the currency. */
  total: number | null;
  currency: string | null;
  placedAt: string | null;
  updatedAt: string;
}

/** An act that was done; undone by its number. */
export interface Acted {
  act: number;
  corrected: number;
}

/** What was done where to forget a customer; holds nothing of theirs. */
export interface ErasureReceipt {
  code: string;
  askedBy: string;
  askedAt: string;
  /** `incomplete`: what was refused has to be seen to by hand, or tried again. */
  state: 'waiting' | 'working' | 'done' | 'incomplete';
  endedAt: string | null;
  steps: {
    /** `ledger`, `vault`, or a target: `helpdesk:acme-zendesk`. */
    place: string;
    what:
      | ('rows' | 'work under way' | 'raw webhooks' | 'kept events')
      | ('files' | 'ticket' | 'person' | 'history' | 'contact' | 'identity' | 'consents');
    state: 'waiting' | 'done' | 'refused';
    /** How many things were removed. */
    count: number;
    reason: string | null;
    endedAt: string | null;
  }[];
}
