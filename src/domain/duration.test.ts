import { expect, test } from 'vitest';
import { days, hours, seconds } from './duration.ts';

test('a duration is a number of milliseconds', () => {
  expect([seconds(1), hours(1), days(1)]).toEqual([1000, 3_600_000, 86_400_000]);
});
