import type { Simulator } from './simulator.ts';

/** A file somebody sends in the sandbox. */
export interface SandboxFile {
  name: string;
  contentType: string;
  bytes: Buffer;
}

// ---- Channels -----------------------------------------------------------------------------------------------------

/** Something a customer sends. A platform without that kind of part says so when it is asked for. */
export type CustomerPart =
  | { type: 'text'; text: string; quickReply?: string }
  | { type: 'image' | 'video' | 'audio' | 'file'; files: SandboxFile[]; text?: string }
  | { type: 'sticker'; stickerId: string }
  | { type: 'location'; latitude: number; longitude: number; title: string }
  | { type: 'link'; url: string; title: string }
  | { type: 'postback'; title: string; payload: string };

/** One bubble in the thread as the phone shows it. */
export interface Bubble {
  mid: string;
  from: 'customer' | 'page' | 'inbox';
  at: Date;
  text?: string;
  attachments: { type: string; url?: string; name?: string; contentType?: string; bytes?: number }[];
  replyTo?: string;
  metadata?: string;
  tag?: string;
  /** What can be tapped under it, by its titles. */
  choices?: string[];
  delivered: boolean;
  read: boolean;
  reactions: string[];
}

export interface Thread {
  /** The customer as the platform names them. */
  user: string;
  name: string;
  pictureUrl: string;
  bubbles: Bubble[];
  /** The page shows that it is typing. */
  typing: boolean;
  /** The page has seen the customer's messages. */
  seen: boolean;
  /** The customer blocked the page. */
  blocked: boolean;
}

/** What the simulator of every channel can do, so that the demo, the scripted day and the tests can play any of them. */
export interface ChannelSimulator extends Simulator {
  addCustomer(customer: { user: string; name: string; locale?: string }): void;
  threads(): Thread[];
  /** The customer writes; a signed webhook leaves at once. Returns the message's id. */
  customerSends(user: string, part: CustomerPart, options?: { replyTo?: string; at?: Date }): Promise<string>;
  /** The customer opens a link that leads to this account's chat, where the platform tells that. */
  customerOpens?(user: string, url: string): Promise<void>;
  /** The customer ticks the platform's box on a page of the shop and sends it off, where the platform has such a box. */
  customerTicksBox?(user: string, box: { ref: string; userRef: string }): Promise<void>;
  /** The customer has read everything so far, where the platform tells that. */
  customerReads?(user: string): Promise<void>;
  /** The customer puts an emoji to a message, where they can. */
  customerReacts?(user: string, messageId: string, emoji: string): Promise<void>;
  /** The customer withdraws a message, where they can. */
  customerUnsends?(user: string, messageId: string): Promise<void>;
  /** A colleague writes in the platform's own inbox, where it has one. Returns the message's id. */
  inboxReplies?(user: string, text: string): Promise<string>;
  /** The customer blocks the account or takes it back, where they can. */
  block?(user: string, blocked: boolean): void | Promise<void>;
  /** The file of a bubble's `index`th attachment, where its URL is not open to everybody or there is none. */
  fileOf?(messageId: string, index: number): SandboxFile | undefined;
  setWebhookUrl(url: string): void;
  /** From now on the account's token is refused, until renewed. */
  expireToken(expired: boolean): void;
  /** Moves the simulated time of the customer's last act back, so that the window closes. */
  ageLastContact(user: string, ms: number): void;
  /** From now on so much went to this customer that for a moment nothing more is taken for them, where the platform has such a limit. */
  overloadCustomer?(user: string): void;
  /** How webhooks misbehave from now on. */
  webhooks: {
    /** Each webhook is delivered this often (default 1). */
    copies: number;
    /** Webhooks are held and leave in reverse order when `release` is called. */
    holdAndReverse: boolean;
    release(): Promise<void>;
    /** Deliveries not answered as the platform wants are tried again; how many are still owed. */
    owed(): number;
  };
}

/** A channel that can be played: its simulator, and the account that speaks to it. */
export interface ChannelSandbox {
  kind: string;
  label: string;
  start(options?: { port?: number }): Promise<ChannelSimulator>;
  /** The account's entry in the configuration, but for `id`, `helpdesk` and `crm`. */
  account(simulator: ChannelSimulator): Record<string, unknown>;
  /** The `n`th customer, named as the platform names people. */
  user(n: number): string;
  /** The colour the phone takes, as CSS; dark enough for white words on it. Absent: a neutral one. */
  accent?: string;
  /** Whether customers can answer to one message of many. Default true. */
  quotes?: boolean;
  /** What this platform's customers can send, of what the sandbox knows. */
  sends: readonly CustomerPart['type'][];
}

// ---- Messenger ----------------------------------------------------------------------------------------------------

export interface MessengerThread extends Thread {
  psid: string;
}

