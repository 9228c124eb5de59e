import { z } from 'zod';
import { type Duration, milliseconds } from '../domain/duration.ts';
import { parseDuration } from '../kit/units.ts';

/** The setting behind `HelpdeskSession.actsWithin`. */
export const actsWithin = (usual: Duration, answersWithin: string) =>
  z
    .unknown()
    .transform((given, context): Duration => {
      const parsed = parseDuration(given);
      if (parsed === undefined)
        context.addIssue({ code: 'custom', message: 'not understood; write a length of time such as 30s or 2m' });
      return milliseconds(parsed ?? 0);
    })
    .default(usual)
    .describe(
      `Where the answer to a comment is lost and the comment is not there: how long after it was sent it may still appear, as 30s or 2m; only then is it written again. Longer than the ${answersWithin} for which an answer is waited.`,
    );
