import { z } from 'zod';
import type { ContactId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Clock } from '../../kit/clock.ts';
import { changedAfter, changePlace, newOf, nextPlace, retold, startAt } from '../../salesforce/change-place.ts';
import type { Connection } from '../../salesforce/connection.ts';
import { queryTogether } from '../../salesforce/query-together.ts';
import { soqlText } from '../../salesforce/soql.ts';
import type { CrmConsents, HeldConsent } from '../crm.ts';
import type { ConsentSettings } from './consent-settings.ts';
import { eraseConsents } from './erase-consents.ts';
import {
  type ConsentRow,
  consentKeyField,
  consentRow,
  contactRow,
  heldInFields,
  heldInRecord,
} from './held-consents.ts';
import { writeConsents } from './write-consents.ts';

/** Consents in fields of Contact and in records of ContactPointTypeConsent, as the settings say. */
export function makeConsents(settings: ConsentSettings, connection: Connection, clock: Clock): CrmConsents {
  return {
    every: settings.every,
    changed: (cursor) => changedContacts(settings, connection, clock, cursor),
    of: (contacts) => consentsOf(settings, connection, clock, contacts),
    erase: (keys, contacts) => eraseConsents(connection, keys, contacts),
    ...(settings.write ? { write: (consents) => writeConsents(connection, settings.pointTypes, consents) } : {}),
  };
}

const readsRecords = ({ records, write }: ConsentSettings): boolean => write || records.length > 0;

const pageSize = 500;

const change = z.object({ Id: z.string(), SystemModstamp: z.string(), PartyId: z.string().nullish() });

const placesIn = z.object({ Contact: changePlace, ContactPointTypeConsent: changePlace });
type Listed = keyof z.infer<typeof placesIn>;

/** A record that this service wrote last is no news. Of a contact that tells nothing: it is written for other reasons as well. */
async function changedContacts(
  settings: ConsentSettings,
  connection: Connection,
  clock: Clock,
  cursor: string | undefined,
): ReturnType<CrmConsents['changed']> {
  const read = clock.now();
  const start = startAt(read);
  const from = cursor === undefined ? { Contact: start, ContactPointTypeConsent: start } : readPlaces(cursor);
  if (!from) return { result: 'never', why: 'the place in the list of changes cannot be read' };
  const me = await connection.logIn();
  if (me.result !== 'done') return me;
  const lists: Listed[] = [
    ...(settings.fields.length > 0 ? (['Contact'] as const) : []),
    ...(readsRecords(settings) ? (['ContactPointTypeConsent'] as const) : []),
  ];
  const notMine = me.value.userId ? ` AND LastModifiedById != ${soqlText(me.value.userId)}` : '';
  const queries = lists.map((object) => {
    const [party, except] = object === 'Contact' ? ['', ''] : [', PartyId', notMine];
    const where = `${changedAfter(from[object])}${except}`;
    return `SELECT Id, SystemModstamp${party} FROM ${object} WHERE ${where} ORDER BY SystemModstamp, Id LIMIT ${pageSize}`;
  });
  const pages = await queryTogether(connection, queries, change);
  if (pages.result !== 'done') return pages;
  const news = lists.flatMap((object, n) => newOf(from[object], pages.value[n]!));
  const contacts = await contactsIn(connection, news);
  if (contacts.result !== 'done') return contacts;
  const next = lists.map((object, n) => {
    const rows = pages.value[n]!;
    return [object, retold(nextPlace(from[object], rows, rows.length === pageSize), read)] as const;
  });
  return done({
    contacts: contacts.value,
    cursor: JSON.stringify({ ...from, ...Object.fromEntries(next) }),
    more: pages.value.some((rows) => rows.length === pageSize),
  });
}

function readPlaces(cursor: string): z.infer<typeof placesIn> | undefined {
  try {
    return placesIn.safeParse(JSON.parse(cursor)).data;
  } catch {
    return undefined;
  }
}

/** Contacts themselves, and those of the individuals that records are about. */
async function contactsIn(
  connection: Connection,
  news: readonly z.infer<typeof change>[],
): Promise<Outcome<ContactId[]>> {
  const contacts = news.filter(({ Id }) => Id.startsWith('003')).map(({ Id }) => Id as ContactId);
  const parties = [...new Set(news.flatMap(({ PartyId }) => PartyId ?? []))];
  for (let from = 0; from < parties.length; from += 200) {
    const where = `IndividualId IN (${listOf(parties.slice(from, from + 200))})`;
    const queries = ['Contact', 'Lead'].map((object) => `SELECT Id FROM ${object} WHERE ${where} LIMIT 2000`);
    const rows = await queryTogether(connection, queries, z.object({ Id: z.string() }));
    if (rows.result !== 'done') return rows;
    contacts.push(...rows.value.flat().map(({ Id }) => Id as ContactId));
  }
  return done([...new Set(contacts)]);
}

const listOf = (ids: readonly string[]): string => ids.map((id) => soqlText(id)).join(', ');

async function consentsOf(
  settings: ConsentSettings,
  connection: Connection,
  clock: Clock,
  contacts: readonly ContactId[],
): Promise<Outcome<HeldConsent[]>> {
  const queries = [
    { object: 'Contact', fields: settings.fields.map(({ field }) => field), prefix: '003' },
    { object: 'Lead', fields: [], prefix: '00Q' },
  ].flatMap(({ object, fields, prefix }) => {
    const ids = contacts.filter((id) => id.startsWith(prefix));
    const individual = readsRecords(settings) ? ['IndividualId'] : [];
    const columns = [...new Set(['Id', ...individual, 'CreatedDate', 'LastModifiedDate', ...fields])];
    return ids.length > 0 ? [`SELECT ${columns.join(', ')} FROM ${object} WHERE Id IN (${listOf(ids)})`] : [];
  });
  const rows = await queryTogether(connection, queries, contactRow);
  if (rows.result !== 'done') return rows;
  const people = rows.value.flat();
  const inFields = people.filter(({ Id }) => Id.startsWith('003')).flatMap((row) => heldInFields(settings, row));
  const inRecords = await heldInRecords(settings, connection, clock, people);
  return inRecords.result === 'done' ? done([...inFields, ...inRecords.value]) : inRecords;
}

async function heldInRecords(
  settings: ConsentSettings,
  connection: Connection,
  clock: Clock,
  people: readonly z.infer<typeof contactRow>[],
): Promise<Outcome<HeldConsent[]>> {
  const parties = [...new Set(people.flatMap(({ IndividualId }) => IndividualId ?? []))];
  if (parties.length === 0) return done([]);
  const columns = [...Object.keys(consentRow.shape), ...(settings.write ? [consentKeyField] : [])];
  const soql = `SELECT ${columns.join(', ')} FROM ContactPointTypeConsent WHERE PartyId IN (${listOf(parties)}) LIMIT 2000`;
  const rows = await queryTogether<ConsentRow>(connection, [soql], consentRow);
  if (rows.result !== 'done') return rows;
  return done(
    rows.value
      .flat()
      .flatMap((row) =>
        people
          .filter(({ IndividualId }) => IndividualId === row.PartyId)
          .flatMap(({ Id }) => heldInRecord(settings, row, Id as ContactId, clock) ?? []),
      ),
  );
}
