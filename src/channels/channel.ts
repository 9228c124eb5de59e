import type { z } from 'zod';
import type { Choice } from '../domain/choice.ts';
import type { Duration } from '../domain/duration.ts';
import type { InboundEvent } from '../domain/event.ts';
import type { Finding, Subscription } from '../domain/finding.ts';
import type { AccountAddress, AccountId, Marker, MessageId, PlatformUserId } from '../domain/ids.ts';
import type { Outcome, Trouble } from '../domain/outcome.ts';
import type { MediaPart } from '../domain/part.ts';
import type { Profile } from '../domain/person.ts';
import type { ApiUse } from '../domain/retirements.ts';
import type { CardBody, ReceiptBody } from '../domain/rich-body.ts';
import type { TextUnit } from '../domain/text-unit.ts';
import type { FetchedFile } from '../kit/download.ts';
import type { Tools } from '../kit/tools.ts';
import type { VerifiedRequest, WebhookRequest } from '../kit/webhook.ts';

/** What every channel account has; a channel's own schema adds to it. */
export interface ChannelAccount {
  id: AccountId;
  kind: string;
  /** The helpdesk and CRM this account's conversations go to. */
  helpdesk?: string | undefined;
  crm?: string | undefined;
  /** Where its customers are (ISO 3166, two letters): phone numbers without a country code are read as dialled there. */
  defaultCountry?: string | undefined;
}

export interface WebhookAnswer {
  status: number;
  contentType: string;
  body: string;
}

/**
 * `malformed` says what was expected; the door answers 400 with it. A body that can be read never is malformed.
 * `answer` is what the platform wants to hear once the events are committed; without it a plain 200.
 */
export type Received = { events: InboundEvent[]; answer?: WebhookAnswer } | { malformed: string };

/**
 * By what right a message is sent:
 * - `response`: within the window.
 * - `human-agent`: past it, written by a person, where the account has that permission.
 * - `template`: at any time, with words the platform approved beforehand.
 */
export type SendingRight = 'response' | 'human-agent' | 'template';

export type { Choice } from '../domain/choice.ts';
export type { CardBody, ReceiptBody } from '../domain/rich-body.ts';

/** A message approved beforehand, filled in. `parameters` are in the order of its placeholders. */
export interface TemplateBody {
  type: 'template';
  name: string;
  /** As the platform writes it: `en`, `pt_BR`. */
  language: string;
  parameters: string[];
  /** The names of its placeholders, in the order of `parameters`, where they have names. */
  names?: readonly string[];
  /** What stands in its header where that is a file: a link the platform can fetch. */
  header?: { type: 'image' | 'video' | 'document'; url: string; name?: string };
}

export type OutgoingBody =
  | { type: 'text'; text: string; choices?: readonly Choice[] }
  | { type: 'file'; name: string; contentType: string; bytes: Buffer }
  | CardBody
  | ReceiptBody
  | TemplateBody;

/** One bubble: a text within `limits.textLength`, one file, a card, a receipt, or a template. */
export interface Outgoing {
  /** Put where the platform tells it back, so that an unsure send can be looked up. */
  marker: Marker;
  to: PlatformUserId;
  right: SendingRight;
  replyTo?: MessageId;
  /**
   * The `answerToken` of the customer's latest message while it holds. One bubble gets it, at its first attempt and again if it
   * is tried again; never the token of a later message: an earlier attempt may have been accepted, which that would not know of.
   */
  answerToken?: string;
  /** It is not to arrive later than that; only where `limits.lapses` says that the platform sees to it. */
  validFor?: Duration;
  body: OutgoingBody;
}

/** A template as the platform holds it. */
export interface Template {
  name: string;
  language: string;
  /** With placeholders as the platform writes them. */
  text: string;
  /** How many parameters it wants. */
  parameters: number;
  header?: 'text' | 'image' | 'video' | 'document';
  /** Whether it may be sent now; else the platform's word for why not (`PENDING`, `REJECTED`…). */
  usable: true | string;
}

/** One page of a platform's own history of its conversations. */
export interface HistoryPage {
  /**
   * What was said, as `receive` would have told it (same types, same ids, so that the door's repeats stay repeats), marked
   * as `found`. Within a conversation oldest first; a conversation's messages are all on one page.
   */
  events: InboundEvent[];
  /** Hand it in again for the next page; absent when nothing that changed since the time asked for follows. */
  next?: string;
  /** Conversations come with the latest change first; this is when the last one of the page changed. */
  changedAt?: Date;
}

