import type { Evidence } from '../domain/evidence.ts';
import type { BubbleState } from '../domain/reply-state.ts';
import type { CustomerConfidence, TicketSigns } from '../domain/ticket-signs.ts';

/** What the app beside a ticket and the service say to each other. Times are ISO texts, ids numbers; `null`: not known. */
export interface TicketView {
  /** By the service's clock: the app counts down from here. */
  now: string;
  ticket: { number: string; state: 'opening' | 'open' | 'closed' | 'gone' | 'left' };
  channel: { kind: string; label: string; account: string };
  customer: CustomerView;
  blocked: { at: string; by: string; spam: boolean } | null;
  window: { state: TicketSigns['window']; until: string | null };
  /** Whether a free text reaches the customer now. */
  may: 'yes' | 'closed' | 'never-wrote' | 'counted';
  /** What can be sent with a click. */
  sayings: Saying[];
  /** Whether the channel has approved templates. */
  templates: boolean;
  /** What was said to the customer on this ticket, the latest first. */
  replies: ReplyView[];
  others: OtherView[];
  orders: OrderView[];
  consents: ConsentView[];
}

/** A text of the mapping, as this customer would read it. */
export interface Saying {
  /** `ask-email`, `ask-phone`, or `quick:{n}`: the n-th of the mapping. */
  id: string;
  /** Of a quick reply, as the mapping has it. */
  title: string | null;
  text: string;
}

export interface CustomerView {
  id: number;
  name: string;
  confidence: CustomerConfidence;
  facts: { kind: 'email' | 'phone' | 'shop-customer'; value: string; evidence: Evidence }[];
  contacts: ContactView[];
  /** The CRM where they can be linked to a contact. */
  crm: string | null;
  questions: QuestionView[];
  /** The last thing somebody decided on these links, while it can be undone. */
  lastAct: { id: number; what: 'choose' | 'none' | 'cut' | 'join' | 'undo'; at: string } | null;
}

export interface ContactView {
  crm: string;
  state: 'linked' | 'ambiguous' | 'none';
  id: string | null;
  object: string | null;
  name: string | null;
  url: string | null;
  /** In words. */
  evidence: string;
}

/** Who of several the customer is: an agent may say. */
export interface QuestionView {
  id: number;
  /** Where the candidates are: the id of a CRM or helpdesk. */
  at: string;
  candidates: { id: string; name: string | null; email: string | null; url: string | null }[];
}

export interface ReplyView {
  id: number;
  by: 'agent' | 'inbox' | 'service' | 'shop';
  name: string | null;
  at: string;
  /** Its beginning. */
  text: string;
  /** Null: it was not sent by this service. */
  state: BubbleState | null;
  since: string | null;
  reason: string | null;
}

export interface OtherView {
  conversation: number;
  channel: string;
  account: string;
  lastCustomerAt: string | null;
  ticket: { number: string; url: string | null; here: boolean } | null;
}

export interface OrderView {
  id: number;
  number: string;
  state: string;
  /** In the currency, as the shop told it. */
  total: number | null;
  currency: string | null;
  updatedAt: string;
  url: string | null;
}

export interface ConsentView {
  channel: string;
  purpose: string;
  state: 'pending' | 'granted' | 'revoked';
  since: string;
}

export interface TemplateView {
  name: string;
  language: string;
  /** With placeholders as the platform writes them. */
  text: string;
  /** How many blanks it has. */
  parameters: number;
}

/** `key`: made up by the app for each wish, and said again when it is tried again: it is carried out once. */
export interface SayWish {
  key: string;
  id: string;
  /** As the agent read it. */
  text: string;
}

export interface TemplateWish {
  key: string;
  name: string;
  language: string;
  parameters: string[];
}

/** Blocks the customer on this account, or lets them in again. */
export interface BlockWish {
  blocked: boolean;
  spam: boolean;
}

/** Why something was not done. `detail` is for people, in English. */
export type Refusal =
  | 'window-closed'
  | 'stopped'
  | 'blocked'
  | 'changed'
  | 'no-template'
  | 'wrong-blanks'
  | 'not-readable'
  | 'decided-already';

/** Why there is nothing to show: no app is set up for that helpdesk, or the ticket came from no chat. */
export type Missing = 'no-app' | 'no-chat';

/** `again`: this wish had been carried out before. */
export type Sent = { message: number; again: boolean };
