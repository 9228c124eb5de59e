import { expect, test } from 'vitest';
import { isUnusual } from './silence.ts';

const cases: [string, number[], boolean][] = [
  ['a busy week', [9, 8, 7, 9, 8, 7, 9], true],
  ['a Monday after a free weekend', [0, 0, 9, 8, 7, 9, 8], true],
  ['a Sunday that was empty a week ago', [9, 8, 7, 9, 8, 7, 0], false],
  ['a night', [0, 1, 0, 0, 0, 1, 0], false],
  ['hardly used', [1, 1, 1, 1, 1, 1, 3], false],
  ['new since two days', [40, 40, 0, 0, 0, 0, 0], false],
  ['one rush a week ago', [0, 0, 0, 0, 0, 0, 90], false],
  ['nothing known', [], false],
];
test.each(cases)('silence after %s: %j is %s', (_, days, unusual) => expect(isUnusual(days)).toBe(unusual));
