import type { z } from 'zod';
import type { Duration } from '../domain/duration.ts';
import type { Finding, Subscription } from '../domain/finding.ts';
import type { AccountId, CommentId, ContactId, Marker, PersonId, TicketId } from '../domain/ids.ts';
import type { Outcome, Trouble } from '../domain/outcome.ts';
import type { Profile } from '../domain/person.ts';
import type { ApiUse } from '../domain/retirements.ts';
import type { PlacedAt, Placement } from '../domain/routing.ts';
import type { SetupTarget } from '../domain/setup.ts';
import type { TicketSigns } from '../domain/ticket-signs.ts';
import type { FetchedFile } from '../kit/download.ts';
import type { Secret } from '../kit/secret.ts';
import type { Tools } from '../kit/tools.ts';
import type { VerifiedRequest, WebhookRequest } from '../kit/webhook.ts';
import type {
  AgentFile,
  HelpdeskCall,
  HelpdeskCallRead,
  HelpdeskConnection,
  RefusedReply,
  ThreadPlace,
} from './called.ts';

export interface HelpdeskAccount {
  id: AccountId;
  kind: string;
}

/** `closed` takes no more comments: open a follow-up. `gone` was deleted: open a new one. */
export type TicketStatus = 'open' | 'solved' | 'closed' | 'gone';

export interface Ticket {
  id: TicketId;
  status: TicketStatus;
  requester?: PersonId;
  /** When it was last changed there. */
  updatedAt?: Date;
}

/** A file waiting at the helpdesk to be attached. Expires (Zendesk: 60 minutes). */
export type UploadToken = string & { readonly _: 'UploadToken' };

export interface CommentDraft {
  /** Comes back from `findComment`. One marker, one comment, however often it is tried. */
  marker: Marker;
  author: PersonId | 'service';
  /** What the customer is called where they wrote it, for a helpdesk on which every comment is by this service's own user. */
  authorName?: string;
  public: boolean;
  /** Plain text. */
  body: string;
  uploads: UploadToken[];
  /** Until when an agent may answer the customer, ISO 8601; told where the helpdesk has a place for it. */
  answerUntil?: string;
  /** What the ticket's fields are to say of the conversation; told where the helpdesk has them. */
  signs?: TicketSigns;
  /** For a helpdesk that takes what was said as resources of a thread, with the customer's own address as their author. */
  thread?: ThreadPlace;
  /** Replies that came by a call (`CalledReply`) and did not reach the customer: the helpdesk marks them. */
  refuses?: readonly RefusedReply[];
}

export interface TicketDraft {
  /** Ours; found again by `findTickets`. */
  externalId: string;
  /** Sent as the idempotency key where the helpdesk has one: the same key always goes with the same draft. */
  idempotencyKey: string;
  requester: PersonId;
  /** What is known of the customer, for a helpdesk that keeps it on the ticket. */
  customer?: { name: string; email?: string; phone?: string };
  subject: string;
  comment: CommentDraft;
  tags: string[];
  /** Further fields of the ticket as the helpdesk names them (`group_id`, `custom_fields`…), from the mapping. */
  fields: Record<string, unknown>;
  /** Where it goes, with the ids that `HelpdeskSession.place` found. */
  placement?: PlacedAt;
  /** The closed ticket this one goes on from. */
  followUpOf?: TicketId;
}

/** `missing` names what there is no such thing of, or no longer, in words: `group “VIP”`. The rest is placed all the same. */
export interface Placed {
  placement: PlacedAt;
  missing: string[];
}

/** A field of a ticket or of a user at the helpdesk. */
export interface DeskField {
  /** As a mapping names it: a ticket's custom field by its number, a user's by its key. */
  id: string;
  title: string;
  /** The helpdesk's own word: `text`, `tagger`, `checkbox`… */
  type: string;
  /** The values it takes, where they are counted. */
  options?: string[];
}

/** What a mapping may name at this helpdesk. */
export interface DeskShape {
  groups: string[];
  brands: string[];
  forms: string[];
  ticketFields: DeskField[];
  personFields: DeskField[];
}

/** A comment on a ticket as its agents see it. */
export interface Comment {
  id: CommentId;
  author: PersonId;
  /** `agent` is staff other than this service's own user. */
  by: 'agent' | 'customer' | 'service';
  public: boolean;
  /** Formatting turned to text that reads well in a chat. */
  text: string;
  files: AgentFile[];
  at: Date;
}

/** What is to be taken out of a comment: all of it, or pieces of one that this service wrote. */
export type Redaction =
  | 'all'
  | {
      /** As it was written. */
      body: string;
      /** In UTF-16 units of `body`. */
      pieces: readonly { from: number; to: number }[];
      files: readonly { name: string; bytes: number }[];
    };

/** How a customer's ticket or user is erased: gone for good, or there without a word or name of theirs. */
export type ErasingWay = 'delete' | 'redact';

/** What a callback tells: only a hint that something changed on a ticket; the comments are read from the API. */
export interface CallbackHint {
  /** Unique within the helpdesk where it gives one, else a hash of the body. */
  id: string;
  ticket: TicketId;
}

