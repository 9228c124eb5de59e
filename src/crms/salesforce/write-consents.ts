import { z } from 'zod';
import type { ContactId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import { writeMany } from '../../salesforce/collections.ts';
import type { Connection } from '../../salesforce/connection.ts';
import { queryTogether } from '../../salesforce/query-together.ts';
import { soqlText } from '../../salesforce/soql.ts';
import { cut } from '../../salesforce/text.ts';
import type { ConsentToHold } from '../crm.ts';
import type { ConsentSettings } from './consent-settings.ts';
import { consentKeyField as key, statuses } from './held-consents.ts';

type PointTypes = ConsentSettings['pointTypes'];

/** Who is meant: by the contact, their Individual, or why there is none. */
type Parties = ReadonlyMap<ContactId, Outcome<string>>;

/** At most four requests, however many consents: who they are, individuals for those who have none, their link, the consents. */
export async function writeConsents(
  connection: Connection,
  pointTypes: PointTypes,
  consents: readonly ConsentToHold[],
): Promise<Outcome<Outcome<void>[]>> {
  const parties = await partiesOf(connection, consents);
  if (parties.result !== 'done') return parties;
  const known = consents.filter(({ contact }) => parties.value.get(contact)?.result === 'done');
  const written = await writeMany(
    connection,
    { object: 'ContactPointTypeConsent', key },
    known.map((consent) => fieldsOf(pointTypes, consent, parties.value)),
  );
  if (written.result !== 'done') return written;
  const outcomes = new Map(known.map((consent, n) => [consent, written.value[n]!]));
  return done(consents.map((consent) => settled(outcomes.get(consent) ?? parties.value.get(consent.contact) ?? gone)));
}

const gone: Outcome<never> = { result: 'never', why: 'the contact is not in the org any more' };

const settled = (outcome: Outcome<unknown>): Outcome<void> => (outcome.result === 'done' ? done(undefined) : outcome);

/** Object Reference, ContactPointTypeConsent. Name is 255 characters long. */
function fieldsOf(pointTypes: PointTypes, consent: ConsentToHold, parties: Parties): Record<string, unknown> {
  const party = parties.get(consent.contact);
  const type = pointTypes[consent.channel] ?? 'Social';
  const since = consent.since.toISOString();
  return {
    [key]: consent.key,
    Name: cut(`${consent.purpose}, ${consent.channel === '*' ? 'all channels' : consent.channel}`, 255),
    PartyId: party?.result === 'done' ? party.value : null,
    ContactPointType: type,
    CaptureContactPointType: type,
    PrivacyConsentStatus: statuses[consent.state],
    CaptureDate: since,
    CaptureSource: `Passerelle: ${consent.source}`,
    EffectiveFrom: since,
    EffectiveTo: null,
  };
}

const personRow = z.object({
  Id: z.string(),
  IndividualId: z.string().nullish(),
  FirstName: z.string().nullish(),
  LastName: z.string().nullish(),
});
type Person = z.infer<typeof personRow> & { object: 'Contact' | 'Lead' };

async function partiesOf(connection: Connection, consents: readonly ConsentToHold[]): Promise<Outcome<Parties>> {
  const people = await readPeople(connection, [...new Set(consents.map(({ contact }) => contact))]);
  if (people.result !== 'done') return people;
  const parties = new Map<ContactId, Outcome<string>>();
  for (const { Id, IndividualId } of people.value) if (IndividualId) parties.set(Id as ContactId, done(IndividualId));
  const without = people.value.filter(({ IndividualId }) => !IndividualId);
  const made = await makeIndividuals(connection, without);
  if (made.result !== 'done') return made;
  for (const [n, { Id }] of without.entries()) parties.set(Id as ContactId, made.value[n]!);
  return done(parties);
}

async function readPeople(connection: Connection, contacts: readonly ContactId[]): Promise<Outcome<Person[]>> {
  const lists = (['Contact', 'Lead'] as const)
    .map((object) => ({ object, ids: contacts.filter((id) => id.startsWith(object === 'Lead' ? '00Q' : '003')) }))
    .filter(({ ids }) => ids.length > 0);
  const queries = lists.map(
    ({ object, ids }) =>
      `SELECT Id, IndividualId, FirstName, LastName FROM ${object} WHERE Id IN (${ids.map((id) => soqlText(id)).join(', ')})`,
  );
  const rows = await queryTogether(connection, queries, personRow);
  if (rows.result !== 'done') return rows;
  return done(lists.flatMap(({ object }, n) => rows.value[n]!.map((row) => ({ ...row, object }))));
}

/** What key the Individual of a contact is made under. */
export const individualKey = (contact: string): string => `contact:${contact}`;

/** One for each, linked with its contact; made twice it is the same one. */
async function makeIndividuals(connection: Connection, people: readonly Person[]): Promise<Outcome<Outcome<string>[]>> {
  const made = await writeMany(
    connection,
    { object: 'Individual', key },
    people.map(({ Id, FirstName, LastName }) => ({
      [key]: individualKey(Id),
      FirstName: FirstName ?? undefined,
      LastName: LastName ?? 'Unknown',
    })),
  );
  if (made.result !== 'done') return made;
  const individuals = made.value.map(
    (each): Outcome<string> =>
      each.result !== 'done' || each.value !== undefined
        ? (each as Outcome<string>)
        : { result: 'later', why: 'Salesforce did not say which individual it made' },
  );
  const linked = await linkPeople(connection, people, individuals);
  if (linked.result !== 'done') return linked;
  return done(individuals.map((each, n) => (linked.value[n]?.result === 'done' ? each : (linked.value[n] ?? each))));
}

/** Of each, in their order; undefined for those without an individual. */
async function linkPeople(
  connection: Connection,
  people: readonly Person[],
  individuals: readonly Outcome<string>[],
): Promise<Outcome<(Outcome<never> | { result: 'done' } | undefined)[]>> {
  const outcomes: (Outcome<never> | { result: 'done' } | undefined)[] = people.map(() => undefined);
  for (const object of ['Contact', 'Lead'] as const) {
    const places = people.flatMap((person, n) =>
      person.object === object && individuals[n]?.result === 'done' ? [n] : [],
    );
    const records = places.map((n) => ({
      id: people[n]!.Id,
      IndividualId: (individuals[n] as { value: string }).value,
    }));
    const written = await writeMany(connection, { object }, records);
    if (written.result !== 'done') return written;
    places.forEach((n, at) => {
      const outcome = written.value[at]!;
      outcomes[n] = outcome.result === 'done' ? { result: 'done' } : outcome;
    });
  }
  return done(outcomes);
}
