import type { MatchRule, PersonRule } from './contact-match.ts';
import type { Duration } from './duration.ts';
import type { Evidence } from './evidence.ts';
import type { OpeningHours } from './opening-hours.ts';
import type { RoutingRule } from './routing.ts';

/** What the mapping's Liquid expressions can use. */
export interface MappingContext {
  channel: { id: string; kind: string; label: string };
  customer: {
    name: string;
    firstName?: string;
    lastName?: string;
    email?: string;
    phone?: string;
    locale?: string;
    platformUserId: string;
    /** What the shop told, by name. */
    attributes?: Readonly<Record<string, string>>;
  };
  conversation: { id: string };
  /** The customer's latest order, where a shop told of one lately. `total` is in minor units. */
  order?: {
    number: string;
    state: string;
    shop: string;
    updatedAt: string;
    url?: string;
    currency?: string;
    total?: number;
    tracking?: string;
    trackingUrl?: string;
  };
  ticket?: { id: string };
  message?: { id: string; text: string; at: string; direction: 'in' | 'out'; author: string };
  contact?: { id?: string; leadId?: string };
  /** Where the customer came from, lately. */
  referral?: { ref?: string; source?: string; adId?: string; title?: string };
  /** The language they write in, as ISO 639-1 names it. */
  language?: string;
  hours?: { open: boolean; opensAt?: string; timeZone: string };
  file?: { name: string; reason: string };
  /** What a text about consent is about: `marketing`, `list:spring`… */
  purpose?: string;
  /** The address that is to be verified, and the code that goes there. */
  email?: string;
  code?: string;
  /** Why something failed, in plain words: for the notes. */
  reason?: string;
}

/** A text that is sent by itself, in the customer's language where there is one for it. */
export interface AutomaticText {
  text(context: MappingContext, language: string | undefined): string;
  choices: readonly {
    title(context: MappingContext): string;
    payload?: string | undefined;
    url?: string | undefined;
  }[];
}

/** Of two customers who are one: whose value remains, if both have one. */
export const fieldRules = ['kept', 'newer', 'older'] as const;
export type FieldRule = (typeof fieldRules)[number];
/** A name goes whole: first name, last name and all. */
export type FieldRules = Partial<Record<'name' | 'locale' | 'pictureUrl', FieldRule>>;

/** How chats become tickets, contacts and history, as the CRM admin said it. Checked and compiled before it holds. */
export interface Mapping {
  tickets: {
    subject(context: MappingContext): string;
    tags(context: MappingContext): string[];
    fields(context: MappingContext): Record<string, unknown>;
    /** A ticket solved longer ago than this is left alone and a new one opened. */
    reopenSolvedWithin: Duration;
    /** Put on the ticket when a reply could not be delivered. */
    failureTag: string;
    /** Put on a ticket that could not be routed as the rules say. */
    routingFailureTag: string;
    /** Whether what is said in public (under a post, in a story) becomes a ticket too. */
    fromPublicComments: boolean;
    /** What becomes of a message that its customer withdraws: agents are told, or it is removed everywhere as well. */
    unsend: 'note' | 'redact';
  };
  /** How well an e-mail, a phone or a shop's customer id must be known for each act. */
  identity: {
    /** The ticket's subject, fields and tags, notes, and the history. */
    showOnTicket: Evidence;
    /** To be looked up at the CRM and the helpdesk by it. */
    match: Evidence;
    /** The customer's user at the helpdesk. */
    writePerson: Evidence;
    /** A contact that is created or brought up to date. */
    writeContact: Evidence;
    /** Whoever writes is asked for their e-mail address, which a mailed code then verifies. */
    askForEmail: boolean;
    askText(context: MappingContext): string;
    codeSentText(context: MappingContext): string;
    wrongCodeText(context: MappingContext): string;
    lateCodeText(context: MappingContext): string;
    verifiedText(context: MappingContext): string;
    mailSubject(context: MappingContext): string;
    mailText(context: MappingContext): string;
  };
  /** Where new tickets go. */
  routing: readonly RoutingRule<MappingContext>[];
  /** Further fields of the customer's user at the helpdesk. */
  requester: { fields(context: MappingContext): Record<string, unknown> };
  contacts: {
    match: readonly MatchRule[];
    /** Instead of `match`, by channel account. */
    matchFor: Readonly<Record<string, readonly MatchRule[]>>;
    /** The contact's field that holds the customer's external id; none: not matched by it. */
    externalIdField?: string;
    create: boolean;
    fields(context: MappingContext): Record<string, unknown>;
  };
  /** How customers become users of the helpdesk, and what remains of two who are one. */
  people: {
    match: readonly PersonRule[];
    joinedFields: FieldRules;
  };
  history: {
    shape: 'task' | 'object';
    keyField: string;
    object: string;
    subject(context: MappingContext): string;
    fields(context: MappingContext): Record<string, unknown>;
    objectFields(context: MappingContext): Record<string, unknown>;
  };
  notes: {
    replyFailed(context: MappingContext): string;
    ambiguousContact(context: MappingContext): string;
    routingFailed(context: MappingContext): string;
  };
  /** Without them it is always open. */
  openingHours?: OpeningHours | undefined;
  automaticTexts: {
    /** `again`: also to somebody who was silent for so long. */
    welcome?: (AutomaticText & { again?: Duration | undefined }) | undefined;
    outOfHours?: AutomaticText | undefined;
    fileTooLarge?: AutomaticText | undefined;
    fileRefused?: AutomaticText | undefined;
    /** What is answered to STOP, START, HELP, to a yes; and the question that wants one. */
    consent: Partial<Record<'stopped' | 'started' | 'agreed' | 'help' | 'question', AutomaticText | undefined>>;
  };
  /** What agents send with a click from the app beside the ticket. */
  agentApp: {
    quickReplies: readonly (AutomaticText & { title: string })[];
    askEmail: AutomaticText;
    askPhone: AutomaticText;
  };
}
