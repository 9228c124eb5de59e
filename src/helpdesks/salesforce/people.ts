import { z } from 'zod';
import { minutes } from '../../domain/duration.ts';
import type { ContactId, PersonId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Clock } from '../../kit/clock.ts';
import { type Connection, query } from '../../salesforce/connection.ts';
import { soqlText } from '../../salesforce/soql.ts';
import { fieldOrNone, type SalesforceDesk } from './account.ts';

export interface SoughtPerson {
  externalId: string;
  /** Who they are in the CRM of the same org; `none`: somebody said that they are no Contact there. */
  contact?: ContactId | 'none';
}

/** Customers as Cases name them: a Contact where one is known, else our own key, which stands for what the Case says of them. */
export interface People {
  /** `refused`: Contacts of which a person said that they are somebody else. */
  ensure(person: SoughtPerson, known?: PersonId, refused?: readonly PersonId[]): Promise<Outcome<PersonId>>;
  /** The Contact's id, if this person is one that was not found gone. */
  contactOf(person: PersonId): string | undefined;
  /** It is no more: sought again at the next `ensure`. */
  forget(person: PersonId): void;
}

/** A customer without a Contact is looked for again after this time: somebody may have made one. */
const lookAgain = minutes(10);

export function makePeople(desk: SalesforceDesk, connection: Connection, clock: Clock): People {
  const gone = new Set<string>();
  const soughtAt = new Map<string, number>();
  const contactOf = (person: PersonId) => (isContact(person) && !gone.has(person) ? person : undefined);

  const sought = async (externalId: string, refused: readonly PersonId[]): Promise<Outcome<PersonId>> => {
    const now = clock.now().getTime();
    if (now - (soughtAt.get(externalId) ?? 0) < lookAgain) return done(externalId as PersonId);
    const found = await contactByKey(desk, connection, externalId);
    if (found.result !== 'done') return found;
    if (soughtAt.size > 10_000) soughtAt.clear();
    const contact = refused.includes(found.value as PersonId) ? undefined : found.value;
    if (!contact) soughtAt.set(externalId, now);
    return done((contact ?? externalId) as PersonId);
  };

  return {
    contactOf,
    forget: (person) => void gone.add(person),
    ensure: async ({ externalId, contact }, known, refused = []) => {
      if (contact === 'none') return done(externalId as PersonId);
      for (const person of [contact as string as PersonId | undefined, known])
        if (person && contactOf(person) && !refused.includes(person)) return done(person);
      return sought(externalId, refused);
    },
  };
}

/** Contact ids begin with 003. */
const isContact = (person: string): boolean => /^003\w{12}(\w{3})?$/.test(person);

/** Nobody is guessed: a key that several have is nobody's. */
async function contactByKey(
  desk: SalesforceDesk,
  connection: Connection,
  externalId: string,
): Promise<Outcome<string | undefined>> {
  const field = fieldOrNone(desk.contactKeyField);
  const key = soqlText(externalId);
  if (!field || !key) return done(undefined);
  const soql = `SELECT Id FROM Contact WHERE ${field} = ${key} LIMIT 2`;
  const rows = await query(connection, soql, z.object({ Id: z.string() }));
  if (rows.result !== 'done') return rows;
  return done(rows.value.length === 1 ? rows.value[0]!.Id : undefined);
}
