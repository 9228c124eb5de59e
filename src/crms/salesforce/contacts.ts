import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { z } from 'zod';
import type { ContactId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import { type Connection, query } from '../../salesforce/connection.ts';
import { codeOf, type Reply, troubleOf } from '../../salesforce/outcome.ts';
import { isApiName, soqlText } from '../../salesforce/soql.ts';
import { cleanFields, cut } from '../../salesforce/text.ts';
import { readWritten, upsert } from '../../salesforce/upsert.ts';
import type { ContactCriteria, ContactDraft, ContactMatch } from '../crm.ts';
import { duplicatesIn, recordsIn } from './duplicates.ts';

/** More than one is already too many to choose from; the rest is not needed. */
const mostMatches = 20;

interface Search {
  by: ContactMatch['by'];
  where: string;
}

/** All matches of the first criterion that finds any. A value no field can hold finds nothing. */
export async function findContacts(
  connection: Connection,
  criteria: ContactCriteria,
): Promise<Outcome<ContactMatch[]>> {
  const { field } = criteria.externalId ?? {};
  if (field !== undefined && !isApiName(field))
    return { result: 'never', why: 'the mapping’s external id field is not the API name of a field' };
  for (const search of searchesOf(criteria)) {
    const found = await searchContacts(connection, search);
    if (found.result !== 'done' || found.value.length > 0) return found;
  }
  return done([]);
}

function searchesOf({ externalId, email, phone }: ContactCriteria): Search[] {
  const key = externalId && externalIdSearch(externalId);
  const mail = soqlText(email?.trim() ?? '');
  const phones = phoneSpellings(phone?.trim() ?? '').flatMap((spelling) => soqlText(spelling) ?? []);
  const list = phones.join(', ');
  return [
    ...(key ? [key] : []),
    ...(mail ? [{ by: 'email' as const, where: `Email = ${mail}` }] : []),
    ...(list ? [{ by: 'phone' as const, where: `Phone IN (${list}) OR MobilePhone IN (${list})` }] : []),
  ];
}

function externalIdSearch({ field, value }: { field: string; value: string }): Search | undefined {
  const text = soqlText(value);
  return text ? { by: 'external-id', where: `${field} = ${text}` } : undefined;
}

/**
 * How Salesforce may hold the number: it keeps what was typed. Only spellings that can mean no other number; ten digits
 * without a country are one in North America, where Salesforce itself writes them as (415) 555-1212.
 */
export function phoneSpellings(phone: string): string[] {
  const parsed = phone.startsWith('+') ? parsePhoneNumberFromString(phone) : undefined;
  if (!parsed) return phone === '' ? [] : [phone];
  const international = parsed.formatInternational();
  const digits = parsed.number.slice(1);
  const national = parsed.countryCallingCode === '1' ? [parsed.formatNational(), parsed.nationalNumber] : [];
  const dashed = international.replaceAll(' ', '-');
  return [...new Set([phone, parsed.number, digits, `00${digits}`, international, dashed, ...national])];
}

export const contactRow = z.object({ Id: z.string(), Name: z.string().nullish() });

async function searchContacts(connection: Connection, { by, where }: Search): Promise<Outcome<ContactMatch[]>> {
  const soql = `SELECT Id, Name FROM Contact WHERE ${where} LIMIT ${mostMatches}`;
  const rows = await query(connection, soql, contactRow);
  if (rows.result !== 'done') return rows;
  return done(rows.value.map(({ Id, Name }) => match(Id, by, Name ?? undefined)));
}

const match = (id: string, by: ContactMatch['by'], name?: string): ContactMatch =>
  name ? { id: id as ContactId, name, by } : { id: id as ContactId, by };

/** Says what a duplicate rule found instead of the fact alone. */
const headers = { 'sforce-duplicate-rule-header': 'allowSave=false; includeRecordDetails=true' };

/**
 * With a key it may be repeated; without one a lost answer is `unsure`: find the contact before trying again.
 * What the org's duplicate rules or an ambiguous key find is `done` with those matches, and nothing was created.
 */
export async function createContact(
  connection: Connection,
  draft: ContactDraft,
  key?: { field: string; value: string },
): Promise<Outcome<ContactMatch[]>> {
  const fields = fitNames(cleanFields(draft));
  const reply = key
    ? await upsert(connection, { object: 'Contact', field: key.field, value: key.value, fields, headers })
    : await connection.ask({ method: 'POST', path: '/sobjects/Contact', body: fields, headers });
  const known = alreadyThere(reply);
  if (known) return done(known);
  if (reply.result !== 'done') return key ? keyTrouble(reply, key.field) : troubleOf(reply, false);
  const { id, created } = readWritten(reply.value);
  if (id) return done([match(id, created === false ? 'external-id' : 'created')]);
  return key ? findContacts(connection, { externalId: key }) : noId;
}

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
