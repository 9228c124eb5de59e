import { z } from 'zod';
import type { AccountAddress, AccountId } from '../../domain/ids.ts';
import { Secret } from '../../kit/secret.ts';
import { defaultCountry } from '../shared/default-country.ts';

const secret = (form: RegExp, expected: string) =>
  z
    .string()
    .regex(form, expected)
    .transform((value) => new Secret(value));

/** One bot at Telegram. */
export const telegramAccount = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'only letters, digits, hyphens and underscores: it becomes part of URLs')
    .transform((id) => id as AccountId)
    .describe('Your name for this account. It appears in the webhook URL and in stored rows, so it never changes.'),
  kind: z.literal('telegram').describe('The channel.'),
  helpdesk: z.string().optional().describe('The id of the helpdesk its conversations go to.'),
  crm: z.string().optional().describe('The id of the CRM its history goes to.'),
  defaultCountry,
  botToken: secret(/^\d+:[A-Za-z0-9_-]{20,}$/, 'expected a bot token, like 123456:ABC-DEF…')
    .describe("The bot's token, from @BotFather.")
    .meta({ secret: true }),
  botName: z
    .string()
    .regex(/^@?[A-Za-z]\w{3,31}$/, 'expected the name of a bot, like AcmeBot')
    .transform((name) => name.replace(/^@/, ''))
    .optional()
    .describe("The bot's username, like AcmeBot. Only needed for signed links (t.me)."),
  secretToken: secret(/^[A-Za-z0-9_-]{1,256}$/, 'only letters, digits, hyphens and underscores, at most 256')
    .describe('Any text of your own, long and random; Telegram sends it along with every webhook.')
    .meta({ secret: true }),
  apiUrl: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .default('https://api.telegram.org')
    .describe("Where the Bot API is; a simulator's address in the sandbox."),
});

export type TelegramAccount = z.output<typeof telegramAccount>;

/** The bot's own id, which its token begins with. Updates do not name the bot they are for. */
export const addressOf = ({ botToken }: TelegramAccount): AccountAddress =>
  botToken.reveal().split(':', 1)[0] as AccountAddress;
