import { expect, test } from 'vitest';
import { isQuoted, leadingQuote } from './leading-quote.ts';

test.each([
  ['> Where is it?\n\nOn its way.', { quote: 'Where is it?', answer: 'On its way.' }],
  ['> Where\n> is it?\nOn\nits way.', { quote: 'Where is it?', answer: 'On\nits way.' }],
  ['>ok\r\nFine', { quote: 'ok', answer: 'Fine' }],
  ['> only a quote', undefined],
  ['No quote\n> here', undefined],
  ['>\n\nNothing quoted', undefined],
  ['', undefined],
])('%j', (text, expected) => expect(leadingQuote(text)).toEqual(expected));

test.each([
  ['Where is my order?', 'where is my order?', true],
  ['Where is\nmy order? I wait', 'is my order?', true],
  ['Where is my order?', 'Where is my…', true],
  ['Ok', 'ok', true],
  ['Is it ok?', 'ok', false],
  ['Where is my order?', 'Where is my parcel?', false],
])('%j may be quoted by %j: %s', (message, quote, quoted) => expect(isQuoted(message, quote)).toBe(quoted));
