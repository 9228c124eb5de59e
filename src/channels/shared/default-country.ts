import { isSupportedCountry } from 'libphonenumber-js';
import { z } from 'zod';

/** Every account has it: a phone number that a customer writes is mostly written as it is dialled at home. */
export const defaultCountry = z
  .string()
  .transform((code) => code.toUpperCase())
  .refine((code) => isSupportedCountry(code), 'expected a country in two letters, such as NO, DE or US')
  .optional()
  .describe(
    'Where its customers are, in two letters (ISO 3166): phone numbers they write without a country code are read as dialled there. Without it only numbers that begin with + or 00 are recognised.',
  );
