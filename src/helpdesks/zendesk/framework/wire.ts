import { z } from 'zod';

/** The answer to a push (Zendesk developer docs, "Push Content to Support"). */
export const pushedBody = z.object({
  results: z.array(
    z.object({
      external_resource_id: z.string(),
      status: z.object({ code: z.string(), description: z.string().nullish() }),
    }),
  ),
});
