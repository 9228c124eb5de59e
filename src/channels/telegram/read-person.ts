import type { Profile } from '../../domain/person.ts';
import { asId, asRecord, asText, defined, type JsonRecord } from '../shared/json.ts';

/** What an update itself tells of who sent it. A number only from a contact that is the sender's own. */
export function profileOf(from: JsonRecord | undefined, message?: JsonRecord): { profile?: Profile } {
  const firstName = asText(from?.['first_name']);
  const lastName = asText(from?.['last_name']);
  const joined = [firstName, lastName].filter((name) => name !== undefined).join(' ');
  const profile: Profile = defined({
    name: joined === '' ? asText(from?.['username']) : joined,
    firstName,
    lastName,
    locale: asText(from?.['language_code']),
    phone: ownNumber(from, message),
  });
  return Object.keys(profile).length > 0 ? { profile } : {};
}

/** Anybody's contact can be sent along; Telegram vouches for the number only where it belongs to the sender. */
function ownNumber(from: JsonRecord | undefined, message: JsonRecord | undefined): string | undefined {
  const contact = asRecord(message?.['contact']);
  const owner = asId(contact?.['user_id']);
  const digits = asText(contact?.['phone_number'])?.replace(/\D/g, '');
  return owner !== undefined && owner === asId(from?.['id']) && digits ? `+${digits}` : undefined;
}
