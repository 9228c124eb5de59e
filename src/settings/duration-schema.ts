import { z } from 'zod';
import { parseDuration } from '../kit/units.ts';

export const measure = (parse: (text: unknown) => number | undefined, expected: string) =>
  z.unknown().transform((given, context) => {
    const parsed = parse(given);
    if (parsed === undefined) context.addIssue({ code: 'custom', message: `not understood; write ${expected}` });
    return parsed ?? 0;
  });

export const duration = measure(parseDuration, 'a length of time such as 30s, 15m, 72h or 7d, or 0');

/** In milliseconds. */
export const days = (n: number): number => n * 24 * 3_600_000;

/** How long something is kept: at least so many days, or 0 for ever. */
export const kept = (least: number, byDefault: number) => keptFor(least).default(byDefault);

export const keptFor = (least: number) =>
  duration.refine((ms) => ms === 0 || ms >= days(least), `too short; keep them for ${least}d or longer, or 0 for ever`);
