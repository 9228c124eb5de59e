import { z } from 'zod';
import type { AccountId } from '../../domain/ids.ts';
import { checkLogin, loginFields } from '../../salesforce/login.ts';
import { consentSettings } from './consent-settings.ts';

const fields = z.strictObject({
  id: z
    .string()
    .min(1)
    .transform((id) => id as AccountId)
    .describe('Names this Salesforce org. Stored in rows, so it never changes.'),
  kind: z.literal('salesforce').describe('Always "salesforce".'),
  ...loginFields,
  consent: consentSettings.optional().describe('Consents that are kept in the org. Without it: none.'),
});

/** Checks one `crms[]` entry of kind salesforce. */
export const salesforceAccount = fields.check(checkLogin);

export type SalesforceAccount = z.infer<typeof salesforceAccount>;
