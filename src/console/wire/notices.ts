import type { RenderedNotice } from '../../domain/notice-text.ts';

export type NoticeState =
  | ('held' | 'waiting' | 'sending' | 'sent' | 'delivered' | 'read')
  | ('failed' | 'refused' | 'expired' | 'replaced');

/** A notice in a list. */
export interface NoticeLine {
  id: number;
  event: string;
  state: NoticeState;
  /** Why it stands as it does, where there is something to say. */
  reason: string | null;
  customer: number;
  name: string | null;
  order: { id: number; number: string } | null;
  campaign: number | null;
  /** The account that was tried last, and how many were. */
  account: string | null;
  tries: number;
  createdAt: string;
  /** Before that it is not tried. */
  notBefore: string;
  endedAt: string | null;
}

export interface NoticeView extends NoticeLine {
  purpose: string;
  language: string | null;
  expiresAt: string;
  sentAt: string | null;
  /** Where it was sent. */
  conversation: number | null;
  message: number | null;
  campaignName: string | null;
  chain: NoticeTryView[];
}

/** One account tried, or passed over, in the order it happened. */
export interface NoticeTryView {
  id: number;
  account: string;
  /** The channel's name. */
  channel: string | null;
  state: 'sending' | 'sent' | 'failed' | 'unsure' | 'passed';
  form: 'free' | 'utility' | 'marketing' | null;
  reason: string | null;
  conversation: number;
  message: number | null;
  startedAt: string;
  endedAt: string | null;
}

/** What the list of notices can be narrowed to. */
export interface NoticeChoices {
  events: string[];
}

/** The texts that notices are made of. */
export interface NoticeTextsView {
  texts: NoticeTextLine[];
  /** The kinds of channel there are accounts of. */
  channels: { kind: string; label: string }[];
}

/** The files of one text. */
export interface NoticeTextLine {
  name: string;
  files: {
    file: string;
    language: string;
    /** The only kind of channel it is for. */
    channel: string | null;
    /** The approved templates it names, each after its kind of channel: `{kind}: order_shipped`. */
    templates: string[];
  }[];
}

/** What a notice would say. */
export type NoticePreview = RenderedNotice;

/** What keeps an account from sending what a text names. */
export interface TemplateFaults {
  faults: { account: string; file: string | null; why: string }[];
}

/** An order in a list. Amounts are in minor units. */
export interface OrderLine {
  id: number;
  shop: string;
  number: string;
  state: string;
  customer: number;
  name: string | null;
  total: number | null;
  currency: string | null;
  updatedAt: string;
  notices: number;
}

/** An order with what happened to it. Amounts are in minor units. */
export interface OrderPage extends OrderLine {
  url: string | null;
  placedAt: string | null;
  paymentMethod: string | null;
  sums: { subtotal: number | null; shipping: number | null; tax: number | null };
  tracking: { number: string | null; carrier: string | null; url: string | null } | null;
  lines: { title: string; subtitle: string | null; sku: string | null; quantity: number; price: number }[];
  events: {
    id: number;
    type: string;
    at: string;
    receivedAt: string;
    /** Why nobody was told of it. */
    told: 'silent' | 'overtaken' | 'too-old' | null;
    notice: NoticeLine | null;
  }[];
}
