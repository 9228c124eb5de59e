import { z } from 'zod';
import type { ApiError } from '../../salesforce/outcome.ts';

const record = z.object({
  Id: z.string(),
  Name: z.string().nullish(),
  attributes: z.object({ type: z.string() }).optional(),
});
const duplicateResult = z.object({
  matchResults: z.array(z.object({ matchRecords: z.array(z.object({ record })) })),
});

export interface Duplicate {
  id: string;
  name?: string;
}

/** The records of one object that a duplicate rule found, each once. Rules may find records of other objects too. */
export function duplicatesIn(error: ApiError, object: string): Duplicate[] {
  const read = duplicateResult.safeParse(error.duplicateResult);
  if (!read.success) return [];
  const records = read.data.matchResults.flatMap(({ matchRecords }) => matchRecords.map((each) => each.record));
  const found = records.filter(({ attributes }) => attributes?.type === object);
  const byId = new Map(found.map(({ Id, Name }) => [Id, Name ? { id: Id, name: Name } : { id: Id }]));
  return [...byId.values()];
}

/** The ids of the records an ambiguous key belongs to: the last step of each address. */
export const recordsIn = (error: ApiError): string[] =>
  (error.records ?? []).flatMap((url) => /\/([A-Za-z0-9]{15,18})$/.exec(url)?.[1] ?? []);
