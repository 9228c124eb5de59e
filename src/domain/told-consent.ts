import { type ConsentAct, type ConsentSource, everything } from './consent.ts';
import { type ConsentWords, meaningOf, payloadMeant, type WordKind } from './consent-words.ts';
import type { InboundEvent } from './event.ts';
import { wordsAlone } from './sameness.ts';

/** What an event says of what the customer wants to hear. */
export interface ToldConsent {
  purpose: string;
  act: Extract<ConsentAct, 'granted' | 'revoked'>;
  source: ConsentSource;
  /** What they wrote or tapped. */
  words?: string | undefined;
}

/** `asks`: they want to know what this is. `maybe`: a yes, if there was a question. */
export type Told = { told: ToldConsent; word?: WordKind } | { asks: 'help' } | { maybe: 'yes' };

/**
 * What a customer told of consent: by a button of ours, by a message that is nothing but a word, or by what they did at the
 * platform. `answersItself` are words of which the platform tells by an event of its own.
 */
export function consentToldBy(
  event: InboundEvent,
  words: ConsentWords,
  answersItself: readonly string[] = [],
): Told | undefined {
  if (event.type === 'opt-in' || event.type === 'opt-out') return byPlatform(event);
  if (event.type === 'postback') return byButton(event.payload, titleIn(event.parts));
  if (event.type !== 'message' || event.public || !Array.isArray(event.parts)) return undefined;
  const button = event.parts.find((part) => part.type === 'button');
  if (button) return byButton(button.payload, button.title);
  const [part, ...more] = event.parts;
  if (part?.type !== 'text' || more.length > 0 || answersItself.includes(wordsAlone(part.text))) return undefined;
  return byWord(part.text, words);
}

function byPlatform(event: Extract<InboundEvent, { type: 'opt-in' | 'opt-out' }>): Told | undefined {
  if (!event.consent) return undefined;
  const purpose = event.consent.to === 'everything' ? everything : event.consent.to;
  const act = event.type === 'opt-out' ? 'revoked' : 'granted';
  return { told: { purpose, act, source: 'platform', words: event.what } };
}

function byButton(payload: string | undefined, title: string | undefined): Told | undefined {
  const meant = payloadMeant(payload);
  return meant && { told: { ...meant, source: 'button', words: title } };
}

const titleIn = (parts: Extract<InboundEvent, { type: 'postback' }>['parts']): string | undefined =>
  (parts ?? []).flatMap((part) => (part.type === 'button' && part.title ? [part.title] : []))[0];

function byWord(text: string, words: ConsentWords): Told | undefined {
  const meaning = meaningOf(words, text);
  if (!meaning) return undefined;
  switch (meaning.meant) {
    case 'keyword':
      return { told: { purpose: meaning.purpose, act: meaning.act, source: 'keyword', words: text } };
    case 'help':
      return { asks: 'help' };
    case 'yes':
      return { maybe: 'yes' };
    default: {
      const act = meaning.meant === 'stop' ? 'revoked' : 'granted';
      return { told: { purpose: everything, act, source: 'keyword', words: text }, word: meaning.meant };
    }
  }
}
