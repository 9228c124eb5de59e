import { type Duration, hours } from './duration.ts';

/** A shorter pause says nothing. */
export const shortestSilence: Duration = hours(1);

/**
 * Whether it is unusual that nothing came, by what came in the same stretch of the seven days before, yesterday first. It is
 * when a week ago at least 3 messages came, and on at least 3 of the days any, and 10 in all: so neither nights, nor
 * weekends, nor an account that is hardly used or new raise it.
 */
export function isUnusual(daysBefore: readonly number[]): boolean {
  const busy = daysBefore.filter((count) => count > 0).length;
  const all = daysBefore.reduce((sum, count) => sum + count, 0);
  return (daysBefore[6] ?? 0) >= 3 && busy >= 3 && all >= 10;
}
