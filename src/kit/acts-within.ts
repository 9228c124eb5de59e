import { z } from 'zod';
import { parseDuration } from './units.ts';

/**
 * The setting behind `HelpdeskSession.actsWithin` and `Channel.actsWithin`: how long after it was asked a platform may still act
 * on a request whose caller has gone. `thing`: what was asked for, with its article; `answersWithin`: how long an answer is waited for.
 */
export const actsWithin = <Milliseconds extends number>(
  usual: Milliseconds,
  { thing, answersWithin }: { thing: string; answersWithin: string },
) =>
  z
    .unknown()
    .transform((given, context): Milliseconds => {
      const parsed = parseDuration(given);
      if (parsed === undefined)
        context.addIssue({ code: 'custom', message: 'not understood; write a length of time such as 30s or 2m' });
      return (parsed ?? 0) as Milliseconds;
    })
    .default(usual as never)
    .describe(
      `Where the answer to ${thing} is lost and nothing is found of it: how long after it was sent it may still appear, as 30s or 2m; only then is it sent again. Longer than the ${answersWithin} for which an answer is waited.`,
    );
