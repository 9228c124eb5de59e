import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { ContactObject } from '../../domain/contact-match.ts';
import { isApiName, soqlText } from '../../salesforce/soql.ts';
import type { ContactSearch } from '../crm.ts';

/** How an object of Salesforce holds people. */
interface Holder {
  from: string;
  /** Beside the id, the name, and what is sought by. */
  fields: readonly string[];
  where?: string;
  email: string;
  phones: readonly string[];
  /** What a field of Contact is called here. */
  fieldNamed(field: string): string;
}

const same = (field: string): string => field;

/** Object Reference: Contact, Lead; Person Account fields, where the contact's own fields `X__c` are `X__pc`. */
export const holders: Record<ContactObject, Holder> = {
  Contact: { from: 'Contact', fields: [], email: 'Email', phones: ['Phone', 'MobilePhone'], fieldNamed: same },
  Lead: {
    from: 'Lead',
    fields: ['IsConverted', 'ConvertedContactId'],
    email: 'Email',
    phones: ['Phone', 'MobilePhone'],
    fieldNamed: same,
  },
  PersonAccount: {
    from: 'Account',
    fields: ['PersonContactId'],
    where: 'IsPersonAccount = true',
    email: 'PersonEmail',
    phones: ['Phone', 'PersonMobilePhone'],
    fieldNamed: (field) => field.replace(/__c$/, '__pc'),
  },
};

/** A search as one object takes it: one of the fields holds one of the values. */
interface Clause {
  search: ContactSearch;
  fields: readonly string[];
  values: readonly string[];
}

/** The query of one object for all searches at once, and which of them found a row. */
export interface ObjectQuery {
  object: ContactObject;
  soql: string;
  /** The place of the first search that the row fulfils; -1 for none. */
  rankOf(row: Readonly<Record<string, unknown>>): number;
}

/** More rows than this are not read: whoever is among so many is no one. */
export const mostRows = 200;

/** Undefined when no search has a value that a field of this object can hold. */
export function queryFor(object: ContactObject, searches: readonly ContactSearch[]): ObjectQuery | undefined {
  const holder = holders[object];
  const clauses = searches.filter(({ objects }) => objects.includes(object)).map((search) => clauseOf(holder, search));
  const wheres = clauses.flatMap(whereOf);
  if (wheres.length === 0) return undefined;
  const fields = new Set(['Id', 'Name', holder.email, ...holder.fields, ...clauses.flatMap((clause) => clause.fields)]);
  const oneOf = wheres.join(' OR ');
  const where = holder.where ? `${holder.where} AND (${oneOf})` : oneOf;
  const soql = `SELECT ${[...fields].join(', ')} FROM ${holder.from} WHERE ${where} LIMIT ${mostRows}`;
  return { object, soql, rankOf: (row) => rankIn(searches, clauses, row) };
}

function clauseOf(holder: Holder, search: ContactSearch): Clause {
  if (search.by === 'email') return { search, fields: [holder.email], values: search.values.map((v) => v.trim()) };
  if (search.by === 'phone')
    return { search, fields: holder.phones, values: search.values.flatMap((v) => phoneSpellings(v.trim())) };
  const field = holder.fieldNamed(search.field ?? '');
  return { search, fields: isApiName(field) ? [field] : [], values: search.values };
}

function whereOf({ fields, values }: Clause): string[] {
  const literals = values.flatMap((value) => soqlText(value) ?? []);
  if (literals.length === 0) return [];
  const [only] = literals;
  return fields.map((field) => (literals.length === 1 ? `${field} = ${only}` : `${field} IN (${literals.join(', ')})`));
}

/** By letter case first where it may matter; what Salesforce found beyond that, it found without regard to it. */
function rankIn(
  searches: readonly ContactSearch[],
  clauses: readonly Clause[],
  row: Readonly<Record<string, unknown>>,
) {
  const exact = clauses.find((clause) => holds(clause, row, clause.search.by === 'email' ? folded : String));
  const found = exact ?? clauses.find((clause) => holds(clause, row, folded));
  return found ? searches.indexOf(found.search) : -1;
}

const folded = (value: unknown): string => String(value).toLowerCase();

function holds({ fields, values }: Clause, row: Readonly<Record<string, unknown>>, as: (value: unknown) => string) {
  const wanted = new Set(values.map(as));
  return fields.some((field) => row[field] !== null && row[field] !== undefined && wanted.has(as(row[field])));
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
