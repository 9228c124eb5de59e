import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { ApiKeyRow } from './api-key-row.ts';
import type { CampaignTables } from './campaign-tables.ts';
import type { ConsentTables } from './consent-tables.ts';
import type { ConsoleTables } from './console-tables.ts';
import type { CrmConsentTables } from './crm-consent-tables.ts';
import type { LinkTables } from './link-tables.ts';
import type { MappingVersionRow } from './mapping-version-row.ts';
import type { OrderTables } from './order-tables.ts';
import type { ShopTables } from './shop-tables.ts';
import type { TicketSignsTables } from './ticket-signs-tables.ts';

type Id = GeneratedAlways<number>;
type Now = ColumnType<Date, Date | undefined, Date>;
/** Read as parsed JSON, written as JSON text. */
export type Json<T> = ColumnType<T, string, string>;

/** The rows of the ledger. `migrations/` makes the tables; the meaning of each column stands there. */
export interface Tables
  extends CampaignTables,
    ConsentTables,
    ConsoleTables,
    CrmConsentTables,
    LinkTables,
    OrderTables,
    ShopTables,
    TicketSignsTables {
  webhooks: { id: number; source: string; account: string | null; received_at: Now; body: Buffer };
  events: {
    id: Id;
    webhook: number;
    account: string;
    key: string;
    type: string;
    outcome: EventOutcome;
    platform_user: string | null;
    occurred_at: Date;
    received_at: Now;
    body: Json<unknown>;
    applied_at: Date | null;
    attempts: Generated<number>;
    reason: string | null;
  };
  customers: {
    id: Id;
    name: string | null;
    first_name: string | null;
    last_name: string | null;
    email: string | null;
    phone: string | null;
    locale: string | null;
    picture_url: string | null;
    created_at: Now;
    attributes: ColumnType<Record<string, string>, string | undefined, string>;
    joined_with: number | null;
  };
  identities: {
    id: Id;
    account: string;
    platform_user: string;
    customer: number;
    evidence: string;
    detail: Json<Record<string, unknown>>;
    created_at: Now;
    by_whom: string | null;
    event: string | null;
    told_at: Date | null;
  };
  facts: {
    id: Id;
    customer: number;
    kind: string;
    value: string;
    compared: string;
    evidence: string;
    by_whom: string;
    account: string | null;
    platform_user: string | null;
    event: string | null;
    told_at: Now;
    withdrawn_at: Date | null;
    withdrawn_by: string | null;
    withdrawn_why: string | null;
  };
  mailed_codes: {
    conversation: number;
    email: string | null;
    code_digest: Buffer | null;
    state: 'asked' | 'mailing' | 'mailed' | 'verified' | 'given-up';
    tries: Generated<number>;
    mails: Generated<number>;
    asked_at: Now;
    mailed_at: Date | null;
    expires_at: Date | null;
  };
  conversations: {
    id: Id;
    account: string;
    platform_user: string;
    customer: number;
    last_customer_at: Date | null;
    profile_at: Date | null;
    delivered_until: Date | null;
    read_until: Date | null;
    person: string | null;
    created_at: Now;
    address: string | null;
    answer_token: string | null;
    answer_token_until: Date | null;
    elsewhere_since: Date | null;
    person_fields: string | null;
    person_evidence: string | null;
    persons_refused: ColumnType<string[], string | undefined, string>;
    blocked_at: Date | null;
    blocked_by: string | null;
    spam: Generated<boolean>;
  };
  aliases: { account: string; value: string; platform_user: string; kind: string; created_at: Now };
  declined_groups: { account: string; chat: string; declined_at: Now };
  shared_tokens: { key: string; sealed: string; holds_until: Date; renewed_at: Now };
  messages: {
    id: Id;
    conversation: number;
    kind: MessageKind;
    author: MessageAuthor;
    platform_id: string | null;
    comment_id: string | null;
    ticket: number | null;
    parts: Json<unknown>;
    reply_to: string | null;
    detail: Json<Record<string, unknown>>;
    occurred_at: Date;
    received_at: Now;
    late: Generated<boolean>;
    mapping: Generated<number | null>;
    redacted_at: Date | null;
  };
  deliveries: {
    message: number;
    target: string;
    conversation: number;
    state: Generated<DeliveryState>;
    reason: string | null;
    attempts: Generated<number>;
    created_at: Now;
    ended_at: Date | null;
    replays: Generated<number>;
    failures: Generated<number>;
  };
  media: {
    message: number;
    position: number;
    state: 'waiting' | 'stored' | 'failed' | 'expired';
    storage_key: string | null;
    name: string;
    content_type: string | null;
    bytes: number | null;
    reason: string | null;
    code: string | null;
    warning: string | null;
    attempts: Generated<number>;
    created_at: Now;
    next_at: Now;
    ended_at: Date | null;
  };
  published_files: {
    id: string;
    storage_key: string;
    name: string;
    content_type: string;
    bytes: number;
    created_at: Now;
    expires_at: Date;
    message: number | null;
  };
  service_keys: { purpose: string; key: Buffer; created_at: Now };
  tickets: {
    id: Id;
    conversation: number;
    helpdesk: string;
    external_id: string;
    remote_id: string | null;
    state: Generated<TicketState>;
    follow_up_of: number | null;
    last_comment_read: string | null;
    created_at: Now;
    opened_at: Date | null;
    mapping: Generated<number | null>;
    told_id: string | null;
  };
  comments: {
    id: Id;
    ticket: number;
    kind: 'create' | 'comment';
    marker: string;
    messages: number[];
    request: Json<unknown>;
    state: Generated<'started' | 'done' | 'dropped'>;
    remote_id: string | null;
    started_at: Now;
    ended_at: Date | null;
  };
  reply_parts: {
    id: Id;
    message: number;
    conversation: number;
    position: number;
    body: Json<unknown>;
    marker: string;
    state: Generated<ReplyPartState>;
    platform_id: string | null;
    reason: string | null;
    started_at: Date | null;
    sent_at: Date | null;
    delivered_at: Date | null;
    read_at: Date | null;
    replay: 'look-up' | 'resend' | null;
    answer_token: string | null;
    answer_token_until: Date | null;
  };
  contact_links: {
    id: Id;
    customer: number;
    crm: string;
    state: 'linked' | 'ambiguous' | 'none';
    contact: string | null;
    evidence: string;
    candidates: Json<unknown>;
    checked_at: Now;
    object: string | null;
    name: string | null;
    url: string | null;
    strength: string | null;
    decided: Generated<boolean>;
    by_whom: string | null;
    linked_at: Date | null;
  };
  history_entries: {
    id: Id;
    ticket: number;
    crm: string;
    key: string;
    digest: string;
    remote_id: string | null;
    written_at: Now;
    contact: string | null;
  };
  early_callbacks: { helpdesk: string; ticket: string; came_at: Now };
  mapping_versions: MappingVersionRow;
  streams: { helpdesk: string; place: string | null; holder: string | null; held_until: Date | null };
  cursors: { helpdesk: string; cursor: string; read_at: Now; failing_since: Date | null };
  budgets: { key: string; points: number; expire: number | null };
  target_states: {
    target: string;
    state: TargetState;
    reason: string;
    since: Now;
    probe_at: Now;
  };
  reconciliations: {
    id: Id;
    account: string;
    why: ReconciliationReason;
    from_at: Date;
    to_at: Date;
    page: string | null;
    seen: Generated<number>;
    known: Generated<number>;
    recovered: Generated<number>;
    missed: Generated<number>;
    problem: string | null;
    started_at: Now;
    ended_at: Date | null;
  };
  watches: {
    target: string;
    subscribed: boolean | null;
    why: string | null;
    fix: string | null;
    checked_at: Now;
    silent_since: Date | null;
  };
  api_keys: ApiKeyRow;
  questions: {
    id: Id;
    customer: number;
    target: string;
    conversation: number | null;
    why: string;
    candidates: Json<unknown>;
    state: QuestionState;
    answer: string | null;
    answered_by: string | null;
    asked_at: Now;
    answered_at: Date | null;
  };
  link_acts: {
    id: Id;
    at: Now;
    who: string;
    what: string;
    customer: number;
    target: string | null;
    why: string | null;
    detail: Json<Record<string, unknown>>;
    changes: Json<unknown>;
    rows: string[];
    place: Generated<number>;
    undoes: number | null;
    undone_by: number | null;
  };
  audit: { id: Id; at: Now; who: string; what: string; subject: string; detail: Json<Record<string, unknown>> };
}

