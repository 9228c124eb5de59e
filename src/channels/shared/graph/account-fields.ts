import { z } from 'zod';
import { seconds } from '../../../domain/duration.ts';
import type { AccountId } from '../../../domain/ids.ts';
import { actsWithin } from '../../../kit/acts-within.ts';
import { Secret } from '../../../kit/secret.ts';
import { defaultCountry } from '../default-country.ts';

/** Fields that the accounts of all of Meta's channels have, or are made of. */

export const platformId = (help: string) =>
  z
    .union([z.string().regex(/^\S+$/), z.int()], {
      error: 'expected an id; one of more than 15 digits must be written in quotes',
    })
    .transform(String)
    .describe(help);

export const secret = (help: string) =>
  z
    .string()
    .min(1)
    .transform((value) => new Secret(value))
    .describe(help)
    .meta({ secret: true });

export const commonFields = <Kind extends string>(kind: Kind) => ({
  id: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'only letters, digits, hyphens and underscores: it becomes part of URLs')
    .transform((id) => id as AccountId)
    .describe('Your name for this account. It appears in the webhook URL and in stored rows, so it never changes.'),
  kind: z.literal(kind).describe('The channel.'),
  helpdesk: z.string().optional().describe('The id of the helpdesk its conversations go to.'),
  crm: z.string().optional().describe('The id of the CRM its history goes to.'),
  defaultCountry,
});

export const apiFields = {
  appSecret: secret('The app secret: App Dashboard, App settings, Basic. It signs webhooks.'),
  verifyToken: secret('Any text of your own; enter the same where the callback URL is set in the App Dashboard.'),
  apiUrl: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .default('https://graph.facebook.com')
    .describe("Where Meta's Graph API is; a simulator's address in the sandbox."),
  apiVersion: z
    .string()
    .regex(/^v\d+\.\d+$/, 'expected a version like v26.0')
    .default('v26.0')
    .describe('Version of the Graph API. Meta retires each about two years after it appeared.'),
};

/** Where the platform can be asked what was sent. */
export const sendsWithin = actsWithin(seconds(30), { thing: 'a message', answersWithin: '15 s' });
