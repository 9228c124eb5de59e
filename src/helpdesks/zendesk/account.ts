import { z } from 'zod';
import { seconds } from '../../domain/duration.ts';
import type { AccountId } from '../../domain/ids.ts';
import { actsWithin } from '../../kit/acts-within.ts';
import { Secret } from '../../kit/secret.ts';

const filled = () => z.string().trim().min(1);
const secret = () => filled().transform((value) => new Secret(value));

const fields = z.strictObject({
  id: filled()
    .transform((id) => id as AccountId)
    .describe('Names this helpdesk in channel settings, URLs and rows; never changes.'),
  kind: z.literal('zendesk').describe('The helpdesk these settings are for: always zendesk.'),
  url: z
    .string()
    .transform((url) => url.trim().replace(/\/+$/, ''))
    .refine(isOrigin, 'must be the address of the Zendesk alone, such as https://acme.zendesk.com')
    .describe('Where the Zendesk is, without a path: https://acme.zendesk.com.'),
  clientId: filled()
    .optional()
    .describe('Unique identifier of a confidential OAuth client (Admin Center, Apps and integrations, APIs).'),
  clientSecret: secret().optional().describe('Secret of that OAuth client.'),
  accessToken: secret().optional().describe('A fixed OAuth access token, instead of clientId and clientSecret.'),
  email: filled().optional().describe('With apiToken: the e-mail of the agent the token acts for.'),
  apiToken: secret().optional().describe('An API token, with email. Zendesk stops these on 30 April 2027.'),
  requestsPerMinute: z
    .int()
    .min(1)
    .optional()
    .describe('Calls a minute this service may make; else what Zendesk says that the plan takes.'),
  ticketUpdatesPerMinute: z
    .int()
    .min(1)
    .default(100)
    .describe('Updates of tickets a minute: 100, or 300 with the add-on High Volume API.'),
  actsWithin: actsWithin(seconds(30), { thing: 'a comment', answersWithin: '15 s' }),
  answerUntilField: z
    .union([z.string().regex(/^\d{1,20}$/), z.int().min(1)], { error: 'expected the id of a ticket field, digits' })
    .transform(String)
    .optional()
    .describe(
      'Id of a text field of tickets that is to say until when an agent may answer the customer. `passerelle provision` makes one and tells its id.',
    ),
  appSecret: z
    .string()
    .trim()
    .min(32, 'must have 32 characters or more: whoever has it reads customers’ data')
    .transform((value) => new Secret(value))
    .optional()
    .describe(
      'Shared with the app beside the ticket: the setting of the same name in Zendesk. 32 random characters or more. Without it the app is refused.',
    ),
  mode: z
    .enum(['tickets', 'channel'])
    .default('tickets')
    .describe(
      'How chats come to Zendesk: tickets, as tickets and comments of the API; or channel, by the Channel framework, which has no limit of ticket updates.',
    ),
  channelSecret: secret()
    .refine((value) => value.reveal().length >= 32, 'expected at least 32 characters (openssl rand -hex 32)')
    .optional()
    .describe(
      'With mode channel: what the addresses that Zendesk calls are made of. At least 32 characters; another one needs the app to be installed again.',
    ),
  pushClientId: filled()
    .max(128)
    .optional()
    .describe('With mode channel: unique identifier of an OAuth client of Zendesk, whose token pushes.'),
  integrationName: filled()
    .max(255)
    .default('Passerelle')
    .describe('With mode channel: what the integration is called in Zendesk.'),
  webhookSecret: secret()
    .optional()
    .describe(
      'Signing secret of the Zendesk webhook that calls this service back; `passerelle provision` fetches it. Without it callbacks are refused, and replies go out up to two minutes later.',
    ),
});

/** One connected Zendesk. Exactly one way to log in is given; `loginOf` tells which. */
export type ZendeskAccount = z.output<typeof fields>;

export const zendeskAccount: z.ZodType<ZendeskAccount> = fields.superRefine((account, context) => {
  const mistake = loginMistake(account);
  if (mistake) context.addIssue({ code: 'custom', message: mistake });
  if (account.mode === 'channel')
    for (const name of ['channelSecret', 'pushClientId'] as const)
      if (!account[name]) context.addIssue({ code: 'custom', path: [name], message: 'is needed with mode: channel' });
});

export type Login =
  | { by: 'client-credentials'; clientId: string; clientSecret: Secret }
  | { by: 'access-token'; accessToken: Secret }
  | { by: 'api-token'; email: string; apiToken: Secret };

/** How this account logs in. */
export function loginOf(account: ZendeskAccount): Login {
  const { clientId, clientSecret, accessToken, email, apiToken } = account;
  if (clientId && clientSecret) return { by: 'client-credentials', clientId, clientSecret };
  if (accessToken) return { by: 'access-token', accessToken };
  if (email && apiToken) return { by: 'api-token', email, apiToken };
  throw new Error('a Zendesk account without a login passed its schema');
}

const logins = 'clientId with clientSecret, or accessToken, or email with apiToken';

function loginMistake(account: ZendeskAccount): string | undefined {
  const { clientId, clientSecret, accessToken, email, apiToken } = account;
  const begun = [clientId || clientSecret, accessToken, email || apiToken].filter(Boolean).length;
  if (begun === 0) return `no way to log in: give ${logins}`;
  if (begun > 1) return `more than one way to log in: give only one of ${logins}`;
  if (Boolean(clientId) !== Boolean(clientSecret)) return 'clientId and clientSecret belong together: one is missing';
  if (Boolean(email) !== Boolean(apiToken)) return 'email and apiToken belong together: one is missing';
  return undefined;
}

function isOrigin(url: string): boolean {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  return parsed !== undefined && /^https?:$/.test(parsed.protocol) && parsed.origin === url.toLowerCase();
}
