import type { ColumnType, Generated, GeneratedAlways } from 'kysely';

type Id = GeneratedAlways<number>;
type Now = ColumnType<Date, Date | undefined, Date>;
type Json<T> = ColumnType<T, string, string>;

/** Rows of orders and notices; the meaning of each column stands in `migrations/0014-orders.ts`. */
export interface OrderTables {
  orders: {
    id: Id;
    shop: string;
    number: string;
    customer: number;
    state: string;
    currency: string | null;
    total: number | null;
    placed_at: Date | null;
    updated_at: Date;
    body: Json<unknown>;
  };
  order_events: {
    id: Id;
    order: number;
    shop: string;
    key: string;
    type: string;
    occurred_at: Date;
    received_at: Now;
    digest: Buffer;
    body: Json<unknown>;
    told: string | null;
  };
  order_files: {
    event: number;
    state: 'waiting' | 'stored' | 'failed';
    url: string | null;
    content: Buffer | null;
    name: string;
    content_type: string;
    storage_key: string | null;
    bytes: number | null;
    reason: string | null;
    attempts: Generated<number>;
  };
  notices: {
    id: Id;
    customer: number;
    purpose: string;
    priority: number;
    event: string;
    order_event: number | null;
    campaign: number | null;
    language: string | null;
    variables: ColumnType<Record<string, unknown> | null, string | null, string | null>;
    state: Generated<NoticeState>;
    reason: string | null;
    not_before: Now;
    expires_at: Date;
    dedupe_key: string | null;
    created_at: Now;
    sent_at: Date | null;
    ended_at: Date | null;
    conversation: number | null;
    message: number | null;
  };
  notice_tries: {
    id: Id;
    notice: number;
    account: string;
    conversation: number;
    form: NoticeForm | null;
    message: number | null;
    state: NoticeTryState;
    reason: string | null;
    started_at: Now;
    ended_at: Date | null;
  };
}

/**
 * `held`: planned by a campaign that has not let it go yet. `sending`: handed to an account, whose word on it is awaited.
 * `sent`, `delivered` and `read` as far as the platform tells. `failed`: no account could deliver it. `refused`: it may not be
 * sent. `expired`: its time was over first. `replaced`: something newer is told instead.
 */
export const noticeStates = [
  'held',
  'waiting',
  'sending',
  'sent',
  'delivered',
  'read',
  'failed',
  'refused',
  'expired',
  'replaced',
] as const;
export type NoticeState = (typeof noticeStates)[number];
/** `free`: anything, within the window; the others: a template approved as that. */
export type NoticeForm = 'free' | 'utility' | 'marketing';
export type NoticeTryState = 'sending' | 'sent' | 'failed' | 'unsure' | 'passed';
