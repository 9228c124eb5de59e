import { z } from 'zod';

const problem = z.object({ description: z.string().optional(), error: z.string().optional() });
const errorBody = z.object({
  error: z.union([z.string(), z.object({ title: z.string().optional() })]).optional(),
  description: z.string().optional(),
  details: z.record(z.string(), z.array(problem)).optional(),
  // The webhooks API has its own form.
  errors: z.array(z.object({ code: z.string().optional(), title: z.string().optional() })).optional(),
});

type ErrorBody = z.infer<typeof errorBody>;

const read = (body: unknown): ErrorBody => errorBody.safeParse(body).data ?? {};

/** Zendesk's own code of an error: `RecordInvalid`, `RecordNotFound`… */
export function refusalCode(body: unknown): string | undefined {
  const { error, errors } = read(body);
  return (typeof error === 'string' ? error : error?.title) ?? errors?.[0]?.code;
}

/** The fields a 422 complains of, with the code of each complaint: `{ email: ['DuplicateValue'] }`. */
export function refusedFields(body: unknown): Record<string, string[]> {
  const entries = Object.entries(read(body).details ?? {});
  return Object.fromEntries(entries.map(([field, problems]) => [field, problems.map((p) => p.error ?? '')]));
}

/** Descriptions of these fields repeat the value, which is a person's. */
const personal = new Set(['email', 'phone', 'name', 'external_id', 'value', 'requester']);

/** What is wrong, for whoever waits; without anything of a person. At most 300 characters. */
export function refusalText(body: unknown): string {
  const { description, details, errors } = read(body);
  const each = Object.entries(details ?? {}).map(([field, problems]) =>
    personal.has(field) ? `${field}: ${problems[0]?.error ?? 'not accepted'}` : (problems[0]?.description ?? field),
  );
  const text = [description ?? errors?.[0]?.title ?? refusalCode(body) ?? 'no reason given', ...each].join('; ');
  return text.length > 300 ? `${text.slice(0, 299)}…` : text;
}
