import { z } from 'zod';

/** What is wrong with one thing of a batch. */
export const problemOfOne = z.object({
  field: z.string().describe('which field is wrong: `order.currency`'),
  detail: z.string(),
});
export type ProblemOfOne = z.infer<typeof problemOfOne>;

/** The first thing that is wrong with it; `whole` is what to call it where no field of it is meant. */
export function firstProblem({ issues: [issue] }: z.ZodError, whole: string): ProblemOfOne {
  const stray = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const field = [...(issue?.path ?? []), ...stray].join('.') || whole;
  return { field, detail: stray.length > 0 ? 'there is no such field' : (issue?.message ?? 'not right') };
}

/** A schema as the API's description has it, for what is checked one by one. */
export function drawn(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input' }) as Record<string, unknown>;
  return json;
}
