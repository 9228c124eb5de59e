import { duration } from './measures.ts';

/** In milliseconds. */
export const days = (n: number): number => n * 24 * 3_600_000;

/** How long something is kept: at least so many days, or 0 for ever. */
export const kept = (least: number, byDefault: number) => keptFor(least).default(byDefault);

export const keptFor = (least: number) =>
  duration.refine((ms) => ms === 0 || ms >= days(least), `too short; keep them for ${least}d or longer, or 0 for ever`);
