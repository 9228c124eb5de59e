import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';

export const isCountry = (code: string): boolean => isSupportedCountry(code);

/**
 * A phone number in E.164 (`+4791234567`), the form in which numbers are kept and compared; undefined for what is none.
 * One without `+` is read as dialled in `country` (ISO 3166, two letters), if that is known.
 */
export function phoneNumber(text: string, country?: string): string | undefined {
  const given = text.trim().replace(/^00(?=[1-9])/, '+');
  const home = country !== undefined && isSupportedCountry(country) ? (country as CountryCode) : undefined;
  if (!given.startsWith('+') && home === undefined) return undefined;
  const parsed = parsePhoneNumberFromString(given, { ...(home && { defaultCountry: home }), extract: false });
  return parsed?.isValid() && parsed.ext === undefined ? parsed.number : undefined;
}