/** `probe`: somebody only tries whether callbacks come through; it is said back and nothing is kept. */
export type CallbackReceived = { hints: CallbackHint[] } | { probe: string } | { malformed: string };

/** What an agent's app beside a ticket asks with. */
export interface AppCall {
  /** As the app says: the helpdesk signs what the app hands it. */
  agent: PersonId;
  agentName: string;
  ticket: TicketId;
}

/** What a helpdesk is set up for. */
export interface HelpdeskSetupWish {
  /** Where it is to call this service back. */
  webhookUrl: string;
  /** What the mapping puts on tickets. */
  tags: {
    /** That every chat has; absent where there is none. */
    chat?: string;
    /** That tell one channel from another. */
    channels: readonly { label: string; tag: string }[];
    /** On tickets with a reply that did not arrive. */
    replyFailed: string;
  };
}

/** By what a customer who has no user of ours yet is sought: the first that finds anybody decides. */
export interface PersonSearch {
  by: 'email' | 'phone';
  values: readonly string[];
}

export interface FoundPerson {
  id: PersonId;
  name?: string;
  email?: string;
  by: 'external-id' | PersonSearch['by'];
  /** Whether some external id, ours or another's, is there already. */
  hasExternalId: boolean;
}

/** How to listen to a helpdesk's stream of events. */
export interface ListenOptions {
  /** Where the last listener was; without it, from now on. */
  from: string | undefined;
  /** Called in order with what was heard and the place behind it; the next comes when this is done. */
  heard(tickets: readonly TicketId[], place: string): Promise<void>;
  signal: AbortSignal;
}

/** `place-lost`: what came after `from` can no longer be had. */
export type ListenEnd = { result: 'stopped' } | { result: 'place-lost' } | Trouble;