export type SendResult = { result: 'sent'; id: MessageId } | Trouble;

/** A user of its app on whose behalf a platform asks something, by the app's own id for them. */
export type UserRequest = { user: string } | { malformed: string };

export interface Limits {
  /** Longest text of one message, in `textUnit`s. */
  textLength: number;
  /** What the platform counts; UTF-16 units when absent. */
  textUnit?: TextUnit;
  /** Largest file that can be sent, in bytes; 0 where none can. */
  attachmentBytes: number;
  /** Where some kinds of file have a smaller limit: bytes by the beginning of the content type (`image/`, `audio/ogg`). */
  attachmentBytesByType?: Readonly<Record<string, number>>;
  /** How long after the customer's last act a business may write freely. */
  window?: Duration;
  /** How many messages it may write in it, where the platform counts. */
  messagesPerWindow?: number;
  /** How long after it a person may still answer, where the account has that permission. */
  humanAgentWindow?: Duration;
  /** What an agent can do once the window has closed; ends a sentence: “… : send an approved template.” */
  afterWindow?: string;
  /** An answer can quote one message of the chat (`replyTo`). */
  quotes?: true;
  /** The longest a message can be told to stay undelivered before the platform gives it up (`validFor`), where it can be told. */
  lapses?: Duration;
  /** What can be tapped under a text, where anything can. */
  choices?: { most: number; titleLength: number };
}

/** What is set up at the platform and differs from what is wanted; in words for the operator. */
export interface SetupChange {
  what: string;
  now: string;
  wanted: string;
}

/** How an account is to be set up. `apply` false only compares. */
export interface SetupWish {
  /** Where the platform is to deliver this account's webhooks. */
  webhookUrl: string;
  /** Take away what was set up, instead. */
  remove: boolean;
  apply: boolean;
}

export interface LinkWanted {
  greeting: string;
  forMs: number;
  tools: Tools;
}

/** `needs` names the setting without which there is no link; `failed` says why the platform made none. */
export type LinkOffer = { url: string } | { needs: string } | { failed: string };

/** A messaging platform. To add one: a folder here and a line in registry.ts. */
export interface Channel<Account extends ChannelAccount = ChannelAccount> {
  /** Stored in rows and webhook URLs, so it never changes. */
  readonly kind: string;
  readonly label: string;
  /** Checked when the configuration is read; the console draws its form from it. Every field has a `.describe()`. */
  readonly account: z.ZodType<Account>;
  readonly limits: Limits;
  /** Its access tokens end and are renewed (`tools.tokens`): the service then needs a key to keep them sealed, from the start. */
  readonly renewsTokens?: true;
  /** The phone number in a profile is the one the platform knows the person by, and it checked that it is theirs. */
  readonly checksPhones?: true;

  /** How the platform names this account in its events (`to`). */
  addressOf(account: Account): AccountAddress;
  /** Where the platform tells some things of several accounts at once: its name for all of them. The first one gets such an event. */
  groupAddressOf?(account: Account): AccountAddress;
  /** The app under which our own sends are echoed: such an echo is never taken for a person's. */
  appIdOf?(account: Account): string;
  /** Apps of the platform's own inbox: their echoes were written by a person. */
  readonly inboxAppIds?: readonly string[];
  /** Echoes tell neither our marker nor which app sent them: one with the words of a bubble under way is taken for that. */
  readonly echoesUnmarked?: true;
  /**
   * Codes of `never` by which the platform says that the customer opted out there, and of what. It goes on record as their act.
   */
  readonly optOutCodes?: Readonly<Record<string, 'everything' | 'marketing'>>;
  /** Words that the platform itself answers (STOP, HELP), folded as `wordsAlone` does: no answer of ours goes on top. */
  readonly answersItself?: readonly string[];
  /** Whether this account may write past the window by a person's hand (`limits.humanAgentWindow`). */
  mayWriteAsHuman?(account: Account): boolean;
  /** Did the platform send this? In constant time, no I/O: it runs before we answer. */
  verify(request: WebhookRequest, account: Account): VerifiedRequest | 'forged';
  /**
   * Pure: the same request always gives the same events, one for every item of every batch. `account` is the one whose
   * secret verified it; it is missing where a body is only explained.
   */
  receive(request: VerifiedRequest, account?: Account): Received;
  /**
   * How the platform calls whoever has this phone number (E.164), where anybody can be written to by their number, also who never
   * wrote.
   */
  addressOfPhone?(phone: string): PlatformUserId;
  /** Sends one bubble, once. The flow retries; channels never do. */
  send(outgoing: Outgoing, account: Account, tools: Tools): Promise<SendResult>;