export interface MessengerSimulator extends Simulator {
  addCustomer(customer: { psid: string; name: string; locale?: string }): void;
  threads(): MessengerThread[];
  /** The customer writes; a signed webhook leaves at once. Returns the mid. */
  customerSends(psid: string, part: CustomerPart, options?: { replyTo?: string; at?: Date }): Promise<string>;
  customerReacts(psid: string, mid: string, emoji: string): Promise<void>;
  /** The customer opens an m.me link: told at once, or in a thread without messages with the first. */
  customerOpens(psid: string, url: string): Promise<void>;
  /** The customer ticks the checkbox plugin: told without their id, which comes with their next message. */
  customerTicksBox(psid: string, box: { ref: string; userRef: string }): Promise<void>;
  /** Sends a read event for everything so far. */
  customerReads(psid: string): Promise<void>;
  /** A person types in the page's own inbox: an echo webhook without our app id. */
  inboxReplies(psid: string, text: string, options?: { at?: Date }): Promise<string>;
  block(psid: string, blocked: boolean): void;
  /** From now on the page token is refused (190/463), until renewed. */
  expireToken(expired: boolean): void;
  /** The page stops sending the app its events, or those of one field. Nothing is sent later for what was not. */
  unsubscribe(field?: string): void;
  /** Whether the token may subscribe the app to the page (`pages_manage_metadata`). */
  permitSubscribing(permitted: boolean): void;
  /** Another app owns the thread from now on, or ours again: ours then only listens, and its sends are refused. */
  passThread(psid: string, owner?: string): Promise<void>;
  /** Moves the simulated time of the customer's last act back, so that the window closes. */
  ageLastContact(psid: string, ms: number): void;
  /** How webhooks misbehave from now on. */
  webhooks: {
    /** Each webhook is delivered this often (default 1). */
    copies: number;
    /** Webhooks are held and leave in reverse order when `release` is called. */
    holdAndReverse: boolean;
    release(): Promise<void>;
    /** After so many failed deliveries in a row the page unsubscribes the app (default: never). Meta does after an hour. */
    unsubscribeAfter: number;
    /** Deliveries answered other than 200 are tried again; how many are still owed. */
    owed(): number;
  };
}

export interface MessengerSimulatorOptions {
  pageId: string;
  pageName: string;
  appId: string;
  appSecret: string;
  pageToken: string;
  /** Whether the app may use the HUMAN_AGENT tag. */
  humanAgent?: boolean;
  /** Where the service's webhook is; may be set later, when the service has a port. */
  webhookUrl?: string;
  port?: number;
}

// ---- Zendesk ------------------------------------------------------------------------------------------------------

export interface ZendeskCommentView {
  id: number;
  authorId: number;
  authorName: string;
  authorRole: 'end-user' | 'agent' | 'admin';
  public: boolean;
  body: string;
  htmlBody: string;
  attachments: { id: number; name: string; contentType: string; bytes: number; url: string }[];
  at: Date;
  /** Why a reply that was handed over did not reach the customer, as agents see it at their comment. */
  channelError?: string;
}

export interface ZendeskTicketView {
  id: number;
  subject: string;
  status: 'new' | 'open' | 'pending' | 'hold' | 'solved' | 'closed' | 'deleted';
  tags: string[];
  externalId: string | null;
  requester: {
    id: number;
    name: string;
    externalId: string | null;
    photoUrl: string | null;
    email: string | null;
    /** Fields of the account's own making, by key. */
    fields: Record<string, unknown>;
  };
  followupSourceId: number | null;
  fields: Record<string, unknown>;
  comments: ZendeskCommentView[];
  createdAt: Date;
  updatedAt: Date;
}

export interface ZendeskSimulator extends Simulator {
  tickets(): ZendeskTicketView[];
  /** An agent answers or notes; the trigger's signed webhook leaves for public comments. Returns the comment id. */
  agentComments(
    ticketId: number,
    comment: {
      html?: string;
      text?: string;
      public: boolean;
      files?: SandboxFile[];
      status?: string;
      agent?: 'alice' | 'bob';
    },
  ): Promise<number>;
  /** `closed` is final; `deleted` makes it 404. */
  setStatus(ticketId: number, status: ZendeskTicketView['status']): void;
  expireToken(expired: boolean): void;
  /** Requests answered per minute before 429s; undefined for the account's plan. */
  setRateLimit(perMinute: number | undefined): void;
  webhooks: { copies: number /** Callbacks are lost instead of sent. */; lose: boolean; owed(): number };
}

export interface ZendeskSimulatorOptions {
  clientId: string;
  clientSecret: string;
  webhookSecret: string;
  /** Also accepted: a fixed bearer token, and email/token basic auth. */
  accessToken?: string;
  apiToken?: { email: string; token: string };
  webhookUrl?: string;
  port?: number;
}

// ---- Salesforce ---------------------------------------------------------------------------------------------------

export type SalesforceRecord = { Id: string; attributes: { type: string; url: string } } & Record<string, unknown>;

export interface SalesforceSimulator extends Simulator {
  /** All records of an object, oldest first. */
  records(object: string): SalesforceRecord[];
  /** Puts a record there by hand, as an admin would. Returns its id. */
  add(object: string, fields: Record<string, unknown>): string;
  /** Somebody of the company writes on a Case: a comment, or a post in its feed. Returns the record's id. */
  agentWrites(
    caseId: string,
    said: {
      text: string;
      public: boolean;
      as?: 'case-comment' | 'feed-item';
      files?: SandboxFile[];
      agent?: 'alice' | 'bob';
    },
  ): string;
  /** An agent changes a record: the status of a Case, whether a comment is public… */
  agentChanges(object: string, id: string, fields: Record<string, unknown>): void;
  expireSession(): void;
  /** From now on every token request is refused (invalid_grant), until lifted. */
  refuseLogin(refused: boolean): void;
}

export interface SalesforceSimulatorOptions {
  clientId: string;
  /** For client credentials. */
  clientSecret?: string;
  /** For JWT bearer: the public key, PEM, and who may log in. */
  publicKey?: string;
  username?: string;
  port?: number;
}
