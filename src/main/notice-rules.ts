import { type ConsentWords, consentWords } from '../domain/consent-words.ts';
import { milliseconds } from '../domain/duration.ts';
import type { NoticeRules } from '../domain/notice-rules.ts';
import type { Noticing } from '../domain/notice-text.ts';
import { readConsentWords } from '../settings/consent-words.ts';
import type { Settings } from '../settings/settings.ts';

/** The configuration's `notices` as the flows take it. */
export const noticeRules = ({ notices }: Pick<Settings, 'notices'>): NoticeRules => ({
  defaultTimeZone: notices.defaultTimeZone,
  ...(notices.quietHours ? { quietHours: notices.quietHours } : {}),
  caps: notices.caps.map((cap) => ({ ...cap, per: milliseconds(cap.per) })),
  spacing: milliseconds(notices.spacing),
  sameWithin: milliseconds(notices.sameWithin),
  doubleOptIn: notices.doubleOptIn,
  lists: notices.lists,
  words: wordsOf(notices),
});

/** Those of the company beside those that are shipped. */
function wordsOf({ stopWords, startWords, helpWords, keywords }: Settings['notices']): ConsentWords {
  const shipped = readConsentWords();
  const of = {
    stop: [...shipped.stop, ...stopWords],
    start: [...shipped.start, ...startWords],
    help: [...shipped.help, ...helpWords],
    yes: shipped.yes,
  };
  return consentWords(of, keywords);
}
/** Their texts, and which way they go. */
export const noticingOf = ({ notices, noticeTexts }: Pick<Settings, 'notices' | 'noticeTexts'>): Noticing => ({
  texts: noticeTexts,
  channels: notices.channels,
  deliverWithin: milliseconds(notices.deliverWithin),
  shopName: notices.shopName,
});