  // Having the method is the capability; there is no flag to keep in step.

  /** Answers a handshake (a GET that is no event), or undefined when the request is none. */
  greet?(request: WebhookRequest, accounts: readonly Account[]): WebhookAnswer | undefined;
  /** `latest` is the customer's latest message, where there is one. */
  showTyping?(to: PlatformUserId, account: Account, tools: Tools, latest?: MessageId): Promise<void>;
  markSeen?(to: PlatformUserId, account: Account, tools: Tools, latest?: MessageId): Promise<void>;
  /** `done` with an empty profile where the platform tells nothing; that is no error. */
  fetchProfile?(user: PlatformUserId, account: Account, tools: Tools): Promise<Outcome<Profile>>;
  /** The file's bytes, with the platform's own auth where it wants one. Without this method `tools.download(part.url)` is used. */
  fetchMedia?(part: MediaPart, account: Account, tools: Tools): Promise<Outcome<FetchedFile>>;
  /** Finds a message sent with this marker; `done` with undefined means that it is not there. */
  lookUpSent?(
    sought: { marker: Marker; to: PlatformUserId; since: Date; text?: string },
    account: Account,
    tools: Tools,
  ): Promise<Outcome<MessageId | undefined>>;
  /**
   * With `lookUpSent`: how long after it was asked the platform may still act on a send whose caller has gone. What is not found is
   * looked for again until then, and only then sent anew.
   */
  actsWithin?(account: Account): Duration;
  /** The templates the account may send with `right: 'template'`. */
  listTemplates?(account: Account, tools: Tools): Promise<Outcome<Template[]>>;
  /** Tells a group that it is not served here, and leaves it where the platform lets it. Asked once for each group. */
  declineGroup?(group: { chat: string; answerToken?: string }, account: Account, tools: Tools): Promise<Outcome<void>>;
  checkHealth?(account: Account, tools: Tools): Promise<Finding[]>;
  /** What it uses of its platform that may be given up some day. */
  uses?(account: Account): ApiUse[];
  /** Sets the account up at the platform (webhook, subscriptions…). `done` with what differed; none: all is as wanted. */
  provision?(wish: SetupWish, account: Account, tools: Tools): Promise<Outcome<SetupChange[]>>;

  /** What agents can do when another app owns a conversation (`standby`, `handover`), in a sentence or two. */
  readonly takeOverHelp?: string;

  // ---- Privacy (flows/erase-asked.ts) ----

  /**
   * Who is to be forgotten, of a request of the platform itself that its user's data be deleted. In constant time, no I/O. The id
   * may be another than the chat's.
   */
  readDeletion?(request: WebhookRequest, account: Account): UserRequest | 'forged';
  /** The platform users of this account who are that user of its app. */
  findAppUser?(user: string, account: Account, tools: Tools): Promise<Outcome<PlatformUserId[]>>;
  /**
   * Does the platform tell that somebody took the access to this account back from the app, or to another account of the same
   * app? In constant time, no I/O.
   */
  readRemoval?(request: WebhookRequest, account: Account): 'told' | 'forged';

  // ---- Signed links (flows/use-link.ts) ----

  /**
   * A link that opens the chat with this account and brings `token` back: as the `ref` of a referral, or in the text the
   * customer sends first, which begins with `greeting` then. A platform that makes such links itself is asked for one that holds
   * at least `forMs` milliseconds, or as long as it lets one hold.
   */
  linkFor?(account: Account, token: string, wish: LinkWanted): LinkOffer | Promise<LinkOffer>;

  // ---- Making good for webhooks that never came (flows/reconcile-channel.ts) ----

  /**
   * What was said since a time, by both sides, one page a call; so that it can be compared with the ledger after an outage.
   * Shows nobody anything and may be asked again. `page` is a `next` of the call before; `never` with a `page` means that
   * it is no longer valid: begin again without.
   */
  readHistory?(account: Account, since: Date, tools: Tools, page?: string): Promise<Outcome<HistoryPage>>;
  /** Asks the platform whether it still calls our webhook. Platforms stop after failures, or when somebody removes the app. */
  checkSubscription?(account: Account, tools: Tools): Promise<Outcome<Subscription>>;
  /** Makes the platform call our webhook again; may be repeated. `account-broken` when that is not permitted. */
  subscribe?(account: Account, tools: Tools): Promise<Outcome<true>>;
}
