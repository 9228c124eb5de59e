import { z } from 'zod';
import type { AccountAddress } from '../../domain/ids.ts';
import { apiFields, commonFields, platformId, secret, sendsWithin } from '../shared/graph/account-fields.ts';
import type { GraphAccess } from '../shared/graph/client.ts';
import { pageProfile } from './page-profile-schema.ts';

/** One Facebook Page connected through one Meta app. */
export const messengerAccount = z.strictObject({
  ...commonFields('messenger'),
  pageId: platformId("The Facebook Page's id: Page settings, About, Page transparency."),
  appId: platformId("The Meta app's id: App Dashboard, App settings, Basic."),
  pageToken: secret('A page access token that does not expire, made for a system user of the business.'),
  ...apiFields,
  actsWithin: sendsWithin,
  humanAgent: z
    .boolean()
    .default(false)
    .describe("Whether Meta has granted the app the feature Human Agent: agents' answers up to 7 days later."),
  pageProfile: pageProfile
    .optional()
    .describe(
      'What the page shows around its conversations. `passerelle provision` sets it; what is left out here stays.',
    ),
});

export type MessengerAccount = z.output<typeof messengerAccount>;

export const addressOf = (account: MessengerAccount): AccountAddress => account.pageId as AccountAddress;

export const accessOf = (account: MessengerAccount) =>
  ({
    apiUrl: account.apiUrl,
    apiVersion: account.apiVersion,
    token: account.pageToken,
    appSecret: account.appSecret,
  }) satisfies GraphAccess;
