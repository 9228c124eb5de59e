import { expect, test } from 'vitest';
import { languageOf, languageOfLocale } from './language.ts';

test.each([
  ['Je voudrais retourner mes chaussures rouges', 'en_US', 'fr'],
  ['hola, quiero saber donde esta mi pedido', undefined, 'es'],
  ['Hallo, wo ist meine Bestellung?', undefined, 'de'],
  ['where is my parcel?', 'fr_FR', 'en'],
  ['ok', 'fr_FR', 'fr'],
  ['12345 67890', 'pt-BR', 'pt'],
  ['👍👍👍', undefined, undefined],
  ['', undefined, undefined],
])('%j of somebody with the locale %j is %j', (text, locale, expected) => {
  expect(languageOf(text, locale)).toBe(expected);
});

test.each([
  ['fr_FR', 'fr'],
  ['PT-br', 'pt'],
  ['zh', 'zh'],
  ['english', undefined],
  ['', undefined],
  [undefined, undefined],
])('the locale %j tells %j', (locale, expected) => expect(languageOfLocale(locale)).toBe(expected));
