import type { Choice } from './choice.ts';
import type { Duration } from './duration.ts';

/** A template of the platform's as a text names it. */
export interface NoticeTemplate {
  name: string;
  language: string;
  category: 'utility' | 'marketing';
  parameters: string[];
  names?: string[];
  /** The event's file stands at its head. */
  document: boolean;
}

/** A notice in words, for one channel and language. */
export interface RenderedNotice {
  /** In which of the languages it is written. */
  language: string;
  title: string;
  text: string;
  picture?: string;
  choices: Choice[];
  /** For when the channel takes nothing else. */
  template?: NoticeTemplate;
  /** What the sums of a receipt are called. */
  labels: { subtotal: string; shipping: string; tax: string; total: string };
}

/** For whom a notice is put into words. */
export interface NoticeReader {
  /** The channel's kind. */
  channel: string;
  /** The languages they read, the best first: `fr-CA`, `en`. */
  languages: readonly (string | undefined)[];
}

/** The texts of notices, read and checked when the service started (`config/notices/`). */
export interface NoticeTexts {
  /** The names there are texts for: `order.shipped`. */
  readonly names: readonly string[];
  /** Undefined: there is no text of this name. Throws when it takes too long with these very values. */
  render(name: string, reader: NoticeReader, context: object): RenderedNotice | undefined;
}

/** What sending notices goes by: their texts, and which way they go. */
export interface Noticing {
  texts: NoticeTexts;
  /** Kinds of channel, the first to be tried first; of the others, where the customer wrote last. */
  channels: readonly string[];
  /** What has not got through by then goes the next way. */
  deliverWithin: Duration;
  /** What the shop is called in the texts. */
  shopName: string;
}

/** One file of texts, with the approved templates it names by kind of channel. */
export interface NoticeTextFile {
  file: string;
  name: string;
  language: string;
  /** The one kind of channel it is for; without it, every kind. */
  channel?: string;
  text: { readonly templates: Readonly<Record<string, { name: string; language: string; parameters: number }>> };
}