/** `withdrawn`: nothing is left to answer. */
export type QuestionState = 'open' | 'answered' | 'withdrawn';
/** `asked`: by the command line; it says nothing of the time before it. */
export type ReconciliationReason = 'regular' | 'asked';
/** `paused`: it does not answer. `broken`: it refuses the account. Work for either waits. */
export type TargetState = 'paused' | 'broken';
/** What the door makes of an event; a repeat has no row of its own. */
export type ArrivalOutcome = 'taken' | 'unsupported' | 'unrouted';
/** `parked`: it could not be applied, a person must look; `discarded`: a person gave it up. */
export type EventOutcome = ArrivalOutcome | 'parked' | 'discarded';
/**
 * `said`: something said to the other side. `note`: something agents should know; it never opens or reopens a ticket.
 * `file`: a file of something said before, which had not arrived when that went to its ticket. `redaction`: no message, but
 * the order to take messages out of where they were brought.
 */
export type MessageKind = 'said' | 'note' | 'file' | 'redaction';
/** `shop`: a notice. */
export type MessageAuthor = 'customer' | 'agent' | 'inbox' | 'service' | 'shop';
export type DeliveryState = 'waiting' | 'done' | 'parked' | 'skipped';
export type TicketState = 'opening' | 'open' | 'closed' | 'gone' | 'left';
export type ReplyPartState = 'waiting' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed' | 'unsure';
