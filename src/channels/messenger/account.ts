import { z } from 'zod';
import type { AccountAddress, AccountId } from '../../domain/ids.ts';
import { Secret } from '../../kit/secret.ts';
import type { GraphAccess } from '../shared/graph/client.ts';

const platformId = (help: string) =>
  z
    .union([z.string().regex(/^\S+$/), z.int()], {
      error: 'expected an id; one of more than 15 digits must be written in quotes',
    })
    .transform(String)
    .describe(help);

const secret = (help: string) =>
  z
    .string()
    .min(1)
    .transform((value) => new Secret(value))
    .describe(help)
    .meta({ secret: true });

/** One Facebook Page connected through one Meta app. */
export const messengerAccount = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'only letters, digits, hyphens and underscores: it becomes part of URLs')
    .transform((id) => id as AccountId)
    .describe('Your name for this account. It appears in the webhook URL and in stored rows, so it never changes.'),
  kind: z.literal('messenger').describe('The channel.'),
  helpdesk: z.string().optional().describe('The id of the helpdesk its conversations go to.'),
  crm: z.string().optional().describe('The id of the CRM its history goes to.'),
  pageId: platformId("The Facebook Page's id: Page settings, About, Page transparency."),
  appId: platformId("The Meta app's id: App Dashboard, App settings, Basic."),
  pageToken: secret('A page access token that does not expire, made for a system user of the business.'),
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
  humanAgent: z
    .boolean()
    .default(false)
    .describe("Whether Meta has granted the app the feature Human Agent: agents' answers up to 7 days later."),
});

export type MessengerAccount = z.output<typeof messengerAccount>;

export const addressOf = (account: MessengerAccount): AccountAddress => account.pageId as AccountAddress;

export const accessOf = (account: MessengerAccount): GraphAccess => ({
  apiUrl: account.apiUrl,
  apiVersion: account.apiVersion,
  token: account.pageToken,
  appSecret: account.appSecret,
});
