import { parsePhoneNumberFromString } from 'libphonenumber-js';
import type { Part } from '../domain/part.ts';
import type { Profile } from '../domain/person.ts';

const email = /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/;

/**
 * What a customer told about themselves by tapping a quick reply that the platform filled with their own e-mail or
 * phone. What is typed as text is not read here.
 */
export function toldAboutThemselves(parts: readonly Part[]): Profile {
  const facts: Profile = {};
  for (const part of parts) {
    if (part.type !== 'button' || !part.payload) continue;
    if (email.test(part.payload)) facts.email = part.payload.toLowerCase();
    const phone = part.payload.startsWith('+') ? parsePhoneNumberFromString(part.payload) : undefined;
    if (phone?.isValid()) facts.phone = phone.number;
  }
  return facts;
}
