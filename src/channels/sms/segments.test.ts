import { expect, test } from 'vitest';
import { segmentsOf } from './segments.ts';

const cases: [string, string, 'GSM-7' | 'UCS-2', number][] = [
  ['a full segment', 'a'.repeat(160), 'GSM-7', 1],
  ['one letter more', 'a'.repeat(161), 'GSM-7', 2],
  ['two full segments', 'a'.repeat(306), 'GSM-7', 2],
  ['three', 'a'.repeat(307), 'GSM-7', 3],
  ['a euro sign takes two places', `${'a'.repeat(159)}€`, 'GSM-7', 2],
  ['a letter of two places is not torn', `${'a'.repeat(152)}€${'a'.repeat(151)}`, 'GSM-7', 2],
  ['but pushes what follows on', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 'GSM-7', 3],
  ['ä, é and Δ are of the alphabet', 'äéΔ', 'GSM-7', 1],
  ['ê is not', 'ê', 'UCS-2', 1],
  ['seventy others', '字'.repeat(70), 'UCS-2', 1],
  ['seventy-one', '字'.repeat(71), 'UCS-2', 2],
  ['an emoji takes two places and is not torn', `${'字'.repeat(66)}👋${'字'.repeat(65)}`, 'UCS-2', 2],
  ['nothing', '', 'GSM-7', 1],
];
test.each(cases)('%s', (_name, text, encoding, segments) => {
  expect(segmentsOf(text)).toEqual({ encoding, segments });
});
