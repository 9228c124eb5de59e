import { z } from 'zod';
import type { AccountAddress } from '../../domain/ids.ts';
import { apiFields, commonFields, platformId, secret, sendsWithin } from '../shared/graph/account-fields.ts';

const logins = ['instagram', 'facebook'] as const;
type Login = (typeof logins)[number];

/** One Instagram professional account. */
export const instagramAccount = z.strictObject({
  ...commonFields('instagram'),
  accountId: platformId("The professional account's id as webhooks name it (17841…): `user_id` of GET /me."),
  userName: z
    .string()
    .regex(/^@?[\w.]{1,30}$/, 'expected the name of an account, like acme')
    .transform((name) => name.replace(/^@/, ''))
    .optional()
    .describe("The account's name, like acme. Only needed for signed links (ig.me)."),
  token: secret(
    'Login by Instagram: a long-lived user token, renewed while it lives. By Facebook: the token of the page.',
  ),
  ...apiFields,
  actsWithin: sendsWithin,
  apiUrl: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional()
    .describe(
      "Where Meta's API is: by default https://graph.instagram.com, or https://graph.facebook.com where login is facebook; a simulator's address in the sandbox.",
    ),
  login: z
    .enum(logins)
    .optional()
    .describe(
      'How the account was connected. By default facebook where apiUrl is that of graph.facebook.com, else instagram.',
    ),
  otherAppSecret: secret('')
    .optional()
    .describe(
      'A second secret that webhooks may be signed with: an app with Instagram Login has an Instagram app secret beside its own.',
    ),
  humanAgent: z
    .boolean()
    .default(false)
    .describe("Whether Meta has granted the app the feature Human Agent: agents' answers up to 7 days later."),
});

export type InstagramAccount = z.output<typeof instagramAccount>;

export const addressOf = (account: InstagramAccount): AccountAddress => account.accountId as AccountAddress;

const hosts: Record<Login, string> = {
  instagram: 'https://graph.instagram.com',
  facebook: 'https://graph.facebook.com',
};

export const loginOf = ({ login, apiUrl }: Pick<InstagramAccount, 'login' | 'apiUrl'>): Login =>
  login ?? (apiUrl === hosts.facebook ? 'facebook' : 'instagram');

export const apiUrlOf = (account: InstagramAccount): string => account.apiUrl ?? hosts[loginOf(account)];
