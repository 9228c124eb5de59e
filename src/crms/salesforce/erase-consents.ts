import { done, type Outcome } from '../../domain/outcome.ts';
import type { Connection } from '../../salesforce/connection.ts';
import { eraseRecord } from './erase.ts';
import { consentKeyField } from './held-consents.ts';
import { individualKey } from './write-consents.ts';

/** Consents we wrote, by their keys, and individuals we made, by their contacts. One that was there before has no key of ours. */
export async function eraseConsents(
  connection: Connection,
  keys: readonly string[],
  contacts: readonly string[],
): Promise<Outcome<void>> {
  const records = [
    ...keys.map((value) => ({ object: 'ContactPointTypeConsent', value })),
    ...contacts.map((contact) => ({ object: 'Individual', value: individualKey(contact) })),
  ];
  for (const { object, value } of records) {
    const erased = await eraseRecord(connection, { object, key: { field: consentKeyField, value } });
    if (erased.result !== 'done') return erased;
  }
  return done(undefined);
}