/** One connected helpdesk. Keeps its token and clients; made once per process by `Helpdesk.connect`. */
export interface HelpdeskSession {
  /**
   * So long it may still act on a request after it was begun, whether its answer was waited for or not. A comment that is not
   * found is not written again before.
   */
  readonly actsWithin: Duration;
  /**
   * It takes what is written as resources of threads: asked again with the same marker, however much later, it says that it has
   * it; of a new ticket it tells the number afterwards (`Helpdesk.readCall`); and no limit holds for the comments of one ticket.
   */
  readonly pushes?: true;
  /**
   * Finds by external id, creates or brings up to date. `known` skips the search. `done` with who they are there.
   * `contact`: who they are in the CRM whose contacts this helpdesk shares (`contactsOf`); `none`: a person said that they
   * are nobody there.
   */
  ensurePerson(
    person: { externalId: string; profile: Profile; fallbackName: string; contact?: ContactId | 'none' },
    known?: PersonId,
    /** Whom a person said it is not: if one of them has the external id, it is taken away again. */
    refused?: readonly PersonId[],
  ): Promise<Outcome<PersonId>>;
  /** All customers with the external id, else of the first search that finds any; never agents, never by name. */
  findPeople?(externalId: string, searches: readonly PersonSearch[]): Promise<Outcome<FoundPerson[]>>;
  /** Gives a user our external id, so that they are found by it from now on. */
  adoptPerson?(person: PersonId, externalId: string): Promise<Outcome<void>>;
  /** Where agents see a person. */
  personUrl?(id: PersonId): string;
  /**
   * Waits until one more ticket, or one more comment, fits into what the helpdesk takes, and keeps the place for it. Ask before
   * each `createTicket` and `addComment`, which do not wait: what is noted as under way must leave at once.
   */
  takeTurn(what: 'ticket' | 'comment'): Promise<Outcome<void>>;
  /** Finds what a placement names. The names are remembered for some minutes. A helpdesk without it takes no placement. */
  place?(placement: Placement): Promise<Outcome<Placed>>;
  /** What there is to name; asked anew each time. */
  describe?(): Promise<Outcome<DeskShape>>;
  /** Sets further fields of a customer's user. Setting them again changes nothing. */
  setPersonFields?(person: PersonId, fields: Record<string, unknown>): Promise<Outcome<void>>;
  /** `signed`: the comment's signs are on the ticket. `ticket` is absent where its number is told afterwards (`pushes`). */
  createTicket(draft: TicketDraft): Promise<Outcome<{ ticket?: Ticket; comment?: CommentId; signed?: boolean }>>;
  /** Gives a ticket whose number was told what it could not be opened with. Asked again it does nothing more. */
  finishTicket?(ticket: TicketId, draft: TicketDraft): Promise<Outcome<void>>;
  /** Tries a connection an administrator made there, and keeps it for all replicas. */
  connectTo?(connection: HelpdeskConnection): Promise<Outcome<void>>;
  /**
   * Names the requester of a ticket that was opened before they were known, unless somebody has chosen one; `wrong` are those
   * whom the customer was taken for: one of them makes room, for nobody if the right one is not known. Where the helpdesk
   * shares a CRM's contacts.
   */
  nameRequester?(ticket: TicketId, person: PersonId | undefined, wrong: readonly PersonId[]): Promise<Outcome<void>>;
  /** All tickets with this external id; it need not be unique there. */
  findTickets(externalId: string): Promise<Outcome<Ticket[]>>;
  /** A deleted one is `done` with status `gone`. */
  showTicket(id: TicketId): Promise<Outcome<Ticket>>;
  /** `status` sets it in the same call (reopening). Tags are added to those there are. */
  addComment(
    ticket: TicketId,
    comment: CommentDraft,
    also?: { status?: 'open'; addTags?: string[] },
  ): Promise<Outcome<{ comment?: CommentId; signed?: boolean }> | { result: 'closed' } | { result: 'gone' }>;
  /** Whether there are fields for signs; asks for them now and then. `createTicket` and `addComment` go by what was found. */
  readySigns?(): Promise<Outcome<boolean>>;
  /** Sets a ticket's signs without a comment, where that takes no turn from comments; else `later`. */
  showSigns?(ticket: TicketId, signs: TicketSigns): Promise<Outcome<void> | { result: 'closed' } | { result: 'gone' }>;
  /** The comment written with this marker; `done` with undefined means it surely is not there. */
  findComment(ticket: TicketId, marker: Marker): Promise<Outcome<CommentId | undefined>>;
  /**
   * Takes words and files out of a comment for good; asked again it does nothing more. `never` says why it cannot be done: a
   * permission, an account without it. `written` is all of a comment of ours as it was written. Absent where the helpdesk has
   * no such thing.
   */
  redactComment?(
    ticket: TicketId,
    comment: CommentId,
    what: Redaction,
    written?: Pick<Exclude<Redaction, 'all'>, 'body' | 'files'>,
  ): Promise<Outcome<void>>;
  /**
   * Erases a ticket of a customer who is to be forgotten; asked again it does nothing more, and of one that is gone nothing is left
   * to do. `never` says why it cannot be done. Absent where the helpdesk has no such thing.
   */
  eraseTicket?(ticket: TicketId, how: ErasingWay): Promise<Outcome<void>>;
  /** The same for their user. `release` only takes our external id off one that was there before. */
  erasePerson?(person: PersonId, externalId: string, how: ErasingWay | 'release'): Promise<Outcome<void>>;
  upload(file: FetchedFile & { name: string }): Promise<Outcome<UploadToken>>;
  /** All comments after `after`, oldest first. `written` are comments this service wrote. */
  readComments(
    ticket: TicketId,
    after: CommentId | undefined,
    written: ReadonlySet<CommentId>,
  ): Promise<Outcome<Comment[]>>;
  /** A file of an agent's comment. */
  fetchFile(file: AgentFile, maxBytes: number): Promise<Outcome<FetchedFile>>;
  /** Tickets changed since the cursor; without one, from now on. */
  changedTickets(cursor: string | undefined): Promise<Outcome<{ tickets: TicketId[]; cursor: string; more: boolean }>>;
  /** Listens until told to stop, or until it cannot go on: hints, as a callback gives them, over a connection of ours. */
  listen?(options: ListenOptions): Promise<ListenEnd>;
  /** Where agents see a ticket. */
  ticketUrl(id: TicketId): string;
  checkHealth(): Promise<Finding[]>;
  /** What is to be set up there, to be compared and applied. `account-broken` where this service's user may not. */
  setup?(wish: HelpdeskSetupWish): Promise<Outcome<SetupTarget<Secret>>>;
  /** Whether the helpdesk still calls us back. `account-broken` where this service's user may not see that. */
  checkSubscription?(): Promise<Outcome<Subscription>>;
}

/** Where agents work. To add one: a folder here and a line in registry.ts. */
export interface Helpdesk<Account extends HelpdeskAccount = HelpdeskAccount> {
  readonly kind: string;
  readonly label: string;
  readonly account: z.ZodType<Account>;
  readonly limits: { commentLength: number; attachmentBytes: number };
  /** What the operator should know at start: an auth mode that is about to end… */
  warnings(account: Account): string[];
  /** What it uses that may be given up some day. */
  uses?(account: Account): ApiUse[];
  /** Makes no call. */
  connect(account: Account, tools: Tools): HelpdeskSession;
  /** The CRM account in the same place, whose contacts its requesters are. */
  contactsOf?(account: Account): AccountId | undefined;
  /** Whether the conversation is history enough where it stands: then `contactsOf` gets no further entry of it. */
  keepsHistory?(account: Account): boolean;
  verify(request: WebhookRequest, account: Account, now: Date): VerifiedRequest | 'forged';
  readCallback(request: VerifiedRequest): CallbackReceived;
  /**
   * Who asks from the app beside a ticket, and about which: did this helpdesk sign it, for this account, just now? In constant time.
   * `off`: no app may ask here.
   */
  verifyAppCall?(token: string, account: Account, now: Date): Promise<AppCall | 'forged' | 'off'>;
  /** Reads, and proves, a request to one of its further addresses. Pure. */
  readCall?(call: HelpdeskCall, account: Account): HelpdeskCallRead;
  /** The files of an app that an administrator uploads there by hand, by path; `cannot` says why this account has none. */
  app?(account: Account, publicUrl: string | undefined): ReadonlyMap<string, string | Uint8Array> | { cannot: string };
}
