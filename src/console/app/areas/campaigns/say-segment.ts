import type { Segment } from '../../../wire/campaigns.ts';
import { sayLength } from '../../parts/time.tsx';
import type { Language, Values } from '../../words/catalogue.ts';

type Key =
  | ('everybody' | 'onChannels' | 'onAccounts' | 'speaking' | 'whoseAttribute')
  | ('bought' | 'notBought' | 'boughtOf' | 'notBoughtOf' | 'leaveOut' | 'wrote');

/** Whom a segment takes in, a phrase for each thing that has to hold. */
export function saySegment(segment: Segment, t: (key: Key, values?: Values) => string, language: Language): string[] {
  const { channels, accounts, languages, attributes, bought, notBought, leaveOutBuyersForMs, wroteWithinMs } = segment;
  const list = (values: readonly string[]) => values.join(', ');
  const within = (ms: number) => sayLength(ms, language);
  const purchase = (of: NonNullable<Segment['bought']>, any: Key, some: Key) =>
    of.products.length > 0
      ? t(some, { products: list(of.products), within: within(of.withinMs) })
      : t(any, { within: within(of.withinMs) });
  const phrases = [
    channels.length > 0 && t('onChannels', { list: list(channels) }),
    accounts.length > 0 && t('onAccounts', { list: list(accounts) }),
    languages.length > 0 && t('speaking', { list: list(languages) }),
    ...Object.entries(attributes).map(([name, value]) => t('whoseAttribute', { name, value })),
    bought && purchase(bought, 'bought', 'boughtOf'),
    notBought && purchase(notBought, 'notBought', 'notBoughtOf'),
    leaveOutBuyersForMs && t('leaveOut', { within: within(leaveOutBuyersForMs) }),
    wroteWithinMs && t('wrote', { within: within(wroteWithinMs) }),
  ].filter((each): each is string => typeof each === 'string');
  return phrases.length > 0 ? phrases : [t('everybody')];
}
