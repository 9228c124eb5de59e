import { z } from 'zod';
import { parseBytes, parseDuration } from '../kit/units.ts';

const measure = (parse: (text: unknown) => number | undefined, expected: string) =>
  z.unknown().transform((given, context) => {
    const parsed = parse(given);
    if (parsed === undefined) context.addIssue({ code: 'custom', message: `not understood; write ${expected}` });
    return parsed ?? 0;
  });

export const bytes = measure(parseBytes, 'a size such as 5mb, 512kb or a number of bytes');
export const duration = measure(parseDuration, 'a length of time such as 30s, 15m, 72h or 7d, or 0');
