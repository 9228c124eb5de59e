import { z } from 'zod';
import type { ContactObject } from '../../domain/contact-match.ts';
import { contactObjects } from '../../domain/contact-match.ts';
import type { ContactId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Connection } from '../../salesforce/connection.ts';
import { codeOf, type Reply, troubleOf } from '../../salesforce/outcome.ts';
import { queryTogether } from '../../salesforce/query-together.ts';
import { isApiName } from '../../salesforce/soql.ts';
import { cleanFields, cut } from '../../salesforce/text.ts';
import { readWritten, upsert } from '../../salesforce/upsert.ts';
import type { ContactDraft, ContactMatch, ContactSearch } from '../crm.ts';
import { duplicatesIn, recordsIn } from './duplicates.ts';
import { mostRows, type ObjectQuery, queryFor } from './search.ts';

/** More than one is already too many to choose from; the rest is not needed. */
const mostMatches = 20;

/** All matches of the first search that finds any, in one request. A value no field can hold finds nothing. */
export async function findContacts(
  connection: Connection,
  searches: readonly ContactSearch[],
): Promise<Outcome<ContactMatch[]>> {
  if (searches.some(({ by, field }) => by !== 'email' && by !== 'phone' && !isApiName(field ?? '')))
    return { result: 'never', why: 'the mapping names a field to match by that is not the API name of a field' };
  const queries = contactObjects.flatMap((object) => queryFor(object, searches) ?? []);
  const answers = await queryTogether(
    connection,
    queries.map(({ soql }) => soql),
    contactRow,
  );
  if (answers.result !== 'done') return answers;
  const tooMany = answers.value.some((rows) => rows.length >= mostRows);
  if (tooMany && searches.length > 1) return oneByOne(connection, searches);
  return done(bestOf(queries, answers.value, searches).slice(0, mostMatches));
}

/** What a weak search finds hundreds of must not hide what a stronger one finds. */
async function oneByOne(connection: Connection, searches: readonly ContactSearch[]): Promise<Outcome<ContactMatch[]>> {
  for (const search of searches) {
    const found = await findContacts(connection, [search]);
    if (found.result !== 'done' || found.value.length > 0) return found;
  }
  return done([]);
}

export const contactRow = z.looseObject({ Id: z.string(), Name: z.string().nullish() });
type ContactRow = z.infer<typeof contactRow>;

interface Ranked {
  rank: number;
  match: ContactMatch;
}

function bestOf(
  queries: readonly ObjectQuery[],
  answers: readonly ContactRow[][],
  searches: readonly ContactSearch[],
): ContactMatch[] {
  const ranked = queries.flatMap((each, n) => (answers[n] ?? []).flatMap((row) => rankedOf(each, row, searches)));
  const best = Math.min(...ranked.map(({ rank }) => rank));
  const byId = new Map<string, ContactMatch>();
  for (const { rank, match } of ranked) if (rank === best && !byId.has(match.id)) byId.set(match.id, match);
  return [...byId.values()];
}

function rankedOf({ object, rankOf }: ObjectQuery, row: ContactRow, searches: readonly ContactSearch[]): Ranked[] {
  const rank = rankOf(row);
  const by = searches[rank]?.by;
  const who = whoOf(object, row);
  return by && who ? [{ rank, match: { ...who, ...seenOf(row), by } }] : [];
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** A converted lead is its contact; one whose contact is gone is nobody. */
function whoOf(object: ContactObject, row: ContactRow): Pick<ContactMatch, 'id' | 'object'> | undefined {
  if (object === 'Contact' || (object === 'Lead' && row['IsConverted'] !== true))
    return { id: row.Id as ContactId, object };
  const contact = text(object === 'Lead' ? row['ConvertedContactId'] : row['PersonContactId']);
  return contact === undefined
    ? undefined
    : { id: contact as ContactId, object: object === 'Lead' ? 'Contact' : object };
}

function seenOf(row: ContactRow): Pick<ContactMatch, 'name' | 'email'> {
  const email = text(row['Email'] ?? row['PersonEmail']);
  return { ...(row.Name ? { name: row.Name } : {}), ...(email ? { email } : {}) };
}

const match = (id: string, by: ContactMatch['by'], name?: string): ContactMatch => ({
  id: id as ContactId,
  object: 'Contact',
  ...(name ? { name } : {}),
  by,
});

/** Says what a duplicate rule found instead of the fact alone. Rules that only warn let it pass; those that block do not. */
const headersFor = (evenIfDuplicate: boolean) => ({
  'sforce-duplicate-rule-header': `allowSave=${evenIfDuplicate}; includeRecordDetails=true`,
});

/**
 * With a key it may be repeated; without one a lost answer is `unsure`: find the contact before trying again.
 * What the org's duplicate rules or an ambiguous key find is `done` with those matches, and nothing was created.
 */
export async function createContact(
  connection: Connection,
  draft: ContactDraft,
  key?: { field: string; value: string },
  evenIfDuplicate = false,
): Promise<Outcome<ContactMatch[]>> {
  const headers = headersFor(evenIfDuplicate);
  const fields = fitNames(cleanFields(draft));
  const reply = key
    ? await upsert(connection, { object: 'Contact', field: key.field, value: key.value, fields, headers })
    : await connection.ask({ method: 'POST', path: '/sobjects/Contact', body: fields, headers });
  const known = alreadyThere(reply);
  if (known) return done(known);
  if (reply.result !== 'done') return key ? keyTrouble(reply, key.field) : troubleOf(reply, false);
  const { id, created } = readWritten(reply.value);
  if (id) return done([match(id, created === false ? 'external-id' : 'created')]);
  return key ? findContacts(connection, [searchForKey(key)]) : noId;
}

const searchForKey = ({ field, value }: { field: string; value: string }): ContactSearch => ({
  by: 'external-id',
  field,
  values: [value],
  objects: ['Contact'],
});

const noId: Outcome<never> = { result: 'unsure', why: 'Salesforce did not say which contact it created' };

/** Names from a chat can be longer than the fields of Contact. */
const nameLengths: Record<string, number> = { FirstName: 40, LastName: 80 };

function fitNames(fields: Record<string, unknown>): Record<string, unknown> {
  const shortened = (name: string, value: unknown) => {
    const length = nameLengths[name];
    return length !== undefined && typeof value === 'string' ? cut(value, length) : value;
  };
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, shortened(name, value)]));
}

function alreadyThere(reply: Reply): ContactMatch[] | undefined {
  const ambiguous = codeOf(reply, 'MULTIPLE_CHOICES');
  if (ambiguous) return recordsIn(ambiguous).map((id) => match(id, 'external-id'));
  const duplicate = codeOf(reply, 'DUPLICATES_DETECTED');
  const found = duplicate ? duplicatesIn(duplicate, 'Contact') : [];
  return found.length > 0 ? found.map(({ id, name }) => match(id, 'duplicate-rule', name)) : undefined;
}

function keyTrouble(reply: Exclude<Reply, { result: 'done' }>, field: string): Outcome<never> {
  const missing = codeOf(reply, 'NOT_FOUND');
  if (!missing) return troubleOf(reply, true);
  const why = `Contact has no field ${field} that is an external id and visible to the user: create it as Text(255), External ID, unique, case sensitive`;
  return { result: 'never', why, code: missing.code };
}
