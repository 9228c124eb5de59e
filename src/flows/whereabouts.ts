import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { bestFact } from '../domain/fact.ts';
import type { Whereabouts } from '../domain/quiet-hours.ts';
import type { Conversation } from '../store/conversations.ts';
import type { ConnectedChannel } from './world.ts';

type Customer = Conversation['customer'];

const phoneOf = ({ facts }: Customer): string | undefined => bestFact(facts, 'phone', 'platform')?.value;

/** What tells where a customer is. The shop or the platform may name the zone itself: the attribute `timeZone`. */
export const whereabouts = ({ account }: ConnectedChannel, customer: Customer): Whereabouts => ({
  zones: [customer.attributes['timeZone']],
  phone: phoneOf(customer),
  country: account.defaultCountry,
});

/** The country a customer is in (ISO 3166), as far as is known: what the shop said, that of their phone, that of the account. */
export function countryOf({ account }: ConnectedChannel, customer: Customer): string | undefined {
  const told = customer.attributes['country'];
  if (told && /^[A-Za-z]{2}$/.test(told)) return told.toUpperCase();
  const phone = phoneOf(customer);
  const dialled = phone === undefined ? undefined : parsePhoneNumberFromString(phone)?.country;
  return dialled ?? account.defaultCountry?.toUpperCase();
}
