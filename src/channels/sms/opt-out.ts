import type { Form } from './form.ts';

/**
 * The words with which a customer ends and allows messages (Twilio, "Support for opt-out keywords"), where Twilio does
 * not say itself what a message was (`OptOutType`, with Advanced Opt-Out). YES, which allows them too, is not among
 * them: it is too often the answer to a question.
 */
const words: Readonly<Record<string, 'STOP' | 'START'>> = {
  STOP: 'STOP',
  STOPALL: 'STOP',
  UNSUBSCRIBE: 'STOP',
  END: 'STOP',
  QUIT: 'STOP',
  CANCEL: 'STOP',
  REVOKE: 'STOP',
  OPTOUT: 'STOP',
  START: 'START',
  UNSTOP: 'START',
};

/** Whether this message ends or allows messages. Only a word that stands alone counts. */
export function optOutTypeOf(form: Form): 'STOP' | 'START' | undefined {
  const told = form.get('OptOutType')?.toUpperCase();
  if (told === 'STOP' || told === 'START') return told;
  const word = (form.get('Body') ?? '').trim().toUpperCase();
  return told === undefined && Object.hasOwn(words, word) ? words[word] : undefined;
}

/** Twilio answers these by itself (default handling of opt-out keywords). */
export const answersItself = [...Object.keys(words), 'YES', 'HELP', 'INFO'].map((word) => word.toLowerCase());
