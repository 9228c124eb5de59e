import { z } from 'zod';
import type { AccountAddress, AccountId } from '../../domain/ids.ts';
import { Secret } from '../../kit/secret.ts';
import { defaultCountry } from '../shared/default-country.ts';

const secret = (help: string) =>
  z
    .string()
    .min(1)
    .transform((value) => new Secret(value))
    .describe(help)
    .meta({ secret: true });

const host = (standard: string, help: string) =>
  z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .default(standard)
    .describe(help);

/** One LINE Official Account, connected through a Messaging API channel. */
export const lineAccount = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'only letters, digits, hyphens and underscores: it becomes part of URLs')
    .transform((id) => id as AccountId)
    .describe('Your name for this account. It appears in the webhook URL and in stored rows, so it never changes.'),
  kind: z.literal('line').describe('The channel.'),
  helpdesk: z.string().optional().describe('The id of the helpdesk its conversations go to.'),
  crm: z.string().optional().describe('The id of the CRM its history goes to.'),
  defaultCountry,
  channelSecret: secret('The channel secret: LINE Developers Console, Basic settings. It signs webhooks.'),
  channelAccessToken: secret(
    'A long-lived channel access token: LINE Developers Console, Messaging API, at the end of the page.',
  ),
  botUserId: z
    .string()
    .regex(/^U[0-9a-f]{32}$/, 'expected U and 32 digits or letters a to f, as Your user ID in the Console')
    .optional()
    .describe(
      "The bot's own user id. Only needed where one channel serves several bots (module channels): then events for another bot are kept, not acted upon.",
    ),
  basicId: z
    .string()
    .regex(/^@[\w.-]+$/, 'expected a basic id, like "@123abcde", in quotes')
    .optional()
    .describe(
      'The basic or premium id, like "@123abcde", in quotes: LINE Official Account Manager, next to the name. Only needed for signed links.',
    ),
  groupAnswer: z
    .string()
    .min(1)
    .max(5000)
    .default('Thank you for the invitation. This account answers in one-to-one chats only: please write to it there.')
    .describe('What is said in a group or room, once, before the account leaves it.'),
  apiUrl: host('https://api.line.me', "Where LINE's Messaging API is; a simulator's address in the sandbox."),
  dataApiUrl: host('https://api-data.line.me', "Where customers' files are; a simulator's address in the sandbox."),
  stickerUrl: host(
    'https://stickershop.line-scdn.net',
    "Where pictures of stickers are: LINE's shop shows them from there, but promises nobody that it stays so.",
  ),
});

export type LineAccount = z.output<typeof lineAccount>;

/** Events carry the bot's user id, which few know; without it the account's own id stands in, for the secret proves the account. */
export const addressOf = (account: LineAccount): AccountAddress =>
  (account.botUserId ?? account.id) as string as AccountAddress;
